"""The folder of states keeps to its budget, whoever uses it: what was not used for longest goes first."""

import os
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.engine.passage_states import StateKey
from assistant.engine.state_files import StateFiles

STATE = bytes(range(256)) * 4
HEADER = 64
PLENTY = 10**7


def key(number: int) -> StateKey:
    return StateKey("weights v1", "a" * 64, sha256(b"%d" % number).hexdigest())


KEY = key(1000)


def file_of(folder: Path, number: int) -> Path:
    (file,) = folder.glob(f"*/{key(number).passage[:32]}.state")
    return file


def loaded(files: StateFiles, key: StateKey) -> bytes | None:
    state = files.load(key)
    return None if state is None else bytes(state)


def sized(count: int) -> int:
    """A budget for so many states."""
    return count * (HEADER + len(STATE))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "not made yet" / "states"


def test_the_budget_holds_and_the_least_recently_used_go_first(folder: Path) -> None:
    files = StateFiles(folder, budget=sized(3))
    for number in range(3):
        assert not files.is_full()
        files.keep(key(number), STATE)
    assert files.is_full()
    files.load(key(0))
    files.keep(key(3), STATE)
    assert [files.has(key(number)) for number in range(4)] == [True, False, True, True]
    assert files.usage().bytes == sized(3)


def test_what_was_used_last_is_known_after_a_restart(folder: Path) -> None:
    files = StateFiles(folder, budget=sized(3))
    for number in range(3):
        files.keep(key(number), STATE)
        os.utime(file_of(folder, number), (number, number))
    StateFiles(folder, budget=sized(3)).load(key(0))
    StateFiles(folder, budget=sized(3)).keep(key(3), STATE)
    assert [files.has(key(number)) for number in range(4)] == [True, False, True, True]


def test_a_smaller_budget_is_kept_with_the_next_state(folder: Path) -> None:
    for number in range(5):
        StateFiles(folder, budget=PLENTY).keep(key(number), STATE)
    files = StateFiles(folder, budget=sized(2))
    files.keep(key(5), STATE)
    assert (files.usage().files, files.usage().bytes) == (2, sized(2))
    assert files.has(key(5))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(st.tuples(st.sampled_from("kld"), st.integers(0, 5), st.integers(0, 400)), max_size=20))
def test_the_count_is_what_lies_on_the_disk_and_within_the_budget(
    folder: Path, steps: list[tuple[str, int, int]]
) -> None:
    files = StateFiles(folder, budget=1000)
    for step, number, size in steps:
        if step == "k":
            files.keep(key(number), bytes(size))
        elif step == "l":
            files.load(key(number))
        else:
            files.drop(key(number))
        counted = files._bytes
        lying = sum(file.stat().st_size for file in folder.glob("*/*.state"))
        assert lying <= 1000
        assert files._sizes is None or counted == lying
        assert files.usage().bytes == lying
    assert files.usage().problem is None


def test_a_budget_of_nothing_keeps_nothing_and_is_full(folder: Path) -> None:
    files = StateFiles(folder, budget=0)
    files.keep(KEY, b"")
    assert files.is_full()
    assert not folder.exists()
    assert files.usage().files == 0


def test_a_state_larger_than_the_budget_drives_nothing_out(folder: Path) -> None:
    files = StateFiles(folder, budget=sized(1))
    files.keep(KEY, STATE)
    files.keep(key(1), STATE + b"x")
    assert files.has(KEY)
    assert not files.has(key(1))


def test_a_damaged_state_met_first_leaves_the_count_right(folder: Path) -> None:
    before = StateFiles(folder, budget=PLENTY)
    for number in range(4):
        before.keep(key(number), STATE)
        os.utime(file_of(folder, number), (number, number))
    file_of(folder, 3).write_bytes(b"damaged")
    after = StateFiles(folder, budget=sized(3))
    assert after.load(key(3)) is None
    assert after.is_full()
    after.keep(key(4), STATE)
    assert not after.has(key(0))
    assert after.usage().bytes == sized(3)


def test_two_instances_share_a_folder(folder: Path) -> None:
    one, other = (StateFiles(folder, budget=sized(3)) for _ in range(2))
    for number in range(8):
        (one, other)[number % 2].keep(key(number), STATE)
    for files in (one, other):
        assert all(loaded(files, key(number)) in (None, STATE) for number in range(8))
        assert loaded(files, key(6)) == loaded(files, key(7)) == STATE
    # What one has dropped, the other still counts, until it looks.
    one.drop(key(7))
    assert not other.has(key(7))
    assert loaded(other, key(7)) is None
    other.keep(key(8), STATE)
    assert one.usage().bytes == other.usage().bytes
    assert one.usage().problem is None


def test_many_threads_and_two_instances_leave_whole_states_within_the_budget(folder: Path) -> None:
    both = [StateFiles(folder, budget=sized(6)) for _ in range(2)]

    def use(number: int) -> bool:
        files, mine = both[number % 2], key(number % 9)
        state = bytes([number % 9]) * len(STATE)
        if number % 3:
            files.keep(mine, state)
        if number % 7 == 0:
            files.drop(mine)
        return loaded(files, mine) in (None, state)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(use, range(300)))
    for files in both:
        files.usage()
        files.keep(key(100), STATE)
        assert files.usage().bytes <= sized(6)
        assert files.usage().problem is None
    assert not list(folder.glob("*/*.partial"))
