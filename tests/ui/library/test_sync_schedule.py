import errno
from datetime import timedelta
from pathlib import Path

import pytest
from desk_of_syncs import NOON, DeskOfSyncs, HandClock
from tiny_footnote import wait_until

from index_store.errors import RunError, UsageError
from ui.library.sync_runner import SyncRunner
from ui.library.sync_runs import SyncRun, SyncRuns
from ui.library.sync_schedule import SOON, TRY_AGAIN, SyncSchedule

SIX_HOURS = timedelta(hours=6)


class Served:
    """A serving process with its schedule; `restart` is another one over the same runs."""

    def __init__(
        self,
        folder: Path,
        clock: HandClock,
        every: timedelta | None = SIX_HOURS,
        **of_each: timedelta,
    ) -> None:
        self.folder = folder
        self.clock = clock
        self.desk = DeskOfSyncs()
        self.runs = SyncRuns(folder / "syncs.jsonl")
        self.runner = SyncRunner(self.desk, self.runs, clock=clock)
        self.of_each = of_each
        self.schedule = SyncSchedule(
            self.runner, self.runs, every=every, of_each=lambda: self.of_each, clock=clock
        )

    def restart(self) -> "Served":
        return Served(self.folder, self.clock, **self.of_each)


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


HOUR = timedelta(hours=1)


@pytest.fixture
def three(tmp_path: Path) -> Served:
    """A feed every hour, a shelf every six, and one that is synced by hand, all synced at noon."""
    served = Served(tmp_path, HandClock(), feed=HOUR, shelf=SIX_HOURS, attic=timedelta(0))
    served.runner.sync("page")
    served.desk.asked.clear()
    return served


def test_each_source_keeps_to_its_own_schedule_and_the_others_are_left_alone(three: Served) -> None:
    assert three.schedule.next == three.schedule.next_of("feed") == NOON + HOUR
    assert three.schedule.next_of("shelf") == NOON + SIX_HOURS
    assert three.schedule.next_of("attic") is three.schedule.next_of("unknown") is None
    three.clock.advance(hours=1)
    assert three.schedule.look()
    assert three.desk.asked == [("only", "feed")]
    assert three.schedule.next_of("feed") == NOON + 2 * HOUR
    assert three.schedule.next_of("shelf") == NOON + SIX_HOURS
    assert not three.schedule.look()


def test_what_is_due_at_the_same_time_is_one_sync(three: Served) -> None:
    three.clock.advance(hours=6)
    assert three.schedule.look()
    assert not three.schedule.look()
    assert three.desk.asked == [("only", "feed", "shelf")]


def test_when_all_are_due_the_library_is_synced_as_a_whole(three: Served) -> None:
    three.of_each = {"feed": HOUR, "shelf": HOUR}
    three.clock.advance(days=1)
    assert three.schedule.look()
    assert three.desk.asked == [()]


def test_missed_runs_of_each_source_are_caught_up_after_a_restart(three: Served) -> None:
    three.clock.advance(hours=3)
    later = three.restart()
    assert later.schedule.next_of("feed") == NOON + 3 * HOUR + SOON
    assert later.schedule.next_of("shelf") == NOON + SIX_HOURS
    later.clock.advance(minutes=1)
    assert later.schedule.look()
    assert later.desk.asked == [("only", "feed")]


def test_a_new_source_is_due_soon_and_a_changed_time_counts_at_once(three: Served) -> None:
    three.runner.sync_sources("page", ["shelf"])
    three.clock.advance(minutes=30)
    three.of_each = {**three.of_each, "shelf": timedelta(minutes=20)}
    assert three.schedule.next_of("shelf") == NOON + timedelta(minutes=20)
    three.runner.sync_sources("page", ["feed", "shelf", "attic"])
    for run in three.runs.listed()[2:]:
        assert run.sources is None


def test_a_source_that_no_run_has_looked_at_is_due_soon(tmp_path: Path) -> None:
    served = Served(tmp_path, HandClock(), old=SIX_HOURS, new=SIX_HOURS)
    served.runner.sync_sources("page", ["old"])
    assert served.schedule.next_of("old") == NOON + SIX_HOURS
    assert served.schedule.next_of("new") == NOON + SOON


def test_a_failed_run_of_one_source_is_tried_again_soon_and_moves_no_other(three: Served) -> None:
    three.clock.advance(hours=1)
    three.desk.outcome = RunError("the store is away")
    assert three.schedule.look()
    assert three.runs.listed()[0].sources == ("feed",)
    assert three.schedule.next_of("feed") == NOON + HOUR + TRY_AGAIN
    assert three.schedule.next_of("shelf") == NOON + SIX_HOURS


def test_settings_that_cannot_be_read_leave_the_schedule_as_it_was(three: Served) -> None:
    def unreadable() -> dict[str, timedelta]:
        raise UsageError("settings file: not readable")

    before = three.schedule.next
    three.schedule._of_each = unreadable
    assert three.schedule.next == before


def test_a_source_that_changed_is_synced_alone_and_moves_no_other(three: Served) -> None:
    three.clock.advance(minutes=10)
    assert three.schedule.look(["shelf"])
    assert three.desk.asked == [("only", "shelf")]
    assert three.runs.listed()[0].why == "change"
    assert three.schedule.next_of("feed") == NOON + HOUR
    assert three.schedule.next_of("shelf") == NOON + timedelta(minutes=10) + SIX_HOURS


def test_what_changed_is_synced_with_what_is_due(three: Served) -> None:
    three.clock.advance(hours=1)
    assert three.schedule.look(["shelf"])
    assert three.desk.asked == [("only", "feed", "shelf")]
    assert three.runs.listed()[0].why == "schedule"


def test_a_change_is_seen_by_itself_once_it_is_started(
    three: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.library.sync_schedule._LOOK_SECONDS", 0.01)
    changes = [("shelf",)]
    three.schedule._changed = lambda: changes.pop() if changes else ()
    three.schedule.start()
    wait_until(lambda: three.desk.asked)
    three.schedule.close()
    assert three.desk.asked == [("only", "shelf")]
