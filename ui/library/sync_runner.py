"""Runs syncs one at a time, tells how far the running one is, and keeps what came of each."""

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.answer import Answer
from assistant.events import Turn
from index_store.errors import FootnoteError
from index_store.passage import ScoredPassage
from index_store.passage_store import ArticleSummary
from ui.desk import (
    ArticleView,
    Desk,
    Embedding,
    LibraryDesk,
    OnSync,
    OnWait,
    RemovedSource,
    Stopped,
    SyncStep,
    SyncSummary,
    ignored,
    never,
)
from ui.library.sync_runs import SyncRun, SyncRuns, Why

_logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
"""Tells the time, with its zone."""


def utc_now() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far a sync is. `ended` counts the syncs that ended since the process began.

    `total` is 0 while the sources are still being read.
    """

    running: bool = False
    why: Why | None = None
    done: int = 0
    total: int = 0
    step: SyncStep | None = None
    ended: int = 0


class SyncRunner:
    """The one way to a sync within the process that holds the library. Safe to use from several threads."""

    def __init__(
        self,
        desk: LibraryDesk,
        runs: SyncRuns,
        *,
        clock: Clock = utc_now,
        desk_of: Callable[[str], LibraryDesk] | None = None,
    ) -> None:
        """`desk_of` gives the desk of the person with an account, where it is another for each."""
        self._desk = desk
        self._desk_of = desk_of or (lambda _: desk)
        self._runs = runs
        self._clock = clock
        # Reentrant, as a rebuild syncs within itself.
        self._turn = threading.RLock()
        self._state = threading.Lock()
        self._progress = SyncProgress()
        self._wanted: dict[str, None] | None = None
        self._wanted_by: dict[str, None] = {}

    @property
    def progress(self) -> SyncProgress:
        """How far the running sync is."""
        return self._progress

    @property
    def is_wanted(self) -> bool:
        """Whether a sync is about to begin, behind the running one or by itself."""
        return self._wanted is not None

    def sync(
        self,
        why: Why,
        places: Sequence[str] = (),
        *,
        by: Sequence[str] = (),
        on_step: OnSync | None = None,
        on_wait: OnWait = ignored,
    ) -> SyncSummary:
        """Sync now, or when the running sync has ended, and keep the run. Raises what the desk raises.

        `by` are the accounts of those who asked for it; it is the first one's.
        """
        if not self._turn.acquire(blocking=False):
            on_wait("another sync is running: waiting for it to end")
            self._turn.acquire()
        try:
            desk = self._desk_of(by[0]) if by else self._desk
            return self._run(
                why,
                lambda tell: desk.sync(places, dry_run=False, on_step=tell, on_wait=on_wait),
                on_step,
                by=tuple(by),
            )
        finally:
            self._turn.release()

    def sync_sources(self, why: Why, sources: Collection[str]) -> SyncSummary:
        """Sync these sources alone, by their ids, and keep the run. Raises what the desk raises."""
        with self._turn:
            return self._run(
                why, lambda tell: self._desk.sync_sources(sources, on_step=tell), None, tuple(sorted(sources))
            )

    def rebuild(self, why: Why, *, on_step: OnSync) -> SyncSummary:
        """Delete the library and sync it anew, kept as a run. Raises what the desk raises."""
        with self._turn:
            return self._run(why, lambda tell: self._desk.rebuild(on_step=tell), on_step)

    def begin(self, places: Sequence[str] = (), *, why: Why = "page", by: str | None = None) -> None:
        """Have a sync run in the background, behind a running one; what is asked for meanwhile joins it.

        `by` is the account of whoever asks.
        """
        with self._state:
            waiting = self._wanted is not None
            self._wanted = {**(self._wanted or {}), **dict.fromkeys(places)}
            if by is not None:
                self._wanted_by[by] = None
            if waiting:
                return
        threading.Thread(target=self._behind, args=(why,), name="footnote-sync", daemon=True).start()

    def desk(self, why: Why) -> Desk:
        """The desk, whose syncs are run here and kept with this reason."""
        return _DeskOfRuns(self._desk, self, why)

    def _behind(self, why: Why) -> None:
        with self._turn:
            with self._state:
                places, self._wanted = tuple(self._wanted or ()), None
                by, self._wanted_by = tuple(self._wanted_by), {}
            try:
                self.sync(why, places, by=by)
            except FootnoteError as error:
                _logger.warning("the sync failed: %s", error)
            except Exception:
                _logger.exception("the sync failed")

    def _run(
        self,
        why: Why,
        work: Callable[[OnSync], SyncSummary],
        on_step: OnSync | None,
        sources: tuple[str, ...] | None = None,
        by: tuple[str, ...] = (),
    ) -> SyncSummary:
        began = self._clock()
        ended_before = self._progress.ended
        self._progress = SyncProgress(True, why, ended=ended_before)

        def tell(step: SyncStep, done: int, total: int) -> None:
            self._progress = SyncProgress(True, why, done, total, step, ended_before)
            if on_step is not None:
                on_step(step, done, total)

        try:
            summary = work(tell)
        except FootnoteError as error:
            self._keep(_broken_off(why, began, self._clock(), str(error), sources=sources, by=by))
            raise
        except BaseException as error:
            stopped = not isinstance(error, Exception)
            told = "it was stopped" if stopped else "something went wrong; details are in the log"
            self._keep(_broken_off(why, began, self._clock(), told, sources=sources, by=by))
            raise
        else:
            self._keep(_run_of(why, began, self._clock(), summary, by))
            return summary
        finally:
            self._progress = SyncProgress(ended=ended_before + 1)

    def _keep(self, run: SyncRun) -> None:
        try:
            self._runs.keep(run)
        except OSError as error:
            # The library is up to date all the same.
            _logger.warning("the run could not be kept: %s", error)


class _DeskOfRuns:
    """A Desk that passes everything on, and its syncs through the runner."""

    def __init__(self, desk: Desk, runner: SyncRunner, why: Why) -> None:
        self._desk = desk
        self._runner = runner
        self._why: Why = why

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        model: str | None = None,
        stopped: Stopped = never,
    ) -> Answer:
        """See Desk."""
        return self._desk.ask(question, history=history, model=model, stopped=stopped)

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        """See Desk."""
        return self._desk.search(question, limit)

    def sync(
        self, places: Sequence[str], *, dry_run: bool, on_step: OnSync, on_wait: OnWait = ignored
    ) -> SyncSummary:
        """See Desk; a dry run is no run."""
        if dry_run:
            return self._desk.sync(places, dry_run=True, on_step=on_step, on_wait=on_wait)
        return self._runner.sync(self._why, places, on_step=on_step, on_wait=on_wait)

    def remove_source(self, source: str) -> RemovedSource:
        """See Desk."""
        return self._desk.remove_source(source)

    def rebuild(self, *, on_step: OnSync) -> SyncSummary:
        """See Desk."""
        return self._runner.rebuild(self._why, on_step=on_step)

    def articles(self) -> list[ArticleSummary]:
        """See Desk."""
        return self._desk.articles()

    def article(self, path: str) -> ArticleView | None:
        """See Desk."""
        return self._desk.article(path)

    def embedding(self) -> Embedding:
        """See Desk."""
        return self._desk.embedding()

    def close(self) -> None:
        """See Desk."""
        self._desk.close()


def _run_of(why: Why, began: datetime, ended: datetime, summary: SyncSummary, by: tuple[str, ...]) -> SyncRun:
    return SyncRun(
        why=why,
        began=_iso(began),
        ended=_iso(ended),
        added=summary.added,
        changed=summary.changed,
        deleted=summary.deleted,
        kept=summary.kept,
        skipped=len(summary.skipped),
        left_out=summary.skipped,
        errors=tuple(f"not written: {step.why}" for step in summary.failed),
        sources=summary.sources,
        by=by,
    )


def _broken_off(
    why: Why,
    began: datetime,
    ended: datetime,
    error: str,
    *,
    sources: tuple[str, ...] | None,
    by: tuple[str, ...],
) -> SyncRun:
    return SyncRun(why, _iso(began), _iso(ended), completed=False, errors=(error,), sources=sources, by=by)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
