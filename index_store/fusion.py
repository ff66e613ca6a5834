"""Puts the hits of several searches into one order: by their scores, and by what else their articles hold."""

from collections.abc import Mapping, Sequence
from statistics import fmean, stdev

# The hits whose scores a list is measured by: how far ahead the first one is counts, not its rank. Those
# behind them count where another list has them too. Of two libraries 30 to 70 do as well (docs/log.md).
_MEASURED_BY = 50
DEPTH = 100
"""How many hits of each search are wanted."""
# An article speaks for its passages by the best two of them, or by the one that was found: what a question
# tells of its case is often said in another passage than what it asks for (docs/log.md).
_SPEAK = 2
_WEIGHT = 0.6


def fused(lists: Sequence[Sequence[tuple[str, float]]], articles: Mapping[str, str]) -> dict[str, float]:
    """The score of each passage found, by its id; higher is better, within one search only.

    Each of `lists` has ids with scores, best first; `articles` tells the article of each id. A list's scores
    are put between 0 and 1 by the mean and three deviations either way of its first ones, and added up; an
    article adds up to .6, as much as its best passages are worth beside those of the best article. Measured
    on three libraries, see docs/log.md.
    """
    scores: dict[str, float] = {}
    for hits in lists:
        for id, score in _within_its_list(hits):
            scores[id] = scores.get(id, 0.0) + score
    worth = _worth(scores, articles)
    most = max(worth.values(), default=0.0) or 1.0
    return {id: score + _WEIGHT * worth[articles[id]] / most for id, score in scores.items()}


def _within_its_list(hits: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    measured = [score for _, score in hits[:_MEASURED_BY]]
    spread = 3 * stdev(measured) if len(measured) > 1 else 0.0
    if not spread:
        return [(id, 0.5) for id, _ in hits]
    lowest = fmean(measured) - spread
    return [(id, max(0.0, (score - lowest) / (2 * spread))) for id, score in hits]


def _worth(scores: Mapping[str, float], articles: Mapping[str, str]) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for id, score in scores.items():
        found.setdefault(articles[id], []).append(score)
    return {article: fmean(sorted(some, reverse=True)[:_SPEAK]) for article, some in found.items()}
