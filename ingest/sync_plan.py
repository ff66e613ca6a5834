"""What a sync is going to do, and what it did: steps, each with one article."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ingest.articles_aside import ArticleAside
from ingest.passages.repetitions import Place

Action = Literal["add", "change", "delete", "keep", "skip"]

Drives = Mapping[str, Mapping[str, str]]
"""For the id of each source its drives; see Source.drives."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done with one article; `why` says so for what is skipped, or gone by its own word.

    `fingerprint` is of what the article was read from, where that is news. `place` says, of what is written,
    what it is to the other articles.
    """

    action: Action
    source: str
    path: str
    why: str | None = None
    article: ArticleAside | None = field(default=None, repr=False)
    fingerprint: str | None = None
    place: Place | None = None

    @property
    def key(self) -> str:
        """The article's key in the library."""
        return f"{self.source}\n{self.path}"


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """All steps, in the order in which they will be taken.

    In a plan that `is_settled` every article has its place among the others. `drives` are those that the
    sources were found on.
    """

    steps: tuple[Step, ...]
    is_settled: bool = False
    drives: Drives = field(default_factory=dict, repr=False)

    def of(self, action: Action) -> tuple[Step, ...]:
        """The steps of one kind."""
        return tuple(step for step in self.steps if step.action == action)

    def count(self, action: Action) -> int:
        """How many steps of one kind there are."""
        return len(self.of(action))

    @property
    def characters(self) -> int:
        """The length of all texts that are to be written."""
        return sum(step.article.characters for step in self.steps if step.article is not None)


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did. `failed` lists articles whose writing failed; they will be tried again.

    `characters_embedded` counts those of the passages that the library did not have before.
    """

    plan: SyncPlan
    failed: tuple[Step, ...]
    passages_written: int
    characters_embedded: int = 0


OnStep = Callable[[Step, int, int], None]
"""Hears of each change before it is made: the step, how many were made before it, and how many there are."""


def as_one(reports: Sequence[SyncReport]) -> SyncReport:
    """Reports on the portions of one sync, as one: of each article what became of it in all."""
    steps: dict[str, Step] = {}
    for report in reports:
        for step in report.plan.steps:
            before = steps.get(step.key)
            if before is None or before.action not in ("add", "change") or step.action == "delete":
                steps[step.key] = step
    return SyncReport(
        SyncPlan(tuple(steps.values()), is_settled=True),
        tuple(step for report in reports for step in report.failed),
        sum(report.passages_written for report in reports),
        sum(report.characters_embedded for report in reports),
    )
