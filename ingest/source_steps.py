"""What the sources hold beside what the library holds: a step for each article.

Nothing is deleted because something was away: a source, a folder in it, or the drive that it lies on.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from index_store.article import Article
from index_store.errors import FootnoteError
from index_store.passage_store import ArticleSummary
from ingest.articles_aside import ArticleAside
from ingest.errors import FetchFailed, SourceMissing, SourceUnread
from ingest.folder_source import FoundArticle, Source
from ingest.sync_plan import Drives, Step

_logger = logging.getLogger(__name__)


class SourceSteps:
    """Compares sources with a library, of which `known` are the articles. Reads files, changes nothing."""

    def __init__(
        self,
        known: Sequence[ArticleSummary],
        put_aside: Callable[[Article], ArticleAside],
        *,
        pipeline: str,
        drives: Drives,
    ) -> None:
        """`pipeline` names how articles are read and split now; `drives` are those of the last sync."""
        self._known = {row.key: row for row in known}
        self._put_aside = put_aside
        self._pipeline = pipeline
        self._before = drives
        self.drives: dict[str, Mapping[str, str]] = {}
        """The drives that the sources were found on, as far as they have been looked at."""

    def of(self, sources: Sequence[Source]) -> Iterator[Step]:
        """The steps of one source after the other. Sources with one id are one source, looked at once.

        A source that is not there, or cannot be read now, is one skipped step: its articles stay.
        """
        for source in {source.id: source for source in sources}.values():
            seen: set[str] = set()
            hidden: list[str] = []
            try:
                for found in source.scan():
                    if found.below is not None:
                        hidden.append(found.below)
                    step = self._look_at(source, found)
                    if step.key not in seen:
                        seen.add(step.key)
                        yield step
            except (SourceMissing, SourceUnread, FetchFailed) as error:
                yield Step("skip", source.id, "", why=str(error))
                continue
            for step, below in self._away(source, seen):
                hidden.append(below)
                yield step
            if not source.is_complete:
                continue
            for key, row in self._known.items():
                if row.source == source.id and key not in seen and not row.path.startswith(tuple(hidden)):
                    yield Step("delete", row.source, row.path)

    def unlisted(self, listed: AbstractSet[str]) -> Iterator[Step]:
        """A deletion for each article of a source that is not among those `listed`, by their ids."""
        for row in self._known.values():
            if row.source not in listed:
                yield Step("delete", row.source, row.path)

    def _away(self, source: Source, seen: AbstractSet[str]) -> Iterator[tuple[Step, str]]:
        """For each drive that is not there now a skipped step, and what the paths on it begin with.

        So it looks when a drive is not connected: its folder is there, empty, and another one than before.
        """
        drives = dict(source.drives)
        for folder, mark in self._before.get(source.id, {}).items():
            below = f"{folder}/" if folder else ""
            start = f"{source.id}\n{below}"
            lost = sum(row.path.startswith(below) for row in self._known.values() if row.source == source.id)
            if drives.get(folder) == mark or not lost or any(key.startswith(start) for key in seen):
                continue
            drives[folder] = mark
            where = folder or f"source {source.id}"
            why = (
                f"{where}: it is empty, and not the folder that it was at the last sync, as when a drive is "
                f"not connected; its articles stay (so many: {lost}); connect it, or remove the source"
            )
            yield Step("skip", source.id, folder, why=why), below
        self.drives[source.id] = drives

    def _look_at(self, source: Source, found: FoundArticle) -> Step:
        path = found.path
        before = self._known.get(f"{source.id}\n{path}")
        if found.is_gone and before is not None:
            return Step("delete", source.id, path, why=f"{path}: {found.why_not}")
        if found.why_not:
            return Step("skip", source.id, path, why=f"{path}: {found.why_not}")
        if before is not None and (before.pipeline != self._pipeline or not before.content_hash):
            before = replace(before, content_hash="", fingerprint=None)
        # Taken before the file is read: if it changes in between, the next sync sees that.
        mark = source.fingerprint(found)
        if before is not None and mark is not None and before.fingerprint == mark:
            return Step("keep", source.id, path)
        try:
            article = source.read(found)
        except FootnoteError as error:
            _logger.warning("skipped: %s", error)
            return Step("skip", source.id, path, why=str(error))
        if before is None:
            return Step("add", source.id, path, article=self._put_aside(article), fingerprint=mark)
        if before.content_hash == article.content_hash:
            return Step("keep", source.id, path, fingerprint=mark)
        return Step("change", source.id, path, article=self._put_aside(article), fingerprint=mark)
