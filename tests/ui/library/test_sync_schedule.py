import errno
from datetime import timedelta
from pathlib import Path

import pytest
from desk_of_syncs import NOON, DeskOfSyncs, HandClock
from tiny_footnote import wait_until

from index_store.errors import RunError
from ui.library.sync_runner import SyncRunner
from ui.library.sync_runs import SyncRun, SyncRuns
from ui.library.sync_schedule import SOON, TRY_AGAIN, SyncSchedule

SIX_HOURS = timedelta(hours=6)


class Served:
    """A serving process with its schedule; `restart` is another one over the same runs."""

    def __init__(self, folder: Path, clock: HandClock, every: timedelta | None = SIX_HOURS) -> None:
        self.folder = folder
        self.clock = clock
        self.desk = DeskOfSyncs()
        self.runs = SyncRuns(folder / "syncs.jsonl")
        self.runner = SyncRunner(self.desk, self.runs, clock=clock)
        self.schedule = SyncSchedule(self.runner, self.runs, every=every, clock=clock)

    def restart(self) -> "Served":
        return Served(self.folder, self.clock)


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return Served(tmp_path, HandClock())


def test_a_library_that_was_never_synced_is_synced_soon_and_then_every_six_hours(served: Served) -> None:
    assert (served.schedule.last, served.schedule.next) == (None, NOON + SOON)
    assert not served.schedule.look()
    served.clock.advance(minutes=1)
    assert served.schedule.look()
    assert served.schedule.last == NOON + SOON
    assert served.schedule.next == NOON + SOON + SIX_HOURS
    served.clock.advance(hours=5, minutes=59)
    assert not served.schedule.look()
    served.clock.advance(minutes=1)
    assert served.schedule.look()
    assert [run.why for run in served.runs.listed()] == ["schedule", "schedule"]


def test_a_sync_that_somebody_asked_for_moves_the_next_one(served: Served) -> None:
    served.clock.advance(hours=2)
    served.runner.sync("command")
    assert served.schedule.next == NOON + timedelta(hours=8)


def test_a_run_that_was_missed_while_nothing_served_comes_soon_after_the_start(served: Served) -> None:
    served.runner.sync("page")
    served.clock.advance(days=2)
    later = served.restart()
    assert later.schedule.next == NOON + timedelta(days=2) + SOON
    assert later.schedule.last == NOON
    assert not later.schedule.look()
    served.clock.advance(minutes=1)
    assert later.schedule.look()


def test_a_restart_before_the_time_changes_nothing(served: Served) -> None:
    served.runner.sync("page")
    served.clock.advance(hours=1)
    assert served.restart().schedule.next == NOON + SIX_HOURS


def test_a_machine_that_slept_catches_up_with_one_run(served: Served) -> None:
    served.runner.sync("page")
    served.clock.advance(days=3)
    assert served.schedule.look()
    assert not served.schedule.look()


@pytest.mark.parametrize("error", [RunError("the server is away"), ZeroDivisionError("inside")])
def test_a_failed_run_is_kept_and_tried_again_soon_and_the_schedule_goes_on(
    served: Served, error: Exception
) -> None:
    served.runner.sync("page")
    served.desk.outcome = error
    served.clock.advance(hours=6)
    assert served.schedule.look()
    failed = served.runs.listed()[0]
    assert not failed.completed
    assert len(failed.errors) == 1
    assert served.schedule.last == NOON
    assert served.schedule.next == NOON + SIX_HOURS + TRY_AGAIN
    served.clock.advance(minutes=15)
    assert served.schedule.look()


def test_a_failure_is_not_tried_again_later_than_the_next_run_would_come(tmp_path: Path) -> None:
    served = Served(tmp_path, HandClock(), timedelta(minutes=5))
    served.desk.outcome = RunError("away")
    served.clock.advance(minutes=1)
    served.schedule.look()
    assert served.schedule.next == NOON + timedelta(minutes=6)


def test_nothing_is_begun_while_a_sync_runs(served: Served) -> None:
    served.clock.advance(minutes=1)
    looked: list[bool] = []
    served.desk.within = lambda _: looked.append(served.schedule.look())
    served.runner.sync("page")
    assert looked == [False]


@pytest.mark.parametrize("every", [None, timedelta(0)])
def test_without_a_time_between_there_is_no_schedule(tmp_path: Path, every: timedelta | None) -> None:
    served = Served(tmp_path, HandClock(), every)
    served.clock.advance(days=9)
    assert served.schedule.next is None
    assert not served.schedule.look()
    served.schedule.start()
    served.schedule.close()
    assert served.desk.asked == []


def test_it_looks_by_itself_once_it_is_started_and_stops_when_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.library.sync_schedule._LOOK_SECONDS", 0.01)
    served = Served(tmp_path, HandClock())
    served.clock.advance(minutes=2)
    served.schedule.start()
    served.schedule.start()
    wait_until(served.runs.listed)
    served.schedule.close()
    served.schedule.close()
    assert len(served.runs.listed()) == 1


def test_a_clock_that_was_set_back_by_years_holds_no_sync_up(served: Served) -> None:
    served.clock.advance(days=2000)
    ahead = served.restart()
    served.clock.advance(minutes=1)
    assert ahead.schedule.look()
    served.clock.advance(days=-2000)
    assert ahead.schedule.next == served.clock() + SOON
    served.clock.advance(minutes=1)
    assert ahead.schedule.look()
    assert ahead.schedule.last == served.clock()
    assert ahead.schedule.next == served.clock() + SIX_HOURS
    # Another process of that day finds the same.
    later = served.restart()
    assert later.schedule.next == served.clock() + SIX_HOURS


def test_a_clock_that_is_set_forth_brings_one_sync_and_the_next_one_in_time(served: Served) -> None:
    served.clock.advance(minutes=1)
    assert served.schedule.look()
    served.clock.advance(days=30)
    assert served.schedule.look()
    assert not served.schedule.look()
    assert served.schedule.next == served.clock() + SIX_HOURS


def test_a_clock_that_is_corrected_by_a_minute_moves_no_sync(served: Served) -> None:
    served.clock.advance(minutes=1)
    assert served.schedule.look()
    due = served.schedule.next
    served.clock.advance(minutes=-1)
    assert served.schedule.next == due
    assert not served.schedule.look()


def test_a_run_that_cannot_be_kept_is_not_run_again_at_every_look(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: SyncRun) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(served.runs, "keep", full)
    served.clock.advance(minutes=1)
    assert served.schedule.look()
    served.clock.advance(minutes=1)
    assert not served.schedule.look()
    assert served.schedule.next == NOON + SOON + TRY_AGAIN
    served.clock.advance(minutes=14)
    assert served.schedule.look()
