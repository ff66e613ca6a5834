"""How much an answer may search, show, write and judge."""

from dataclasses import dataclass, field

from assistant.finding.sufficiency import SufficiencyBounds


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How much is searched, shown, written and judged. Tokens are the writing model's own.

    `candidates` are the passages found, of which the evidence is chosen; where the first of it is not sure
    to hold the answer, the best `weighed` of them are put in order by the model. Where what stands leaves
    the question open, more sentences are judged, `judged_for_open`.
    """

    candidates: int = 20
    weighed: int = 4
    evidence_tokens: int = 800
    evidence_passages: int = 6
    answer_tokens: int = 220
    judged_quotes: int = 4
    judged_for_open: int = 6
    sufficiency: SufficiencyBounds = field(default_factory=SufficiencyBounds)
