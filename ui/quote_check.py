"""Whether the library still holds the words that an answer once quoted, and on which page they are read."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from assistant.answer import Citation
from index_store.article import Article
from index_store.errors import FootnoteError
from index_store.passage_store import ArticleSummary, StoredArticle
from ui.library.article_list import ArticleList
from ui.page_links import article_address
from ui.table_text import PlacedTable, read_table

QuoteState = Literal["held", "around", "changed", "removed", "unknown"]
"""What has become of quoted words: they stand in the article, with all of their passage, or with other words
around them; they do not any more; there is no such article; it could not be learned."""

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What has become of a citation's words. Addresses are those of articles' pages in the Library.

    `page` is None where the article is not there any more; `origins` has, by path, the pages of the other
    articles with the same text. `tables` are those that stand in the citation's passage, with their heads
    where these are cut off there; None where they could not be learned.
    """

    state: QuoteState = "held"
    page: str | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    tables: tuple[PlacedTable, ...] | None = None

    @property
    def without_pages(self) -> "Whereabouts":
        """The same for somebody who may not open the Library."""
        return Whereabouts(self.state, tables=self.tables)


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

    def page_of(self, path: str) -> str | None:
        """Where the article of this path is read; None where there is none. Raises nothing.

        Of several, the one that is searched.
        """
        try:
            rows = [row for row in self._articles.rows() if path in (row.path, row.key)]
        except FootnoteError as error:
            _logger.warning("article %s not looked up: %s", path, error)
            return None
        row = min(rows, key=lambda one: one.duplicate_of is not None, default=None)
        return article_address(row.source, row.path) if row else None

    def look(self, citation: Citation) -> Whereabouts:
        """What has become of a citation's words, and where they are read. Raises nothing.

        A citation names no source: where several hold an article of its path, one with the words is enough.
        """
        elsewhere = {one.article for one in citation.origins}
        found: list[tuple[ArticleSummary, StoredArticle]] = []
        origins: dict[str, str] = {}
        try:
            store = self._store()
            for row in self._articles.rows():
                # A reprint may lie under the very path of the article that is searched in its place.
                is_reprint = row.duplicate_of is not None
                if row.path in elsewhere and (is_reprint or row.path != citation.article):
                    origins.setdefault(row.path, article_address(row.source, row.path))
                if citation.article in (row.path, row.key):
                    article = store.article(row.key)
                    found += [(row, article)] if article is not None else []
        except FootnoteError as error:
            _logger.warning("footnote not checked: %s", error)
            return Whereabouts("unknown")
        if not found:
            return Whereabouts("removed", origins=origins)
        words = citation.quote or citation.passage
        found.sort(key=lambda one: one[0].duplicate_of is not None)
        for row, stored in found:
            text = stored.article.text
            # The offset of the quote is of the text as it was: the words may have moved since.
            at = citation.start if text.startswith(words, citation.start) else text.find(words)
            if at >= 0:
                page = article_address(row.source, row.path, at=at)
                state: QuoteState = "held" if _in_line(citation.passage) in _in_line(text) else "around"
                return Whereabouts(state, page, origins, _tables(citation, stored.article, at))
        row, _ = found[0]
        return Whereabouts("changed", article_address(row.source, row.path), origins)


def _in_line(text: str) -> str:
    """A text without its line breaks: where these are now tells a reader nothing new."""
    return " ".join(text.split())


def _tables(citation: Citation, article: Article, at: int) -> tuple[PlacedTable, ...] | None:
    """The tables in the citation's passage, whose words stand at `at` of the article."""
    passage = citation.passage
    start = at - max(0, passage.find(citation.quote))
    if start < 0 or not article.blocks or not article.text.startswith(passage, start):
        return None
    return tuple(_placed(article, start, start + len(passage)))


def _placed(article: Article, start: int, end: int) -> Iterator[PlacedTable]:
    for block in article.blocks:
        if block.kind == "table" and block.start < end and start < block.end:
            table = read_table(article.text[block.start : block.end])
            if table is not None:
                yield PlacedTable(block.start - start, table)
