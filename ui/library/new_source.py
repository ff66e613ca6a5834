"""A source that has yet to be read for the first time: that it is refused is heard at once."""

from collections.abc import Callable, Iterator, Mapping

from index_store.article import Article
from ingest.errors import FetchRefused
from ingest.folder_source import FoundArticle, Source


class NewSource:
    """Passes on what a source holds."""

    def __init__(self, source: Source, on_refused: Callable[[str], None]) -> None:
        """`on_refused` hears the source's id when it will not be had another time either."""
        self._source = source
        self._on_refused = on_refused

    @property
    def id(self) -> str:
        """See Source."""
        return self._source.id

    @property
    def is_complete(self) -> bool:
        """See Source."""
        return self._source.is_complete

    @property
    def drives(self) -> Mapping[str, str]:
        """See Source."""
        return self._source.drives

    def scan(self) -> Iterator[FoundArticle]:
        """See Source."""
        try:
            yield from self._source.scan()
        except FetchRefused:
            self._on_refused(self.id)
            raise

    def fingerprint(self, found: FoundArticle) -> str | None:
        """See Source."""
        return self._source.fingerprint(found)

    def read(self, found: FoundArticle) -> Article:
        """See Source."""
        return self._source.read(found)
