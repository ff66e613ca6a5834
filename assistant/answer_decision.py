"""Decides for one answer whether the evidence holds it, and whether what stands leaves the question open."""

from collections.abc import Callable, Sequence

from assistant.answer_clock import AnswerClock
from assistant.composition import Composition
from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.sufficiency import EvidenceJudge
from assistant.proof.completing import answers_part
from assistant.proof.judging import SentenceJudge
from assistant.proof.quote_ranking import QuoteRanker
from assistant.proof.wholeness import Wholeness
from index_store.passage import ScoredPassage

# Two tell no better whether there is an answer (docs/log.md), and somebody waits.
_LIKELIEST = 1


class AnswerDecision:
    """What is decided before and between the drafts of one answer; its composition keeps a refusal."""

    def __init__(
        self,
        composition: Composition,
        sentences: EvidenceSentences,
        judge: SentenceJudge,
        *,
        holding: EvidenceJudge,
        sure: Callable[[str], bool],
        wholeness: Wholeness,
        apart: bool,
        parts: Sequence[str],
        clock: AnswerClock,
    ) -> None:
        """`apart`, each passage can be judged by itself; `sure` tells whether what is said surely answers."""
        self._composition = composition
        self._sentences = sentences
        self._judge = judge
        self._holding = holding
        self._sure = sure
        self._wholeness = wholeness
        self._apart = apart
        self._parts = parts if len(parts) > 1 else ()
        self._clock = clock

    def suffices(self, question: str, evidence: Sequence[ScoredPassage], part: str | None = None) -> bool:
        """Whether a passage holds the answer, where each is judged apart; else that is found out later."""
        if not self._apart:
            return True

        def likeliest() -> float:
            quotes = [one.candidate.quote for one in QuoteRanker(self._sentences, part).best(_LIKELIEST)]
            if not quotes:
                return float("-inf")
            waits = self._clock.is_silent
            margins = self._judge.answering_under_titles(question, quotes, urgent=waits)
            return max(margins) if margins else float("-inf")

        with self._clock.checks():
            return self._told(self._holding.suffices(question, evidence, likeliest))

    def all_do(self, question: str, margin: float) -> bool:
        """Whether such log odds of all evidence together are enough, where none is judged apart."""
        return self._told(self._holding.allow(margin, question, self._composition.evidence))

    def lacks_something(self, *, missed: bool) -> bool:
        """Whether a draft `missed` something, a part has no sentence, or what stands does not answer."""
        said = self._composition.said
        return (
            missed
            or not all(answers_part(said, part, self._sentences) for part in self._parts)
            or self.leaves_open()
        )

    def leaves_open(self) -> bool:
        """Whether what stands does not answer the question."""
        said = self._composition.said
        if self._composition.is_empty:
            return True
        if self._sure(said):
            return False
        with self._clock.checks():
            return self._wholeness.leaves_open(said)

    def _told(self, suffices: bool) -> bool:
        self._composition.found_nothing = self._composition.found_nothing or not suffices
        return suffices
