"""Completes a draft with the articles' own sentences: those that answer the question and are not yet said."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence_sentences import Candidate, EvidenceSentences, Quote
from assistant.exact_terms import missing_names, missing_numbers
from assistant.quote_ranking import RankedQuote

# From this log odds of "the sentence answers the question" on a quote is worth its place; measured on the
# development questions, see docs/log.md.
ANSWERS = -0.7
# Such a share of a quote's words in the answer, figures and names included, and it says nothing new.
_SAID = 0.75


@dataclass(frozen=True, slots=True)
class JudgedQuote:
    """What might be quoted, and the model's log odds that it answers the question."""

    ranked: RankedQuote
    margin: float

    @property
    def worth(self) -> float:
        """Higher is better: the scores of two quotes differ by tenths, their margins by ones."""
        return 5 * self.ranked.score + self.margin


class Completer:
    """Chooses quotes for an answer in the making."""

    def __init__(self, sentences: EvidenceSentences, judged: Sequence[JudgedQuote]) -> None:
        self._sentences = sentences
        self._judged = sorted(judged, key=lambda one: -one.worth)

    @property
    def best_margin(self) -> float | None:
        """The greatest log odds; None when nothing was judged."""
        return max((one.margin for one in self._judged), default=None)

    def quotes(self, said: str, most: int) -> list[Quote]:
        """At most `most` quotes that answer and that `said` does not hold yet, the best first."""
        chosen: list[Quote] = []
        for one in self._judged:
            if len(chosen) == most:
                break
            if one.margin >= ANSWERS and self._is_new(one.ranked.candidate, said):
                chosen.append(one.ranked.candidate.quote)
                said = f"{said}\n{one.ranked.candidate.quote.text}"
        return chosen

    def _is_new(self, candidate: Candidate, said: str) -> bool:
        text = candidate.quote.text
        if missing_numbers(text, said) or missing_names(text, said):
            return True
        words = self._sentences.words(said)
        return len(candidate.words & words) / max(1, len(candidate.words)) < _SAID
