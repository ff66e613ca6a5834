"""Decides whether the evidence answers the question, before a word is written.

Small models refuse nearly everything when they are told that they may, so the decision is taken beside
the draft, from two signs: the model's own yes or no on the question whether the sources state the
answer, and the names in the question that no source mentions.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.exact_terms import missing_names
from index_store.passage import ScoredPassage


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for and against an answer: the log odds of Yes, and how many names are unknown."""

    yes_margin: float
    unknown_names: int


@dataclass(frozen=True, slots=True)
class SufficiencyWeights:
    """A logistic model of the signs; `threshold` is the least probability to answer at.

    Set on 91 development questions, 16 of them unanswerable, with the default model and evidence put together
    from kept states: 12 of the 16 are refused, and 8 of the 75 others wrongly. Nearness of the best passage
    and the share of the question's words that the evidence has were tried as further signs and added
    nothing: see docs/log.md.
    """

    bias: float = -0.625
    yes_margin: float = 2.5
    unknown_name: float = -0.375
    threshold: float = 0.5

    def probability(self, signs: Signs) -> float:
        """How likely the evidence answers the question, 0 to 1."""
        total = self.bias + self.yes_margin * signs.yes_margin
        total += self.unknown_name if signs.unknown_names else 0.0
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


def unknown_names(question: str, evidence: Sequence[ScoredPassage]) -> list[str]:
    """The names in the question that no passage of the evidence mentions, its title and headings included."""
    return missing_names(
        question,
        "\n".join(
            "\n".join((hit.passage.title, *hit.passage.headings, hit.passage.text)) for hit in evidence
        ),
    )
