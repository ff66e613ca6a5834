from dataclasses import replace
from pathlib import Path

from desk_of_syncs import skip

from ui.library.sync_runs import MOST_RUNS, SyncRun, SyncRuns, newest_of

RUN = SyncRun("page", "2026-03-05T12:00:00+00:00", "2026-03-05T12:00:03+00:00", added=2, kept=5)


def test_runs_are_kept_newest_first_and_whole(tmp_path: Path) -> None:
    runs = SyncRuns(tmp_path / "new" / "syncs.jsonl")
    other = replace(
        RUN,
        why="schedule",
        completed=False,
        errors=("the store is away\nand back",),
        skipped=1,
        left_out=(skip("a.txt"),),
    )
    runs.keep(RUN)
    runs.keep(other)
    assert SyncRuns(tmp_path / "new" / "syncs.jsonl").listed() == (other, RUN)


def test_no_more_than_fifty_are_kept(tmp_path: Path) -> None:
    runs = SyncRuns(tmp_path / "syncs.jsonl")
    for number in range(MOST_RUNS + 3):
        runs.keep(replace(RUN, added=number))
    assert [run.added for run in runs.listed()] == list(range(52, 2, -1))


def test_the_newest_run_lists_all_that_it_left_out_and_earlier_ones_a_part(tmp_path: Path) -> None:
    runs = SyncRuns(tmp_path / "syncs.jsonl")
    many = replace(RUN, skipped=300, left_out=tuple(skip(f"{n}.txt") for n in range(300)))
    runs.keep(many)
    runs.keep(many)
    newest, earlier = runs.listed()
    assert (len(newest.left_out), len(earlier.left_out)) == (300, 20)
    assert earlier.skipped == 300


def test_a_line_that_is_no_run_hides_none_of_the_others(tmp_path: Path) -> None:
    file = tmp_path / "syncs.jsonl"
    runs = SyncRuns(file)
    runs.keep(RUN)
    half = file.read_bytes()[:40]
    wrong_time = file.read_bytes().replace(b"12:00:03", b"noon")
    file.write_bytes(half + b"\n\xff\xfe\n" + wrong_time + file.read_bytes())
    assert runs.listed() == (RUN,)
    runs.keep(RUN)
    assert runs.listed() == (RUN, RUN)


def test_a_missing_file_holds_no_run(tmp_path: Path) -> None:
    assert SyncRuns(tmp_path / "syncs.jsonl").listed() == ()


def test_a_name_that_is_no_utf8_is_kept_as_far_as_it_can_be(tmp_path: Path) -> None:
    runs = SyncRuns(tmp_path / "syncs.jsonl")
    runs.keep(replace(RUN, errors=("caf\udce9.md: not written",)))
    assert runs.listed()[0].errors == ("caf?.md: not written",)


def test_the_newest_run_of_each_source_stays_however_many_others_follow(tmp_path: Path) -> None:
    runs = SyncRuns(tmp_path / "syncs.jsonl", most=3)
    left_out = tuple(skip(f"{n}.txt") for n in range(30))
    runs.keep(replace(RUN, sources=("daily", "weekly"), left_out=left_out))
    runs.keep(replace(RUN, sources=("daily",), added=1, left_out=left_out))
    runs.keep(replace(RUN, sources=("weekly",), completed=False))
    for number in range(5):
        runs.keep(replace(RUN, sources=("hourly",), added=number))
    listed = runs.listed()
    assert [run.sources for run in listed] == [("hourly",)] * 3 + [("daily",), ("daily", "weekly")]
    daily = newest_of(listed, "daily")
    assert daily is not None
    assert (daily.added, len(daily.left_out)) == (1, 30)
    weekly = newest_of(listed, "weekly")
    assert weekly is not None
    assert len(weekly.left_out) == 30
    assert newest_of(listed, "other") is None
    runs.keep(RUN)
    runs.keep(RUN)
    runs.keep(RUN)
    assert [run.sources for run in runs.listed()] == [None] * 3
