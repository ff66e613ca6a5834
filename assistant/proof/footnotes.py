"""Numbers the quotes of one answer: the same words are the same footnote."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from assistant.answer import AnsweredSentence, Citation, Disagreement
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

    def numbers(self, quote: Quote) -> list[int]:
        """The numbers of all citations that a quote stands within."""
        return [self._citations[key].number for key in self._around(quote)]

    def _wider(self, quote: Quote) -> tuple[str, int, int] | None:
        return next(self._around(quote), None)

    def _around(self, quote: Quote) -> Iterator[tuple[str, int, int]]:
        for article, start, end in self._citations:
            if article == quote.passage.article_key and start <= quote.start and quote.end <= end:
                yield article, start, end

    def all(self) -> tuple[Citation, ...]:
        """All citations given out, by number."""
        return tuple(self._citations.values())


def in_use(
    sentences: Sequence[AnsweredSentence],
    citations: Sequence[Citation],
    disagreements: Sequence[Disagreement],
) -> tuple[tuple[AnsweredSentence, ...], tuple[Citation, ...], tuple[Disagreement, ...]]:
    """The same with the footnotes alone that something refers to, numbered anew from 1."""
    claims = [claim for one in disagreements for claim in one.claims]
    used = {number for one in sentences for number in one.citations} | {one.citation for one in claims}
    kept = [one for one in citations if one.number in used]
    new = {one.number: number for number, one in enumerate(kept, start=1)}
    return (
        tuple(replace(one, citations=tuple(new[number] for number in one.citations)) for one in sentences),
        tuple(replace(one, number=new[one.number]) for one in kept),
        tuple(
            replace(one, claims=tuple(replace(claim, citation=new[claim.citation]) for claim in one.claims))
            for one in disagreements
        ),
    )
