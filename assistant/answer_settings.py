"""How much an answer may search, show, write and judge."""

from dataclasses import dataclass, field

from assistant.finding.sufficiency import SufficiencyWeights


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How much is searched, shown, written and judged. Tokens are the writing model's own.

    `candidates` are the passages found, of which the evidence is chosen. Of the sentences judged, the first
    few are judged before the first word, where it is unsure: more tell no better whether the evidence
    suffices (docs/log.md), and somebody waits. Where what stands leaves the question open, more are looked
    at.
    """

    candidates: int = 20
    evidence_tokens: int = 800
    evidence_passages: int = 6
    answer_tokens: int = 220
    judged_quotes: int = 4
    judged_first: int = 2
    judged_for_open: int = 6
    sufficiency: SufficiencyWeights = field(default_factory=SufficiencyWeights)
