"""How far two models' answers to the same questions differ, beyond what the choice of questions explains."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from assistant.evaluation.measures import RESAMPLES, SEED, EvalReport
from assistant.evaluation.scores import SHARES, Part


@dataclass(frozen=True, slots=True)
class Difference:
    """One share less another, from -1 to 1, over the questions that both have, with its interval (95%).

    The interval is by a paired bootstrap: what is hard for both models moves neither end. All are None
    where there is nothing to compare; `low` and `high` also with one question only.
    """

    value: float | None
    low: float | None
    high: float | None

    @property
    def is_telling(self) -> bool:
        """Whether the interval lies on one side of nought."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def differences(first: EvalReport, other: EvalReport) -> Mapping[str, Difference]:
    """For each measure of SHARES the other's share less the first's; questions are paired by their id."""
    parts = {result.id: result.parts for result in first.results}
    pairs = [(parts[result.id], result.parts) for result in other.results if result.id in parts]
    return {
        name: _difference([(one[name], two[name]) for one, two in pairs if name in one and name in two])
        for name in SHARES
    }


def _difference(pairs: list[tuple[Part, Part]]) -> Difference:
    """Over `pairs`, one a question: the first model's part and the other's."""
    # questions x 2 models x (found, out of)
    counted = np.asarray(pairs, dtype=float).reshape(-1, 2, 2)
    value = _less(counted.sum(axis=0)[None])
    if not len(value):
        return Difference(None, None, None)
    if len(pairs) < 2:
        return Difference(float(value[0]), None, None)
    draws = np.random.default_rng(SEED).integers(len(pairs), size=(RESAMPLES, len(pairs)))
    low, high = np.percentile(_less(counted[draws].sum(axis=1)), [2.5, 97.5])
    return Difference(float(value[0]), float(low), float(high))


def _less(summed: np.ndarray) -> np.ndarray:
    """The second share less the first of each sum (sums x 2 models x 2); without those of nothing."""
    drawn = (summed[:, :, 1] > 0).all(axis=1)
    shares = summed[drawn, :, 0] / summed[drawn, :, 1]
    less: np.ndarray = shares[:, 1] - shares[:, 0]
    return less
