"""What is said of one of several things must not rest on an article about another of them."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.finding.quote import Quote
from assistant.finding.side_by_side import AskedOfOne
from assistant.proof.attribution import Attribution
from assistant.proof.verification import SentenceAttributor


class AboutOne:
    """An attributor for the sentences about one of several things that a question sets side by side.

    An article about Qwen3 names Qwen2.5 too, to compare: what it tells is mostly told of Qwen3.
    """

    def __init__(self, attributor: SentenceAttributor, one: AskedOfOne, each: Sequence[AskedOfOne]) -> None:
        self._attributor = attributor
        self._one = one
        self._others = [other for other in each if other is not one]

    def attribute(self, sentence: str) -> Attribution:
        """See SentenceAttributor."""
        found = self._attributor.attribute(sentence)
        for quote in found.quotes:
            other = self.other_in(quote)
            if other is not None:
                why = f"the article that it rests on is about {other}"
                return Attribution((), "unsupported", found.score, why)
        if found.instead is not None and self.other_in(found.instead) is not None:
            return replace(found, instead=None)
        return found

    def other_in(self, quote: Quote) -> str | None:
        """The other thing that the article of a quote is about, if it is about one of them."""
        own = self._one.nearness(quote.passage)
        nearer = (other.name for other in self._others if other.nearness(quote.passage) > own)
        return next(nearer, None)
