"""Ranks the sentences of the evidence by how likely they answer, without asking the writer once more.

What it drafted counts, though: a sentence that it denies itself mostly has its words from the right place.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.finding.evidence_sentences import Candidate, EvidenceSentences
from assistant.proof.exact_terms import stated_numbers

# Measured on 75 questions over two libraries by the facts that the best one to three sentences hold, see
# docs/log.md. Nearness and cover alone do nearly as well: nothing hangs on the second digit.
_NEAR, _COVER, _RANK, _LENGTH, _SHORT = 0.4, 0.4, 0.2, 0.1, 0.3
# What ends in a colon only leads to what follows: of 64 such sentences two say what was asked.
_LEADS_TO_IT = 0.2
# A word of the title or headings counts for less than one of the sentence.
_OF_CONTEXT = 0.4
_FEWEST_WORDS, _MOST_WORDS = 4, 25
# What a draft takes from a sentence beyond the question's words, its share: over the questions of three
# libraries the best sentence holds 121 of 230 facts with it and 93 without (docs/log.md).
_TOLD, _FEWEST_TOLD = 0.4, 3
# Sentences that share this much of their words (Jaccard) say the same.
_SAME_WORDS = 0.7


@dataclass(frozen=True, slots=True)
class RankedQuote:
    """A candidate and its score; those of one question compare.

    `told` is the greatest share of a draft's own words that it has, from 0 to 1.
    """

    candidate: Candidate
    score: float
    told: float = 0.0


class QuoteRanker:
    """Orders what can be quoted: nearness in meaning, rare words, the passage's rank, what was drafted."""

    def __init__(
        self, sentences: EvidenceSentences, part: str | None = None, *, drafted: Iterable[str] = ()
    ) -> None:
        """For the question as a whole, or for a `part` of it; `drafted` does not stand."""
        self._sentences = sentences
        known = sentences.words(sentences.question)
        beyond = (sentences.words(draft) - known for draft in drafted)
        self._drafted = [words for words in beyond if len(words) >= _FEWEST_TOLD]
        self._asked = sentences.words(part or sentences.question)
        self._vector = sentences.asked_vector(part) if part else sentences.question_vector

    def best(self, most: int) -> list[RankedQuote]:
        """The best candidates, best first, none of which says what another does."""
        weights = self._weights()
        ranked = [self._ranked(one, weights) for one in self._sentences.stating]
        chosen: list[RankedQuote] = []
        for one in sorted(ranked, key=lambda one: -one.score):
            if len(chosen) == most:
                break
            if one.candidate.words and not any(_alike(one.candidate, other.candidate) for other in chosen):
                chosen.append(one)
        return chosen

    def _weights(self) -> dict[str, float]:
        """How telling each word of the question is: the fewer passages have it, the more."""
        passages: dict[str, frozenset[str]] = {}
        for candidate in self._sentences.candidates:
            id = candidate.quote.passage.id
            passages[id] = passages.get(id, frozenset()) | candidate.words
        number = len(passages)
        having = {word: sum(word in words for words in passages.values()) for word in self._asked}
        return {word: math.log(1 + (number - count + 0.5) / (count + 0.5)) for word, count in having.items()}

    def _ranked(self, candidate: Candidate, weights: dict[str, float]) -> RankedQuote:
        told = max((len(words & candidate.words) / len(words) for words in self._drafted), default=0.0)
        return RankedQuote(candidate, self._score(candidate, weights) + _TOLD * told, told)

    def _score(self, candidate: Candidate, weights: dict[str, float]) -> float:
        context = self._sentences.context(candidate)
        known = sum(
            weight * (1.0 if word in candidate.words else _OF_CONTEXT if word in context else 0.0)
            for word, weight in weights.items()
        )
        cover = known / (sum(weights.values()) or 1.0)
        near = float(candidate.vector @ self._vector)
        length = min(len(candidate.words), _MOST_WORDS) / _MOST_WORDS
        short = _SHORT if len(candidate.words) < _FEWEST_WORDS else 0.0
        leads = _LEADS_TO_IT if candidate.quote.text.rstrip().endswith(":") else 0.0
        return _NEAR * near + _COVER * cover + _RANK / (1 + candidate.rank) + _LENGTH * length - short - leads


def _alike(one: Candidate, other: Candidate) -> bool:
    """Whether two say the same; rows of a table differ in little but their figures."""
    if stated_numbers(one.quote.text) != stated_numbers(other.quote.text):
        return False
    return len(one.words & other.words) / len(one.words | other.words) > _SAME_WORDS
