"""How much an answer may search, show, write and judge."""

from dataclasses import dataclass, field

from assistant.sufficiency import SufficiencyWeights


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How much is searched, shown, written and judged. Tokens are the writing model's own."""

    candidates: int = 20
    evidence_tokens: int = 800
    evidence_passages: int = 6
    answer_tokens: int = 220
    judged_quotes: int = 4
    sufficiency: SufficiencyWeights = field(default_factory=SufficiencyWeights)
