"""When the sources are synced by themselves: every few hours, and soon where a sync was missed."""

import logging
import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from index_store.errors import FootnoteError
from ui.library.sync_runner import Clock, SyncRunner, utc_now
from ui.library.sync_runs import SyncRun, SyncRuns

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


class SyncSchedule:
    """Syncs all sources every so often. A sync that fails is kept as a run; the next one comes all the same.

    It looks at the clock every few seconds and at the runs that were kept, whoever asked for them. So a
    machine that slept, a clock that was set, and a process that was not there come out alike: what is due
    is done soon. A run that ended in the future, by a clock that has been set back since, tells nothing.
    """

    def __init__(
        self, runner: SyncRunner, runs: SyncRuns, *, every: timedelta | None, clock: Clock = utc_now
    ) -> None:
        """`every` None, or of no length, syncs never by itself."""
        self._runner = runner
        self._runs = runs
        self._every = every if every else None
        self._clock = clock
        self._began = clock()
        self._tried: datetime | None = None
        self._scheduler: BackgroundScheduler | None = None

    @property
    def every(self) -> timedelta | None:
        """The time from one sync to the next; None where there is no schedule."""
        return self._every

    @property
    def last(self) -> datetime | None:
        """When the last sync that got to its end ended."""
        return next((run.ended_at for run in self._runs.listed() if run.completed), None)

    @property
    def next(self) -> datetime | None:
        """When the next sync begins by itself; in the past where it is about to. None without a schedule."""
        if self._every is None:
            return None
        now = self._clock()
        self._began = min(self._began, now)
        runs = self._runs.listed()
        is_known = bool(runs) and runs[0].ended_at <= now + _CLOCKS_DIFFER
        due = self._due(runs[0], self._every) if is_known else self._began
        if (
            self._tried is not None
            and self._tried <= now
            and not (is_known and runs[0].ended_at >= self._tried)
        ):
            # What it ran could not be kept: on a full disk it would run again at every look.
            due = max(due, self._tried + min(self._every, TRY_AGAIN))
        return max(due, self._began + SOON)

    @property
    def is_due(self) -> bool:
        """Whether it is time, and no sync is running."""
        due = self.next
        return due is not None and self._clock() >= due and not self._runner.progress.running

    def look(self) -> bool:
        """Sync if one is due; whether one was run. Raises nothing."""
        if not self.is_due:
            return False
        self._tried = self._clock()
        try:
            self._runner.sync("schedule")
        except FootnoteError as error:
            _logger.warning("the scheduled sync failed: %s", error)
        except Exception:
            _logger.exception("the scheduled sync failed")
        return True

    def start(self) -> None:
        """Begin to look, in a thread of its own."""
        if self._every is None or self._scheduler is not None:
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

    @staticmethod
    def _due(newest: SyncRun, every: timedelta) -> datetime:
        return newest.ended_at + (every if newest.completed else min(every, TRY_AGAIN))
