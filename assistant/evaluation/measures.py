"""From the outcomes of a run to its figures: shares with intervals, times and tokens, by kind and in all."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

import numpy as np

from assistant.answer import ModelName
from assistant.evaluation.questions import KINDS, Kind
from assistant.evaluation.run import Outcome
from assistant.evaluation.scores import SHARES, ArticleText, Part, QuestionScore, Scorer

RESAMPLES = 1000
SEED = 20260402
"""Fixed, so that the same outcomes always give the same intervals."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share from 0 to 1, with the bootstrap interval (95%) over questions.

    `value` is None when there is nothing to take a share of; `low` and `high` also with one question
    only. `found` over `out_of` is the value; `questions` is how many it rests on.
    """

    value: float | None
    low: float | None
    high: float | None
    found: float
    out_of: float
    questions: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How a quantity is spread over questions; all None but the count when there are none.

    `p95` is the nearest-rank percentile: the smallest value that at least 95% do not exceed.
    """

    count: int
    median: float | None
    p95: float | None
    maximum: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Every measure over one group of questions; `shares` holds all names of SHARES, in that order.

    `failed` questions got no answer because a part broke. `disagreements` were flagged in
    `questions_with_disagreement` of the answers.
    """

    questions: int
    failed: int
    shares: Mapping[str, Share]
    disagreements: int
    questions_with_disagreement: int
    first_token_s: Spread
    total_s: Spread
    prompt_tokens: Spread


@dataclass(frozen=True, slots=True)
class EvalReport:
    """The figures of one run: over all questions, by kind (those that occur), and question by question.

    `model` is the one that wrote the first answer, None when nothing was answered.
    """

    model: ModelName | None
    total: Figures
    kinds: Mapping[Kind, Figures]
    results: tuple[QuestionScore, ...]

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return asdict(self)


def measure(outcomes: Iterable[Outcome], article_text: ArticleText) -> EvalReport:
    """Score every outcome and sum up. `article_text` gives the clean text that quotes are held against."""
    scorer = Scorer(article_text)
    model: ModelName | None = None
    results = []
    for outcome in outcomes:
        results.append(scorer.score(outcome))
        if model is None and outcome.answer is not None:
            model = outcome.answer.model
    groups = {kind: [result for result in results if result.scored_as == kind] for kind in KINDS}
    return EvalReport(
        model=model,
        total=_figures(results),
        kinds={kind: _figures(group) for kind, group in groups.items() if group},
        results=tuple(results),
    )


def nearest_rank(values: Sequence[float], percent: float) -> float:
    """The smallest of the values that at least `percent` of them do not exceed; needs one value."""
    return sorted(values)[max(math.ceil(len(values) * percent / 100), 1) - 1]


def share(parts: Sequence[Part]) -> Share:
    """The share that parts add up to, one part a question, with its bootstrap interval."""
    found, out_of = sum(part[0] for part in parts), sum(part[1] for part in parts)
    if not out_of:
        return Share(None, None, None, found, out_of, len(parts))
    low, high = _interval(parts) if len(parts) > 1 else (None, None)
    return Share(found / out_of, low, high, found, out_of, len(parts))


def _interval(parts: Sequence[Part]) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile of the share over resampled questions (percentile bootstrap)."""
    draws = np.random.default_rng(SEED).integers(len(parts), size=(RESAMPLES, len(parts)))
    found, out_of = np.asarray(parts, dtype=float)[draws].sum(axis=1).T
    # A resample of answers without one sentence or citation has no share.
    drawn = out_of > 0
    low, high = np.percentile(found[drawn] / out_of[drawn], [2.5, 97.5])
    return float(low), float(high)


def _figures(results: Sequence[QuestionScore]) -> Figures:
    flagged = [result.disagreements for result in results if result.disagreements]
    return Figures(
        questions=len(results),
        failed=sum(result.error is not None for result in results),
        shares={
            name: share([result.parts[name] for result in results if name in result.parts]) for name in SHARES
        },
        disagreements=sum(flagged),
        questions_with_disagreement=len(flagged),
        first_token_s=_spread(result.first_token_s for result in results),
        total_s=_spread(result.total_s for result in results),
        prompt_tokens=_spread(result.prompt_tokens for result in results),
    )


def _spread(values: Iterable[float | None]) -> Spread:
    known = [value for value in values if value is not None]
    if not known:
        return Spread(0, None, None, None)
    return Spread(len(known), median(known), nearest_rank(known, 95), max(known))
