"""The rows of the Library page's table: every article, with what is known of its state."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from index_store.passage_store import ArticleSummary
from ingest.documents.mailbox_file import mailbox_of
from ui.desk import SyncStep
from ui.library.library_sources import ListedSource
from ui.library.sync_runs import SyncRun, newest_of

State = Literal["in", "same", "changed", "removed", "leaving", "skipped", "waiting"]
"""In the library as its source has it; the same text as another article, which is searched; changed or
removed there since; source no longer listed; left out by the last sync; not synced yet."""

STATES: dict[State, str] = {
    "in": "in the library",
    "same": "same text as",
    "changed": "changed since",
    "removed": "removed since",
    "leaving": "leaves with the next sync",
    "skipped": "skipped",
    "waiting": "waits for the next sync",
}


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One line of the table.

    `passages` is 0 for what is not in the library (`held` False). `since` is the time in UTC of a change at
    the source; `why` tells the reason of a skip, or
    which article has the same text. `upload` is the file's name where it can be removed.
    """

    source: str
    source_name: str
    path: str
    title: str
    state: State = "in"
    publisher: str | None = None
    published: str | None = None
    passages: int = 0
    held: bool = True
    since: datetime | None = None
    why: str | None = None
    upload: str | None = None


def article_rows(
    articles: Iterable[ArticleSummary],
    sources: Sequence[ListedSource],
    runs: Sequence[SyncRun],
    *,
    uploads: Path,
    uploaded: Iterable[str] = (),
) -> tuple[ArticleRow, ...]:
    """All rows: what the library holds, what the last sync left out, and uploads that no sync has seen.

    `runs` are newest first. What a folder holds is looked at file by file, without reading.
    """
    listed = {source.id: source for source in sources}
    newest = {id: run for id in listed if (run := newest_of(runs, id)) is not None}
    skipped = {
        (step.source, step.path): step
        for id, run in newest.items()
        for step in run.left_out
        if step.source == id
    }
    read = {id: datetime.fromisoformat(run.began) for id, run in newest.items()}
    known = {row.key: row for row in articles}
    rows = [
        _held(row, listed.get(row.source), skipped, read.get(row.source), uploads=uploads, known=known)
        for row in known.values()
    ]
    seen = {(row.source, row.path) for row in rows}
    rows += [
        _left_out(step, listed[step.source], uploads)
        for place, step in skipped.items()
        if step.path and place not in seen and step.source in listed
    ]
    seen |= set(skipped)
    seen |= {(source, mailbox_of(path)) for source, path in seen}
    own = next((source for source in sources if source.folder == uploads), None)
    source = own.id if own else uploads.as_posix()
    rows += [
        ArticleRow(source, "Uploads", name, name, "waiting", held=False, upload=name)
        for name in uploaded
        if (source, name) not in seen
    ]
    return tuple(rows)


def _held(
    row: ArticleSummary,
    source: ListedSource | None,
    skipped: dict[tuple[str, str], SyncStep],
    read: datetime | None,
    *,
    uploads: Path,
    known: Mapping[str, ArticleSummary],
) -> ArticleRow:
    state, since, why = _state(row, source, skipped.get((row.source, row.path)), read)
    searched = known.get(row.duplicate_of or "")
    if state == "in" and searched is not None:
        state, why = "same", searched.title
    return ArticleRow(
        source=row.source,
        source_name=source.name if source else Path(row.source).name or row.source,
        path=row.path,
        title=row.title,
        state=state,
        publisher=row.publisher,
        published=row.published,
        passages=row.passages,
        since=since,
        why=why,
        upload=mailbox_of(row.path) if source is not None and source.folder == uploads else None,
    )


def _state(
    row: ArticleSummary, source: ListedSource | None, skip: SyncStep | None, read: datetime | None
) -> tuple[State, datetime | None, str | None]:
    if source is None:
        return "leaving", None, None
    if source.folder is not None:
        try:
            changed = datetime.fromtimestamp((source.folder / mailbox_of(row.path)).stat().st_mtime, UTC)
        except (OSError, ValueError):
            return ("removed", None, None) if source.folder.is_dir() else ("in", None, None)
        if read is not None and changed > read:
            return "changed", changed, None
    if skip is not None:
        return "skipped", None, reason(skip)
    return "in", None, None


def _left_out(step: SyncStep, source: ListedSource, uploads: Path) -> ArticleRow:
    return ArticleRow(
        source=step.source,
        source_name=source.name,
        path=step.path,
        title=step.path,
        state="skipped",
        held=False,
        why=reason(step),
        upload=mailbox_of(step.path) if source.folder == uploads else None,
    )


def reason(step: SyncStep) -> str:
    """Why a step was skipped, without the name that stands beside it anyway."""
    why = step.why or ""
    for name in (step.path, step.source, f"source {step.source}", f"source {step.source!r}"):
        why = why.removeprefix(f"{name}: ") if name else why
    return why or "no reason was told"
