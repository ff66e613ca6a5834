"""Whether the library still holds the words that an answer once quoted."""

import logging
from collections.abc import Callable
from typing import Literal, Protocol

from assistant.answer import Citation
from index_store.errors import FootnoteError
from index_store.passage_store import ArticleSummary, StoredArticle

QuoteState = Literal["held", "changed", "removed", "unknown"]
"""The words stand in the article; they do not any more; there is no such article; it could not be learned."""

_logger = logging.getLogger(__name__)


class KnowsArticles(Protocol):
    """The part of a PassageStore that is needed here."""

    def articles(self) -> list[ArticleSummary]:
        """All articles."""
        ...

    def article(self, key: str) -> StoredArticle | None:
        """One article whole, or None."""
        ...


class QuoteCheck:
    """Looks quotes up in the library, one when its footnote is opened."""

    def __init__(self, store: Callable[[], KnowsArticles]) -> None:
        """`store` gives what holds the articles now; it may raise FootnoteError."""
        self._store = store

    def state(self, citation: Citation) -> QuoteState:
        """What has become of a citation's words. Raises nothing.

        A citation names no source: where several hold an article of its path, one with the words is enough.
        """
        try:
            store = self._store()
            rows = [row for row in store.articles() if citation.article in (row.path, row.key)]
            found = [article for row in rows if (article := store.article(row.key)) is not None]
        except FootnoteError as error:
            _logger.warning("footnote not checked: %s", error)
            return "unknown"
        if not found:
            return "removed"
        words = citation.quote or citation.passage
        return "held" if any(words in one.article.text for one in found) else "changed"
