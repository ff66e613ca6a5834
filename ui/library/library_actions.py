"""What the Library page shows and does, without a word of HTTP. What it shows has been through the net."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from index_store.errors import FootnoteError, UsageError
from ingest.documents.mailbox_file import mailbox_of
from ui.desk import Desk
from ui.library.article_list import ArticleList
from ui.library.article_page import article_html
from ui.library.article_rows import ArticleRow, article_rows
from ui.library.article_table import rows_html, source_options, table_html
from ui.library.library_page import (
    empty_html,
    line_html,
    problem_html,
    runs_html,
    sources_html,
)
from ui.library.library_sources import LibrarySources, ListedSource
from ui.library.preview_html import preview_html
from ui.library.source_preview import SourcePreview
from ui.library.sync_runner import SyncRunner
from ui.library.sync_runs import SyncRuns
from ui.library.sync_schedule import SyncSchedule
from ui.library.uploads import Uploads
from ui.local_time import local_now
from ui.markup import Html
from ui.markup_net import netted

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LibraryParts:
    """What the Library page is wired from."""

    desk: Desk
    articles: ArticleList
    runner: SyncRunner
    runs: SyncRuns
    schedule: SyncSchedule
    sources: LibrarySources
    uploads: Uploads
    preview: SourcePreview
    log_file: Path
    account: str | None = None
    """Of the person whose page it is, where there are accounts."""


class LibraryActions:
    """The page's actions. Those that change something raise FootnoteError; those that show never do."""

    def __init__(self, parts: LibraryParts, *, now: Callable[[], datetime] = local_now) -> None:
        """`now` tells the time in the zone in which the page shows times."""
        self._parts = parts
        self._now = now

    @property
    def uploads(self) -> Uploads:
        """Where uploaded files go."""
        return self._parts.uploads

    def parts(self, *, whole: bool = False) -> dict[str, Html]:
        """All that can change on the page, as HTML by name; `whole` has the table with its head."""
        now = self._now()
        sources, rows, problem = self._look()
        runs = self._parts.runs.listed()
        coming = self._parts.schedule.next_of
        uploads = self._parts.uploads.folder
        return {
            "line": self.line(),
            "problem": netted(problem_html(problem)),
            "sources": netted(sources_html(sources, rows, runs, coming, now, uploads=uploads)),
            "options": netted(source_options(rows)),
            "table" if whole else "rows": table_html(rows, now) if whole else netted(rows_html(rows, now)),
            "empty": netted(empty_html(rows, sources, problem)),
            "runs": netted(runs_html(runs, now)),
        }

    def line(self) -> Html:
        """When the sources were and will be synced, as HTML."""
        schedule, running = self._parts.schedule, self._parts.runner.progress.running
        return netted(line_html(schedule.last, schedule.next, self._now(), running=running))

    def progress(self) -> dict[str, object]:
        """How far the running sync is, as plain values."""
        progress = self._parts.runner.progress
        step = progress.step
        return {
            "running": progress.running or self._parts.runner.is_wanted,
            "done": progress.done,
            "total": progress.total,
            "step": f"{step.action} {step.path}" if step else "",
            "ended": progress.ended,
            "line": self.line(),
        }

    def article(self, source: str, path: str, *, at: int | None = None) -> Html | None:
        """One article's page as HTML, and None where there is none. Raises FootnoteError.

        `at` is the character of its text that a footnote leads to.
        """
        view = self._parts.desk.article(f"{source}\n{path}")
        if view is None:
            return None
        listed = {one.id: one for one in self._sources()}
        known = listed.get(source)
        own = known is not None and known.folder == self._parts.uploads.folder
        upload = mailbox_of(path) if own else None
        return netted(article_html(view, known.name if known else source, upload=upload, at=at))

    def sync(self) -> None:
        """Bring the library up to date, in the background."""
        self._parts.runner.begin(by=self._parts.account)

    def preview(self, place: str) -> Html:
        """What a place would bring, as HTML."""
        return netted(preview_html(self._parts.preview.preview(place)))

    def add(self, place: str) -> None:
        """Take a place into the sources, and sync."""
        self._parts.sources.add(self._parts.preview.listed(place))
        self.sync()

    def remove_source(self, place: str) -> None:
        """List a source no more; its articles go with the next sync."""
        self._parts.sources.remove(place)

    def schedule(self, place: str, hours: str) -> None:
        """Sync a source every so many hours, "0" only by hand, "" as often as all others."""
        try:
            number = float(hours) if hours else None
        except ValueError:
            raise UsageError(f"{hours!r} is no number of hours; load the page again") from None
        self._parts.sources.schedule(place, number)

    def uploaded(self) -> None:
        """Files have come in: make sure that their folder is a source, and sync."""
        folder = self._parts.uploads.folder
        if not folder.is_dir():
            raise UsageError("no file has been uploaded; choose some first")
        self._parts.sources.add(folder.resolve().as_posix())
        self.sync()

    def remove_upload(self, name: str) -> None:
        """Delete an uploaded file, and sync, so that its article goes."""
        self._parts.uploads.remove(name)
        self.sync()

    def _look(self) -> tuple[tuple[ListedSource, ...], tuple[ArticleRow, ...], str | None]:
        """Sources, rows, and what kept them from being learned."""
        sources = self._sources()
        try:
            articles = self._parts.articles.rows()
        except FootnoteError as error:
            return sources, (), str(error)
        except Exception:
            _logger.exception("the library page failed")
            return sources, (), f"Something went wrong; details in the log: {self._parts.log_file}"
        uploads = self._parts.uploads
        rows = article_rows(
            articles, sources, self._parts.runs.listed(), uploads=uploads.folder, uploaded=uploads.names()
        )
        return sources, rows, None

    def _sources(self) -> tuple[ListedSource, ...]:
        try:
            return self._parts.sources.listed()
        except FootnoteError as error:
            _logger.warning("%s", error)
            return ()
