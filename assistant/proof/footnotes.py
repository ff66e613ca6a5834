"""Numbers the quotes of one answer: the same words are the same footnote."""

from collections.abc import Callable

from assistant.answer import Citation
from assistant.finding.quote import Quote
from index_store.passage_store import Origin


class Footnotes:
    """Gives out citation numbers from 1, in order of first use.

    `origins_of` tells for an article's key where else its text was published.
    """

    def __init__(self, origins_of: Callable[[str], tuple[Origin, ...]] = lambda _: ()) -> None:
        self._origins_of = origins_of
        self._citations: dict[tuple[str, int, int], Citation] = {}

    def cite(self, quote: Quote) -> Citation:
        """The citation for a quote, new or known; a wider one of the same words serves."""
        passage = quote.passage
        key = self._wider(quote) or (passage.article_key, quote.start, quote.end)
        if key not in self._citations:
            self._citations[key] = Citation(
                number=len(self._citations) + 1,
                article=passage.article,
                title=passage.title,
                publisher=passage.publisher,
                url=passage.url,
                published=passage.published,
                heading=passage.heading,
                page=passage.page_at(quote.start),
                passage=passage.text,
                quote=quote.text,
                start=quote.start,
                end=quote.end,
                origins=self._origins_of(passage.article_key),
            )
        return self._citations[key]

    @property
    def articles(self) -> frozenset[str]:
        """The keys of the articles that are cited."""
        return frozenset(article for article, _, _ in self._citations)

    def knows(self, quote: Quote) -> bool:
        """Whether the quote has a number already, or stands within one that has."""
        return self._wider(quote) is not None

    def _wider(self, quote: Quote) -> tuple[str, int, int] | None:
        article = quote.passage.article_key
        return next(
            (
                key
                for key in self._citations
                if key[0] == article and key[1] <= quote.start and quote.end <= key[2]
            ),
            None,
        )

    def all(self) -> tuple[Citation, ...]:
        """All citations given out, by number."""
        return tuple(self._citations.values())
