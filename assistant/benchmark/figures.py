"""What a benchmark finds: spreads of measured values, ratios between two that ran side by side, and goals."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of several values with the least and the greatest of them."""

    median: float
    least: float
    greatest: float
    values: int

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """The spread of at least one value."""
        return cls(median(values), min(values), max(values), len(values))


@dataclass(frozen=True, slots=True)
class Timing:
    """One answer: seconds to the first word and to the end, tokens read and written."""

    first: float
    total: float
    prompt_tokens: int
    answer_tokens: int


@dataclass(frozen=True, slots=True)
class Contender:
    """How one way of answering fared over all questions."""

    name: str
    first: Spread
    total: Spread
    prompt_tokens: Spread
    answer_tokens: Spread

    @classmethod
    def of(cls, name: str, timings: Sequence[Timing]) -> "Contender":
        """From the timings of at least one question."""
        return cls(
            name,
            Spread.of([timing.first for timing in timings]),
            Spread.of([timing.total for timing in timings]),
            Spread.of([timing.prompt_tokens for timing in timings]),
            Spread.of([timing.answer_tokens for timing in timings]),
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value against its goal; a ratio unless it has a unit."""

    name: str
    value: Spread
    unit: str = ""
    goal: float | None = None
    better: Literal["higher", "lower"] = "higher"
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the median reaches the goal; None without one."""
        if self.goal is None:
            return None
        return self.value.median >= self.goal if self.better == "higher" else self.value.median <= self.goal


def at_least(goal: float, name: str, value: Spread, unit: str = "") -> Figure:
    """A figure whose median should be no less than the goal."""
    return Figure(name, value, unit, goal)


def at_most(goal: float, name: str, value: Spread, unit: str = "") -> Figure:
    """A figure whose median should be no more than the goal."""
    return Figure(name, value, unit, goal, "lower")


@dataclass(slots=True)
class BenchReport:
    """All that one run found."""

    model: str
    embedder: str
    articles: int
    passages: int
    questions: int
    contenders: list[Contender] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As plain values; each figure says whether its goal was reached."""
        document = asdict(self)
        for figure, values in zip(self.figures, document["figures"], strict=True):
            values["reached"] = figure.reached
        return document


def ratios(above: Sequence[float], below: Sequence[float]) -> Spread:
    """How often each value of `below` goes into the value of `above` that was measured beside it."""
    return Spread.of([one / max(other, 1e-9) for one, other in zip(above, below, strict=True)])
