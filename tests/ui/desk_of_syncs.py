"""A desk whose syncs are scripted, for the tests of whatever runs, keeps and schedules them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from index_store.passage_store import ArticleSummary
from ui.desk import ArticleView, OnSync, OnWait, RemovedSource, SyncStep, SyncSummary, ignored

NOON = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
NOTHING = SyncSummary(
    dry_run=False,
    added=0,
    changed=0,
    deleted=0,
    kept=2,
    skipped=(),
    failed=(),
    steps=(),
    articles=2,
    passages=2,
    seconds=0.1,
)


def summary(**changes: Any) -> SyncSummary:
    return replace(NOTHING, **changes)


def skip(path: str, why: str = "binary data", source: str = "/articles") -> SyncStep:
    return SyncStep("skip", source, path, f"{path}: {why}" if path else why)


@dataclass
class HandClock:
    """A clock that is set by hand."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class DeskOfSyncs:
    """Notes what is asked of it. `outcome` is what a sync gives, or raises; `within` is called meanwhile."""

    outcome: SyncSummary | BaseException = NOTHING
    within: Callable[[OnSync], None] = lambda tell: None
    asked: list[tuple[str, ...]] = field(default_factory=list)
    dry_runs: int = 0
    rows: list[ArticleSummary] = field(default_factory=list)
    closed: bool = False

    def sync(
        self, places: Sequence[str], *, dry_run: bool, on_step: OnSync, on_wait: OnWait = ignored
    ) -> SyncSummary:
        if dry_run:
            self.dry_runs += 1
            return summary(dry_run=True, seconds=None)
        self.asked.append(tuple(places))
        return self._end(on_step)

    def sync_sources(
        self, sources: Collection[str], *, on_step: OnSync, on_wait: OnWait = ignored
    ) -> SyncSummary:
        self.asked.append(("only", *sorted(sources)))
        return replace(self._end(on_step), sources=tuple(sources))

    def remove_source(self, source: str) -> RemovedSource:
        return RemovedSource(source, source, 0)

    def rebuild(self, *, on_step: OnSync) -> SyncSummary:
        self.asked.append(("everything",))
        return self._end(on_step)

    def _end(self, on_step: OnSync) -> SyncSummary:
        self.within(on_step)
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome

    def articles(self) -> list[ArticleSummary]:
        return self.rows

    def article(self, path: str) -> ArticleView | None:
        return None

    def ask(self, question: str, **_: Any) -> Any:
        return f"answer to {question}"

    def search(self, question: str, limit: int) -> Any:
        return [question, limit]

    def embedding(self) -> Any:
        return "embedding"

    def close(self) -> None:
        self.closed = True
