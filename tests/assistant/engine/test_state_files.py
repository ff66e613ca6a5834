"""A state comes back whole or not at all, whatever has happened to its file; the budget holds."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.engine.passage_states import NoStates, StateKey, hash_of
from assistant.engine.state_files import StateFiles

KEY = StateKey("weights v1", "a" * 64, "b" * 64)
STATE = bytes(range(256)) * 4
HEADER = 64
PLENTY = 10**7


def key(number: int) -> StateKey:
    return replace(KEY, passage=sha256(b"%d" % number).hexdigest())


def loaded(files: StateFiles, key: StateKey) -> bytes | None:
    state = files.load(key)
    return None if state is None else bytes(state)


def kept_file(folder: Path) -> Path:
    """The one state that the folder holds."""
    (file,) = folder.glob("*/*.state")
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "not made yet" / "states"


@pytest.fixture
def files(folder: Path) -> StateFiles:
    return StateFiles(folder, budget=PLENTY)


def test_what_was_kept_comes_back_also_to_another_instance(files: StateFiles, folder: Path) -> None:
    assert not files.has(KEY)
    assert loaded(files, KEY) is None
    files.keep(KEY, STATE)
    for one in (files, StateFiles(folder, budget=PLENTY)):
        assert one.has(KEY)
        assert loaded(one, KEY) == STATE
        assert (one.usage().files, one.usage().bytes, one.usage().budget) == (1, HEADER + 1024, PLENTY)


@pytest.mark.parametrize("state", [b"", b"\x00", b"x" * 1_000_000])
def test_a_state_may_be_of_any_length(files: StateFiles, state: bytes) -> None:
    files.keep(KEY, state)
    assert loaded(files, KEY) == state


def test_what_was_loaded_may_be_written_into(files: StateFiles) -> None:
    """llama.cpp takes it from where it lies, without a copy."""
    files.keep(KEY, STATE)
    state = files.load(KEY)
    assert isinstance(state, bytearray)


def test_a_state_kept_again_takes_the_place_of_the_first(files: StateFiles) -> None:
    files.keep(KEY, STATE)
    files.keep(KEY, b"shorter")
    assert loaded(files, KEY) == b"shorter"
    assert files.usage().bytes == HEADER + 7
    assert not files.is_full()


@pytest.mark.parametrize("field", ["model", "prefix", "passage"])
def test_another_model_prefix_or_passage_has_a_state_of_its_own(files: StateFiles, field: str) -> None:
    other = replace(KEY, **{field: "c" * 64})
    files.keep(KEY, STATE)
    assert not files.has(other)
    assert loaded(files, other) is None
    files.keep(other, b"other")
    assert loaded(files, KEY) == STATE
    assert loaded(files, other) == b"other"


def test_a_dropped_state_is_gone(files: StateFiles) -> None:
    files.keep(KEY, STATE)
    files.drop(KEY)
    files.drop(KEY)
    assert loaded(files, KEY) is None
    assert (files.usage().files, files.usage().bytes, files.usage().problem) == (0, 0, None)


def flip(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "nothing left": lambda data: b"",
    "a part of the header": lambda data: data[: HEADER - 1],
    "the header alone": lambda data: data[:HEADER],
    "half the state": lambda data: data[: HEADER + len(STATE) // 2],
    "a byte short": lambda data: data[:-1],
    "a byte more": lambda data: data + b"\x00",
    "a byte of the magic": lambda data: flip(data, 0),
    "a byte of the key": lambda data: flip(data, 20),
    "a byte of the length": lambda data: flip(data, 45),
    "a byte of the hash": lambda data: flip(data, 60),
    "the first byte": lambda data: flip(data, HEADER),
    "the last byte": lambda data: flip(data, len(data) - 1),
    "zeros, as after a power cut": lambda data: bytes(len(data)),
    "a foreign file": lambda data: b"<html>Not found</html>" * 100,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_state_is_dropped_told_and_never_returned(
    files: StateFiles, folder: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    files.keep(KEY, STATE)
    file = kept_file(folder)
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    anew = StateFiles(folder, budget=PLENTY)
    with caplog.at_level(logging.WARNING):
        assert loaded(anew, KEY) is None
    assert not file.exists()
    assert "damaged or not of Footnote's making; it is dropped" in caplog.text
    assert "damaged" in (anew.usage().problem or "")
    anew.keep(KEY, STATE)
    assert loaded(anew, KEY) == STATE


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(place=st.integers(0, HEADER + len(STATE) - 1), bit=st.integers(0, 7))
def test_no_flipped_bit_goes_unnoticed(files: StateFiles, folder: Path, place: int, bit: int) -> None:
    files.keep(KEY, STATE)
    data = bytearray(kept_file(folder).read_bytes())
    data[place] ^= 1 << bit
    kept_file(folder).write_bytes(data)
    assert loaded(files, KEY) is None


def test_a_state_under_the_name_of_another_is_not_taken_for_it(files: StateFiles, folder: Path) -> None:
    files.keep(key(1), STATE)
    file = kept_file(folder)
    data = file.read_bytes()
    files.drop(key(1))
    files.keep(key(2), STATE)
    kept_file(folder).write_bytes(data)
    assert loaded(files, key(2)) is None


def test_no_memory_is_taken_for_a_huge_file_that_is_no_state(files: StateFiles, folder: Path) -> None:
    files.keep(KEY, STATE)
    with kept_file(folder).open("r+b") as file:
        file.truncate(2**40)  # a hole, that takes no room on the disk
    assert loaded(files, KEY) is None
    assert not files.has(KEY)


def test_keys_are_of_whole_tokens() -> None:
    assert hash_of([1, 23]) != hash_of([12, 3])
    assert hash_of([1]) != hash_of([1, 0])
    assert len({hash_of([token]) for token in (1, 257, 65_537, 151_000)}) == 4
    assert hash_of([]) == hash_of(())


def test_without_states_nothing_is_kept() -> None:
    states = NoStates()
    states.keep(KEY, STATE)
    states.drop(KEY)
    assert states.load(KEY) is None
    assert not states.has(KEY)


# What a process does that is killed after the bytes are written and before the file has its name.
KILLED = """
import os, sys
from pathlib import Path
from assistant.engine.passage_states import StateKey
from assistant.engine.state_files import StateFiles
os.replace = lambda *_: os._exit(9)
StateFiles(Path(sys.argv[1]), budget=10**7).keep(StateKey(*sys.argv[2:]), bytes(range(256)) * 4)
"""


@pytest.mark.whole
def test_a_kill_before_the_file_has_its_name_leaves_nothing_that_is_loaded(
    files: StateFiles, folder: Path
) -> None:
    arguments = [sys.executable, "-c", KILLED, str(folder), KEY.model, KEY.prefix, KEY.passage]
    assert subprocess.run(arguments, check=False).returncode == 9
    (left,) = folder.glob("*/*")
    assert left.suffix == ".partial"
    assert not files.has(KEY)
    assert loaded(files, KEY) is None
    assert files.usage().files == 0
    # It may be another process's that is at it; only what is old is taken away.
    assert left.exists()
    os.utime(left, (0, 0))
    assert files.usage().files == 0
    assert not left.exists()
