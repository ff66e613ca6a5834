"""Orders what was found by the writing model's own word, where the search is unsure which passage answers.

How likely a question is behind a passage tells better which passage it was asked of than the search does,
and than the model's Yes on whether the answer is there.
"""

from collections.abc import Sequence
from statistics import fmean, pstdev

from assistant.writer import Weight
from index_store.passage import ScoredPassage

# Each sign by its own mean and deviation over the candidates. Measured over three libraries, see docs/log.md.
_LIKELIHOOD, _MARGIN = 2.0, 1.0


def in_order(candidates: Sequence[ScoredPassage], weights: Sequence[Weight]) -> list[ScoredPassage]:
    """The candidates, best first: by score, by the likelihood of the question and by the word on an answer.

    There is a weight for each candidate.
    """
    signs = zip(
        _standardised([hit.score for hit in candidates]),
        _standardised([weight.likelihood for weight in weights]),
        _standardised([weight.margin for weight in weights]),
        strict=True,
    )
    worth = [score + _LIKELIHOOD * likelihood + _MARGIN * margin for score, likelihood, margin in signs]
    places = sorted(range(len(candidates)), key=lambda place: -worth[place])
    return [candidates[place] for place in places]


def _standardised(values: Sequence[float]) -> list[float]:
    if not values:
        return []
    middle, spread = fmean(values), pstdev(values)
    return [(value - middle) / spread if spread else 0.0 for value in values]
