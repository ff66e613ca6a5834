"""When the sources are synced by themselves: each every so often, and soon where a sync was missed, or where
a folder has changed.
"""

import logging
import threading
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from index_store.errors import FootnoteError
from ui.library.sync_runner import Clock, SyncRunner, utc_now
from ui.library.sync_runs import SyncRun, SyncRuns, Why

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

_logger = logging.getLogger(__name__)

SOON = timedelta(minutes=1)
"""How long after the start a missed sync waits: the page and the model come first."""

TRY_AGAIN = timedelta(minutes=15)
"""How long after a sync that did not get to its end the next one comes, unless it is due sooner."""

_LOOK_SECONDS = 20
# By so much a clock that is being corrected may stand behind what it was.
_CLOCKS_DIFFER = timedelta(minutes=5)

OfEach = Callable[[], Mapping[str, timedelta]]
"""Tells for the id of each source the time from one sync to the next; of no length where there is none."""


class SyncSchedule:
    """Syncs each source every so often. A sync that fails is kept as a run; the next one comes all the same.

    It looks at the clock every few seconds and at the runs that were kept, whoever asked for them. So a
    machine that slept, a clock that was set, and a process that was not there come out alike: what is due
    is done soon. What is due at the same time is one sync; the sources that are not are left alone. A run
    that ended in the future, by a clock that has been set back since, tells nothing.
    """

    def __init__(
        self,
        runner: SyncRunner,
        runs: SyncRuns,
        *,
        every: timedelta | None,
        of_each: OfEach = dict,
        changed: Callable[[], Collection[str]] = tuple,
        clock: Clock = utc_now,
    ) -> None:
        """`every` is of the library as a whole, where `of_each` tells no source. None syncs never by itself.

        `of_each` may raise FootnoteError: what it said before goes on then. `changed` tells the ids of the
        sources that have changed, each change once.
        """
        self._runner = runner
        self._runs = runs
        self._every = every if every else None
        self._of_each = of_each
        self._changed = changed
        self._watching = threading.Lock()
        self._known: Mapping[str, timedelta] = {}
        self._clock = clock
        self._began = clock()
        self._tried: dict[str | None, datetime] = {}
        self._scheduler: BackgroundScheduler | None = None

    @property
    def every(self) -> timedelta | None:
        """The time from one sync to the next of what has none of its own; None where there is no schedule."""
        return self._every

    @property
    def last(self) -> datetime | None:
        """When the last sync that got to its end ended."""
        return next((run.ended_at for run in self._runs.listed() if run.completed), None)

    @property
    def next(self) -> datetime | None:
        """When the next sync begins by itself; in the past where it is about to. None without a schedule."""
        return min(self._times().values(), default=None)

    def next_of(self, source: str) -> datetime | None:
        """When the source with this id is synced next by itself; None where it has no schedule."""
        return self._times().get(source)

    @property
    def is_due(self) -> bool:
        """Whether it is time for any source, and no sync is running."""
        due = self.next
        return due is not None and self._clock() >= due and not self._runner.progress.running

    def look(self, changed: Collection[str] = ()) -> bool:
        """Sync what is due, and what is `changed`; whether anything was. Raises nothing."""
        if self._runner.progress.running:
            return False
        now = self._clock()
        times = self._times()
        due = [source for source, at in times.items() if now >= at]
        if not due and not changed:
            return False
        self._tried.update(dict.fromkeys(due, now))
        chosen = sorted({source for source in (*due, *changed) if source is not None})
        why: Why = "schedule" if due else "change"
        try:
            if None in due or (due and len(chosen) >= len(self._known)):
                self._runner.sync(why)
            else:
                self._runner.sync_sources(why, chosen)
        except FootnoteError as error:
            _logger.warning("the sync by %s failed: %s", why, error)
        except Exception:
            _logger.exception("the sync by %s failed", why)
        return True

    def start(self) -> None:
        """Begin to look, in a thread of its own."""
        if self._scheduler is not None:
            return
        from apscheduler.schedulers.background import BackgroundScheduler

        # It tells of every look at the clock.
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        self._scheduler = BackgroundScheduler(timezone="UTC", daemon=True)
        self._scheduler.add_job(
            self._look_behind,
            "interval",
            seconds=_LOOK_SECONDS,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        self._scheduler.start()

    def close(self) -> None:
        """Look no more; a sync that is running goes on until its desk is closed."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    def _look_behind(self) -> None:
        # The scheduler's own thread would have to come to its end before the process can.
        if self.is_due:
            threading.Thread(target=self.look, name="footnote-schedule", daemon=True).start()
        if not self._runner.progress.running and self._watching.acquire(blocking=False):
            threading.Thread(target=self._watch, name="footnote-watch", daemon=True).start()

    def _watch(self) -> None:
        """Sync what has changed. A drive that does not answer holds up nothing but this."""
        try:
            changed = self._changed()
        finally:
            self._watching.release()
        if changed:
            self.look(changed)

    def _times(self) -> dict[str | None, datetime]:
        """When each source is due; None stands for the library as a whole, where there is no source."""
        try:
            self._known = self._of_each()
        except FootnoteError as error:
            _logger.warning("the schedule stays as it was: %s", error)
        every: dict[str | None, timedelta | None] = dict(self._known.items()) or {None: self._every}
        runs = self._runs.listed()
        now = self._clock()
        self._began = min(self._began, now)
        times = {}
        for source, between in every.items():
            if between:
                concerned = (run for run in runs if source is None or run.concerns(source))
                times[source] = self._time_of(source, between, next(concerned, None), now)
        return times

    def _time_of(
        self, source: str | None, every: timedelta, newest: SyncRun | None, now: datetime
    ) -> datetime:
        if newest is not None and newest.ended_at > now + _CLOCKS_DIFFER:
            newest = None
        due = self._due(newest, every) if newest else self._began
        tried = self._tried.get(source)
        if tried is not None and tried <= now and not (newest and newest.ended_at >= tried):
            # What it ran could not be kept: on a full disk it would run again at every look.
            due = max(due, tried + min(every, TRY_AGAIN))
        return max(due, self._began + SOON)

    @staticmethod
    def _due(newest: SyncRun, every: timedelta) -> datetime:
        return newest.ended_at + (every if newest.completed else min(every, TRY_AGAIN))
