"""Checks a drafted sentence twice: by its words, figures and names, and by the model's own judgement."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.finding.quote import Quote
from assistant.finding.regulated import names_a_regulated_firm, put_as
from assistant.proof.attribution import Attribution
from assistant.proof.judging import SentenceJudge
from assistant.proof.negation import is_negated

# From this score on, a sentence is nearly the article's own words: of 23 such sentences that were read their
# quotes state 22, of 51 others 23 (docs/log.md).
NEARLY_THE_ARTICLES = 0.9


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Log odds that the quotes state a sentence, below which it is taken back, and below which doubted."""

    taken_back: float
    doubted: float


# Of 91 true sentences so near to their quotes, of three libraries, none stands below either of these.
COPIED = _Bounds(0.15, 0.45)
# What articles advise regulated firms is told of the asker's own, whom they do not name.
ADVISED = _Bounds(-0.5, -0.3)
# Of 143 false sentences in other words than the quotes' 16 stand above the first, and nine above the second;
# of 126 true ones 74 and 50.
OWN_WORDS = _Bounds(0.25, 0.65)
# Of 70 such sentences of another run, read one by one, four were wrong. Eight have three words or more from
# the question alone; of these the four below this are three of the wrong ones and one right one.
BORROWED = _Bounds(1.0, 1.0)
_MANY_BORROWED = 3


class SentenceAttributor(Protocol):
    """Finds what carries a sentence, and says how well."""

    def attribute(self, sentence: str) -> Attribution:
        """What carries the sentence; unsupported, with the reason, when nothing does."""
        ...


class Verifier:
    """An attributor whose findings the model has to agree with."""

    def __init__(
        self,
        attributor: SentenceAttributor,
        judge: SentenceJudge,
        *,
        promising: Callable[[str, Quote], bool] = lambda *_: True,
        borrowed: Callable[[str, Sequence[Quote]], Collection[str]] = lambda *_: (),
        others: Callable[[str, Collection[Quote]], Iterable[Attribution]] = lambda *_: (),
    ) -> None:
        """`promising` tells whether a quote may well answer: only such a one stands instead of a sentence.

        `borrowed` gives the words that a sentence has from the question and not from its quotes, `others`
        what else may carry a sentence than the quotes that the model denies it of.
        """
        self._attributor = attributor
        self._judge = judge
        self._promising = promising
        self._borrowed = borrowed
        self._others = others

    def attribute(self, sentence: str) -> Attribution:
        """See SentenceAttributor. The articles' own words are not asked about; a stop leaves the finding."""
        found = self._attributor.attribute(sentence)
        # What the article says to the contrary answers what was asked; what only comes near may not.
        if found.instead is not None and not found.contrary and not self._promising(sentence, found.instead):
            return replace(found, instead=None)
        if found.support == "unsupported" or found.proved:
            return found
        if any(quote.holds(sentence) for quote in found.quotes):
            return found
        margin = self._judge.stating(found.quotes, sentence)
        if margin is None:
            return found
        bounds = _bounds_for(found, sentence, borrowed=len(self._borrowed(sentence, found.quotes)))
        if margin < bounds.taken_back:
            other = self._by_another(sentence, found)
            if other is not None:
                return other
            why = "the passages that come near do not state this"
            instead = found.quotes[0] if self._promising(sentence, found.quotes[0]) else None
            return Attribution((), "unsupported", found.score, why, instead=instead)
        return found if margin >= bounds.doubted else Attribution(found.quotes, "weak", found.score)

    def _by_another(self, sentence: str, found: Attribution) -> Attribution | None:
        """What carries it instead: "The label is wrong: it is open" says less of a licence than another.

        Of 42 sentences that were denied in three libraries none is stated by another, in the model's eyes.
        """
        for other in self._others(sentence, found.quotes):
            margin = self._judge.stating(other.quotes, sentence)
            if margin is not None and margin >= OWN_WORDS.doubted:
                return other
        return None


def _bounds_for(found: Attribution, sentence: str, *, borrowed: int = 0) -> _Bounds:
    """The bounds for a sentence that has so many words from the question and not from its quotes."""
    read = " ".join(quote.text for quote in found.quotes)
    if put_as(sentence) != sentence and not names_a_regulated_firm(read):
        return ADVISED
    if borrowed >= _MANY_BORROWED:
        return BORROWED
    copied = (
        found.support == "supported"
        and found.score >= NEARLY_THE_ARTICLES
        and is_negated(sentence) == is_negated(read)
    )
    return COPIED if copied else OWN_WORDS
