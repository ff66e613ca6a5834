import threading
from pathlib import Path

import pytest
from desk_of_syncs import DeskOfSyncs, HandClock, skip, summary
from tiny_footnote import wait_until

from index_store.errors import RunError
from ui.desk import OnSync, SyncStep
from ui.library.sync_runner import SyncProgress, SyncRunner
from ui.library.sync_runs import SyncRuns


@pytest.fixture
def runs(tmp_path: Path) -> SyncRuns:
    return SyncRuns(tmp_path / "syncs.jsonl")


def test_a_sync_is_kept_with_its_reason_times_and_counts(runs: SyncRuns) -> None:
    clock = HandClock()
    failed = SyncStep("skip", "/articles", "b.md", "disk full")
    desk = DeskOfSyncs(summary(added=3, changed=1, deleted=2, skipped=(skip("a.txt"),), failed=(failed,)))
    desk.within = lambda _: clock.advance(seconds=8)
    SyncRunner(desk, runs, clock=clock).sync("schedule")
    (run,) = runs.listed()
    assert (run.why, run.began, run.ended) == (
        "schedule",
        "2026-03-05T12:00:00.000+00:00",
        "2026-03-05T12:00:08.000+00:00",
    )
    assert (run.added, run.changed, run.deleted, run.kept, run.skipped) == (3, 1, 2, 2, 1)
    assert run.left_out == (skip("a.txt"),)
    assert run.errors == ("not written: disk full",)
    assert run.completed


def test_a_sync_that_fails_is_kept_with_its_error_and_raised(runs: SyncRuns) -> None:
    runner = SyncRunner(DeskOfSyncs(RunError("the server is away")), runs)
    with pytest.raises(RunError, match="away"):
        runner.sync("command")
    (run,) = runs.listed()
    assert (run.completed, run.errors) == (False, ("the server is away",))
    assert not runner.progress.running


def test_an_error_that_is_not_ours_is_not_shown_to_people(runs: SyncRuns) -> None:
    runner = SyncRunner(DeskOfSyncs(ZeroDivisionError("inside")), runs)
    with pytest.raises(ZeroDivisionError):
        runner.sync("page")
    assert runs.listed()[0].errors == ("something went wrong; details are in the log",)


def test_progress_tells_step_and_reason_and_counts_what_ended(runs: SyncRuns) -> None:
    seen: list[SyncProgress] = []
    heard: list[int] = []
    step = SyncStep("add", "/articles", "a.md")
    desk = DeskOfSyncs()
    runner = SyncRunner(desk, runs)

    def within(tell: OnSync) -> None:
        seen.append(runner.progress)
        tell(step, 1, 4)
        seen.append(runner.progress)

    desk.within = within
    runner.sync("page", on_step=lambda step, done, total: heard.append(done))
    assert seen == [SyncProgress(True, "page"), SyncProgress(True, "page", 1, 4, step)]
    assert heard == [1]
    assert runner.progress == SyncProgress(ended=1)


def test_one_sync_at_a_time_and_the_one_that_waits_says_so(runs: SyncRuns) -> None:
    inside, go_on = threading.Event(), threading.Event()
    at_once = 0
    most = 0

    def within(_: OnSync) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        inside.set()
        assert go_on.wait(60)
        at_once -= 1

    desk = DeskOfSyncs(within=within)
    runner = SyncRunner(desk, runs)
    told: list[str] = []
    first = threading.Thread(target=lambda: runner.sync("schedule"))
    first.start()
    assert inside.wait(60)
    second = threading.Thread(target=lambda: runner.sync("command", on_wait=told.append))
    second.start()
    wait_until(lambda: told)
    go_on.set()
    first.join(60)
    second.join(60)
    assert told == ["another sync is running: waiting for it to end"]
    assert (most, len(runs.listed())) == (1, 2)


def test_what_the_page_asks_for_while_a_sync_runs_becomes_one_more_sync(runs: SyncRuns) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def within(_: OnSync) -> None:
        inside.set()
        assert go_on.wait(60)

    desk = DeskOfSyncs(within=within)
    runner = SyncRunner(desk, runs)
    runner.begin()
    assert inside.wait(60)
    for place in ("/one", "/two", "/one"):
        runner.begin([place])
    assert runner.is_wanted
    go_on.set()
    wait_until(lambda: len(runs.listed()) == 2)
    assert desk.asked == [(), ("/one", "/two")]
    assert not runner.is_wanted


def test_a_sync_is_of_those_who_asked_for_it_and_of_the_first_one_s_desk(runs: SyncRuns) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def within(_: OnSync) -> None:
        inside.set()
        assert go_on.wait(10)

    desks = {name: DeskOfSyncs() for name in ("ada", "edgar")}
    runner = SyncRunner(DeskOfSyncs(within=within), runs, desk_of=desks.__getitem__)
    runner.begin()
    assert inside.wait(10)
    for name in ("edgar", "ada", "edgar"):
        runner.begin(by=name)
    go_on.set()
    wait_until(lambda: len(runs.listed()) == 2)
    assert [run.by for run in runs.listed()] == [("edgar", "ada"), ()]
    assert (desks["edgar"].asked, desks["ada"].asked) == ([()], [])
    runner.begin(by="ada")
    wait_until(lambda: len(runs.listed()) == 3)
    assert runs.listed()[0].by == ("ada",)
    broken = SyncRunner(DeskOfSyncs(RunError("away")), runs)
    broken.begin(by="ada")
    wait_until(lambda: len(runs.listed()) == 4)
    assert (runs.listed()[0].by, runs.listed()[0].completed) == (("ada",), False)


def test_a_sync_in_the_background_that_fails_breaks_nothing(runs: SyncRuns) -> None:
    desk = DeskOfSyncs(RunError("away"))
    runner = SyncRunner(desk, runs)
    for number in (1, 2):
        runner.begin()
        wait_until(lambda number=number: runner.progress.ended == number)
    assert [run.errors for run in runs.listed()] == [("away",), ("away",)]


def test_runs_that_cannot_be_kept_do_not_fail_the_sync(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    runner = SyncRunner(DeskOfSyncs(), SyncRuns(tmp_path / "file" / "syncs.jsonl"))
    assert runner.sync("page").kept == 2


def test_the_desk_of_the_runner_keeps_its_syncs_and_passes_the_rest_on(runs: SyncRuns) -> None:
    inner = DeskOfSyncs()
    desk = SyncRunner(inner, runs).desk("command")
    desk.sync(["/a"], dry_run=True, on_step=lambda *_: None)
    assert (inner.dry_runs, runs.listed()) == (1, ())
    desk.sync(["/a"], dry_run=False, on_step=lambda *_: None)
    desk.rebuild(on_step=lambda *_: None)
    assert inner.asked == [("/a",), ("everything",)]
    assert [run.why for run in runs.listed()] == ["command", "command"]
    assert str(desk.ask("why?")) == "answer to why?"
    assert (len(desk.search("x", 3)), desk.articles(), desk.article("x")) == (2, [], None)
    assert str(desk.embedding()) == "embedding"
    desk.close()
    assert inner.closed
