"""Whether the library still holds the words that an answer once quoted."""

import logging
from collections.abc import Callable
from typing import Literal, Protocol

from assistant.answer import Citation
from index_store.errors import FootnoteError
from index_store.passage_store import StoredArticle
from ui.library.article_list import ArticleList

QuoteState = Literal["held", "changed", "removed", "unknown"]
"""The words stand in the article; they do not any more; there is no such article; it could not be learned."""

_logger = logging.getLogger(__name__)


class HoldsArticles(Protocol):
    """The part of a PassageStore that is needed here."""

    def article(self, key: str) -> StoredArticle | None:
        """One article whole, or None."""
        ...


class QuoteCheck:
    """Looks quotes up in the library, one when its footnote is opened."""

    def __init__(self, articles: ArticleList, store: Callable[[], HoldsArticles]) -> None:
        """`store` gives what holds the articles now; it may raise FootnoteError."""
        self._articles = articles
        self._store = store

    def state(self, citation: Citation) -> QuoteState:
        """What has become of a citation's words. Raises nothing.

        A citation names no source: where several hold an article of its path, one with the words is enough.
        """
        try:
            store = self._store()
            rows = [row for row in self._articles.rows() if citation.article in (row.path, row.key)]
            found = [article for row in rows if (article := store.article(row.key)) is not None]
        except FootnoteError as error:
            _logger.warning("footnote not checked: %s", error)
            return "unknown"
        if not found:
            return "removed"
        words = citation.quote or citation.passage
        return "held" if any(words in one.article.text for one in found) else "changed"
