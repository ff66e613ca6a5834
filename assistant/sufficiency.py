"""Decides whether the evidence answers the question, before a word is written.

Small models refuse nearly everything when they are told that they may, so the decision is taken beside
the draft, from three signs: how near the best passage is in meaning, how many of the question's telling
words the evidence has, and the model's own yes or no.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from index_store.lexical import LexicalEncoder
from index_store.passage import ScoredPassage


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for an answer: best cosine, share of the question's rare words, log odds of Yes."""

    nearness: float
    cover: float
    yes_margin: float


@dataclass(frozen=True, slots=True)
class SufficiencyWeights:
    """A logistic model of the three signs; `threshold` is the least probability to answer at.

    Fitted on the development questions; `footnote eval` shows what they give. See docs/log.md.
    """

    bias: float = 0.0
    nearness: float = 0.0
    cover: float = 0.0
    yes_margin: float = 1.0
    threshold: float = 0.5

    def probability(self, signs: Signs) -> float:
        """How likely the evidence answers the question, 0 to 1."""
        total = (
            self.bias
            + self.nearness * signs.nearness
            + self.cover * signs.cover
            + self.yes_margin * signs.yes_margin
        )
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


def nearness(candidates: Sequence[ScoredPassage]) -> float:
    """The best cosine to the question among the candidates; 0 when there is none."""
    return max((hit.dense for hit in candidates if hit.dense is not None), default=0.0)


def cover(
    question: str, shown: Sequence[ScoredPassage], found: Sequence[ScoredPassage], lexical: LexicalEncoder
) -> float:
    """The share of the question's words that the shown passages have, rare words weighing more.

    A word's rarity is taken from the passages found: one that most of them have says little.
    """
    asked = set(lexical.words(question))
    if not asked or not found:
        return 0.0
    bags = [_bag(hit, lexical) for hit in found]
    shown_words = set().union(*(_bag(hit, lexical) for hit in shown)) if shown else set()
    weights = {word: math.log(1 + len(bags) / (1 + sum(word in bag for bag in bags))) for word in asked}
    return sum(weight for word, weight in weights.items() if word in shown_words) / sum(weights.values())


def _bag(hit: ScoredPassage, lexical: LexicalEncoder) -> set[str]:
    passage = hit.passage
    return set(lexical.words(" ".join((passage.title, *passage.headings, passage.text))))
