"""Decides whether the evidence answers the question, before a word is written.

Small models refuse nearly everything when they are told that they may, so the decision is taken apart from
the draft: each passage by itself is put to the model, the best first, until one surely holds the answer. A
passage by itself is before the model as it was read, and costs the question's few tokens; behind all of them
together, moved to their places, the model tells less well whether the answer is there (docs/log.md). Where no
passage is sure, the sentence likeliest to answer is put to it as well.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from assistant.finding.evidence import source_text
from assistant.finding.question import briefly
from assistant.finding.unknown_names import unknown_names
from assistant.prompts import draft_task, sources
from assistant.writer import Sources, Stopped, Task, Weight, Writer
from index_store.passage import ScoredPassage


@dataclass(frozen=True, slots=True)
class SufficiencyBounds:
    """From which log odds of Yes on there is an answer.

    One passage by itself is enough from `surely` on; else the surest one and `sentence` times the sentence
    likeliest to answer have to come to `together`; that is judged where it may, being `surest_sentence` at
    best; another passage is surer from `surer` more on. Of 106 questions of two libraries whose names are all
    known, none of the 12 unanswerable ones is let through so, and four of the others are not; -.23 and -.08
    are the next. A name that no source knows asks for `unknown_name` more. `evidence` is for all evidence
    together, where it is read plainly. A part of the question whose best sentence is judged below
    `missing_below` is told to be missing.
    """

    surely: float = 0.6
    surer: float = 0.3
    sentence: float = 0.5
    together: float = -0.16
    surest_sentence: float = 0.6
    unknown_name: float = 1.2
    evidence: float = 0.0
    missing_below: float = -1.2


class EvidenceJudge:
    """One model's word on which passages hold an answer. Remembers what it was asked: for one answer."""

    def __init__(
        self,
        writer: Writer,
        stopped: Stopped,
        bounds: SufficiencyBounds,
        *,
        urgent: Callable[[], bool] = lambda: True,
    ) -> None:
        """`urgent` tells whether somebody still waits for a first word."""
        self._writer = writer
        self._urgent = urgent
        self._stopped = stopped
        self._bounds = bounds
        self._judged: dict[tuple[str, str], float] = {}

    def suffices(
        self, question: str, evidence: Sequence[ScoredPassage], likeliest: Callable[[], float]
    ) -> bool:
        """Whether the evidence holds the answer; `likeliest` tells how surely one of its sentences answers.

        Passages are asked in order, and no more than it takes. A stop leaves it open, and so does a passage
        too long to be judged: then it is taken for yes.
        """
        bounds, more = self._bounds, self._for_names(question, evidence)
        surest, sentence = float("-inf"), None
        for number, hit in enumerate(evidence, start=1):
            margin = self._holding(question, hit)
            if margin is None:
                return True
            surest = max(surest, margin)
            if surest >= bounds.surely + more:
                return True
            lacking = bounds.together + more - surest
            within = 0.0 if number < len(evidence) else bounds.sentence * bounds.surest_sentence
            if sentence is None and lacking <= within:
                sentence = likeliest()
            if sentence is not None and bounds.sentence * sentence >= lacking:
                return True
        return False

    def is_sure(
        self, question: str, evidence: Sequence[ScoredPassage], hit: ScoredPassage, margin: float
    ) -> bool:
        """Whether such log odds of one passage are enough by themselves; they are remembered."""
        self._judged[question, hit.passage.id] = margin
        return margin >= self._bounds.surely + self._for_names(question, evidence)

    def surest_so_far(self, question: str, evidence: Sequence[ScoredPassage]) -> ScoredPassage | None:
        """Of the passages that were asked already the one that holds the answer most surely."""
        known = [hit for hit in evidence if (question, hit.passage.id) in self._judged]
        return max(known, key=lambda hit: self._judged[question, hit.passage.id], default=None)

    def weigh(self, question: str, hits: Sequence[ScoredPassage]) -> list[Weight] | None:
        """How well each passage by itself goes with the question; None after a stop, or if one is too long.

        What is told of the answer is remembered.
        """
        weights = []
        for hit in hits:
            with self._writer.read(self._alone(hit), stopped=self._stopped) as reading:
                weight = reading.weigh(_doubted(question), stopped=self._stopped)
            if weight is None:
                return None
            self._judged[question, hit.passage.id] = weight.margin
            weights.append(weight)
        return weights

    def surer(
        self, question: str, evidence: Sequence[ScoredPassage], told: ScoredPassage
    ) -> ScoredPassage | None:
        """A passage of this evidence that holds the answer clearly more surely than the one told already."""
        found = self.surest(question, evidence, {told.passage.id})
        known = self._judged.get((question, told.passage.id), 0.0)
        if found is None or self._judged[question, found.passage.id] < known + self._bounds.surer:
            return None
        return found

    def surest(
        self, question: str, evidence: Sequence[ScoredPassage], have_read: Collection[str]
    ) -> ScoredPassage | None:
        """The passage that holds the answer most surely, of those not in `have_read` that rather do."""
        margins = [
            (self._holding(question, hit) or 0.0, hit) for hit in evidence if hit.passage.id not in have_read
        ]
        margin, hit = max(margins, key=lambda one: one[0], default=(0.0, None))
        return hit if margin > 0 else None

    def allow(self, margin: float, question: str, evidence: Sequence[ScoredPassage]) -> bool:
        """Whether such log odds, of all evidence together, are enough."""
        return margin >= self._bounds.evidence + self._for_names(question, evidence)

    def _for_names(self, question: str, evidence: Sequence[ScoredPassage]) -> float:
        return self._bounds.unknown_name if unknown_names(question, evidence) else 0.0

    def _holding(self, question: str, hit: ScoredPassage) -> float | None:
        known = self._judged.get((question, hit.passage.id))
        if known is not None:
            return known
        with self._writer.read(self._alone(hit), stopped=self._stopped) as reading:
            margin = reading.doubt(_doubted(question), stopped=self._stopped)
        if margin is not None:
            self._judged[question, hit.passage.id] = margin
        return margin

    def _alone(self, hit: ScoredPassage) -> Sources:
        return sources([source_text(hit.passage)], beside=True, urgent=self._urgent())


def _doubted(question: str) -> Task:
    return draft_task(briefly(question), doubting=True)
