"""Where a section is cut into passages: at the joints that cost a reader least, into even parts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Span = tuple[int, int]
"""A half-open span of the article's clean text."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is never cut: a sentence, a row, a line, a heading, a whole small table; a span of the text.

    `joint` is what it costs to begin a passage here; 1 is what a passage of twice the wanted size costs.
    `lead` is the span of earlier words without which a passage that begins here is not understood.
    A passage that holds it may have `most` tokens, where that is more than others may have.
    """

    start: int
    end: int
    tokens: int
    joint: float = 0.0
    lead: Span | None = None
    most: int = 0


def cut(units: Sequence[Unit], *, target: int, limit: int) -> Iterator[Sequence[Unit]]:
    """Runs of neighbouring units, of about `target` tokens each and at most `limit` (or a unit's `most`).

    Of all ways to cut the one that costs least: for each run the square of its distance from `target`, in
    targets, and the joint that it begins at. A unit beyond the limit is a run of its own.
    """
    costs = [0.0]
    begins = [0]
    longest = max(limit, *(unit.most for unit in units)) if units else limit
    for stop in range(1, len(units) + 1):
        tokens, most = 0, limit
        least, begin = float("inf"), stop - 1
        for start in range(stop - 1, -1, -1):
            unit = units[start]
            # Nothing weighs nothing: a page of blank signs must not become one passage.
            tokens += max(unit.tokens, 1)
            most = max(most, unit.most)
            if tokens > longest and start < stop - 1:
                break
            if tokens > most and start < stop - 1:
                continue
            cost = costs[start] + ((tokens - target) / target) ** 2 + (unit.joint if start else 0.0)
            if cost < least:
                least, begin = cost, start
        costs.append(least)
        begins.append(begin)
    edges = [len(units)]
    while edges[-1]:
        edges.append(begins[edges[-1]])
    for start, stop in pairwise(reversed(edges)):
        yield units[start:stop]
