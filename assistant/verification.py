"""Checks a drafted sentence twice: by its words, figures and names, and by the model's own judgement."""

from typing import Protocol

from assistant.attribution import Attribution
from assistant.evidence_sentences import Quote
from assistant.judging import SentenceJudge

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

    def __init__(self, attributor: SentenceAttributor, judge: SentenceJudge) -> None:
        self._attributor = attributor
        self._judge = judge

    def attribute(self, sentence: str) -> Attribution:
        """See SentenceAttributor. The articles' own words are not asked about; a stop leaves the finding."""
        found = self._attributor.attribute(sentence)
        if found.support == "unsupported" or any(_holds(quote, sentence) for quote in found.quotes):
            return found
        margin = self._judge.stating(found.quotes, sentence)
        if margin is None:
            return found
        if margin < (WEAK_NEEDS if found.support == "weak" else TAKEN_BACK):
            why = "the passages that come near do not state this"
            return Attribution((), "unsupported", found.score, why, instead=found.quotes[0])
        return found if margin >= DOUBTED else Attribution(found.quotes, "weak", found.score)


def _holds(quote: Quote, sentence: str) -> bool:
    return " ".join(sentence.casefold().split()).strip(" .") in " ".join(quote.text.casefold().split())
