"""Checks a drafted sentence twice: by its words, figures and names, and by the model's own judgement."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from assistant.finding.evidence_sentences import Quote
from assistant.proof.attribution import Attribution
from assistant.proof.judging import SentenceJudge

# Log odds that the quotes state the sentence, see docs/log.md. Of the labelled claims half of the false
# ones stand below the first, and hardly a true one; between the two stand both.
TAKEN_BACK = -0.7
DOUBTED = -0.4
# What the words carry only weakly has to be likelier stated than not: of 13 such sentences 10 were wrong.
WEAK_NEEDS = 0.0


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
        promising: Callable[[Quote], bool] = lambda _: True,
    ) -> None:
        """`promising` tells whether a quote may well answer the question: only such a one stands instead."""
        self._attributor = attributor
        self._judge = judge
        self._promising = promising

    def attribute(self, sentence: str) -> Attribution:
        """See SentenceAttributor. The articles' own words are not asked about; a stop leaves the finding."""
        found = self._attributor.attribute(sentence)
        # What the article says to the contrary answers what was asked; what only comes near may not.
        if found.instead is not None and not found.contrary and not self._promising(found.instead):
            return replace(found, instead=None)
        if found.support == "unsupported" or any(quote.holds(sentence) for quote in found.quotes):
            return found
        margin = self._judge.stating(found.quotes, sentence)
        if margin is None:
            return found
        if margin < (WEAK_NEEDS if found.support == "weak" else TAKEN_BACK):
            why = "the passages that come near do not state this"
            instead = found.quotes[0] if self._promising(found.quotes[0]) else None
            return Attribution((), "unsupported", found.score, why, instead=instead)
        return found if margin >= DOUBTED else Attribution(found.quotes, "weak", found.score)

    def attribute_within(self, place: Sequence[Quote], sentence: str) -> Attribution:
        """What carries a sentence that was written from one place, all of which the model is asked about."""
        found = self._attributor.attribute(sentence)
        within = {one.passage.id for one in place}
        if found.support != "supported" or not any(one.passage.id in within for one in found.quotes):
            return Attribution((), "unsupported", found.score, found.why)
        margin = self._judge.stating(place, sentence)
        if margin is None or margin < DOUBTED:
            return Attribution(
                (), "unsupported", found.score, "the place it was written from does not state this"
            )
        return found
