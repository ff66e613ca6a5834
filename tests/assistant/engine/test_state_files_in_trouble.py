"""Whatever the disk does, no question fails for it: what is wrong is told, and states are read anew."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NoReturn

import pytest

from assistant.engine.passage_states import StateKey
from assistant.engine.state_files import StateFiles

KEY = StateKey("weights v1", "a" * 64, "b" * 64)
OTHER = StateKey("weights v1", "a" * 64, "c" * 64)
STATE = b"what was read" * 100
PLENTY = 10**7


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "states"


@pytest.fixture
def files(folder: Path) -> StateFiles:
    made = StateFiles(folder, budget=PLENTY)
    made.keep(KEY, STATE)
    return made


def loaded(files: StateFiles, key: StateKey) -> bytes | None:
    state = files.load(key)
    return None if state is None else bytes(state)


def failing(code: int) -> Callable[..., NoReturn]:
    def fail(*_: Any, **__: Any) -> NoReturn:
        raise OSError(code, os.strerror(code))

    return fail


def use(files: StateFiles) -> None:
    """All that a question or the warming may do."""
    files.keep(OTHER, STATE)
    files.has(KEY)
    files.load(KEY)
    files.load(OTHER)
    files.is_full()
    files.usage()
    files.drop(OTHER)


def test_a_disk_that_is_full_is_told_and_leaves_no_half_file(
    files: StateFiles, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:

    make = NamedTemporaryFile

    def full(*arguments: Any, **options: Any) -> Any:
        made: Any = make(*arguments, **options)
        made.write = failing(errno.ENOSPC)
        return made

    monkeypatch.setattr("assistant.engine.state_files.NamedTemporaryFile", full)
    for _ in range(3):
        files.keep(OTHER, STATE)
    assert "No space left on device" in (files.usage().problem or "")
    assert caplog.text.count("No space left") == 1  # and not at every question
    assert not files.has(OTHER)
    assert [file.suffix for file in folder.glob("*/*")] == [".state"]
    monkeypatch.undo()
    files.keep(OTHER, STATE)
    assert loaded(files, OTHER) == STATE
    assert loaded(files, KEY) == STATE


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO, errno.EDQUOT])
@pytest.mark.parametrize("name", ["os.replace", "os.mkdir", "os.utime", "os.unlink", "os.stat", "os.scandir"])
def test_no_error_of_the_disk_is_raised(
    files: StateFiles, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: int
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(name, failing(code))
        use(files)
        use(StateFiles(folder, budget=PLENTY))
    anew = StateFiles(folder, budget=PLENTY)
    anew.keep(KEY, STATE)
    assert loaded(anew, KEY) == STATE


@pytest.mark.parametrize("name", ["os.replace", "os.mkdir"])
def test_what_cannot_be_kept_is_told(files: StateFiles, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(name, failing(errno.EROFS))
        shutil.rmtree(files._folder)
        if name == "os.replace":
            files._folder.mkdir()
        files.keep(OTHER, STATE)
    problem = files.usage().problem or ""
    assert "cannot be kept" in problem
    assert "Read-only file system" in problem
    assert "\n" not in problem


def test_a_file_that_cannot_be_read_is_told_and_kept_for_better_days(
    files: StateFiles, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Path, "open", failing(errno.EIO))
        assert loaded(files, KEY) is None
    assert "cannot be read (Input/output error)" in (files.usage().problem or "")
    assert loaded(files, KEY) == STATE


def test_a_folder_deleted_under_way_is_made_anew(files: StateFiles, folder: Path) -> None:
    shutil.rmtree(folder)
    assert not files.has(KEY)
    assert loaded(files, KEY) is None
    files.drop(KEY)
    assert files.usage().files == 0
    files.keep(KEY, STATE)
    assert loaded(files, KEY) == STATE
    assert files.usage().files == 1


def test_a_state_deleted_under_way_is_counted_no_more(files: StateFiles, folder: Path) -> None:
    files.keep(OTHER, STATE)
    next(folder.glob(f"*/{KEY.passage[:32]}.state")).unlink()
    assert (files.usage().files, files.usage().problem) == (1, None)


@pytest.mark.parametrize("in_the_way", ["", "states"])
def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path, in_the_way: str) -> None:
    place = tmp_path / "home"
    (place / in_the_way).parent.mkdir(exist_ok=True)
    (place / in_the_way if in_the_way else place).write_text("mine")
    files = StateFiles(place / "states", budget=PLENTY)
    assert files.usage().problem is not None  # before anything was tried
    files.keep(KEY, STATE)
    assert "cannot be kept" in (files.usage().problem or "")
    use(files)


def test_a_folder_in_the_place_of_a_state_is_left_alone(files: StateFiles, folder: Path) -> None:
    (file,) = folder.glob("*/*.state")
    file.unlink()
    file.mkdir()
    (file / "mine").write_text("mine")
    use(files)
    files.keep(KEY, STATE)
    assert loaded(files, KEY) is None
    assert (file / "mine").read_text() == "mine"


def test_files_of_others_are_left_alone(files: StateFiles, folder: Path) -> None:
    mine = [folder / "notes.txt", folder / "photo.state", folder / "sub" / "notes.txt"]
    mine += [folder / "sub" / "deep" / "x.state", next(folder.glob("*/*.state")).parent / "notes"]
    for file in mine:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("mine")
    small = StateFiles(folder, budget=100 + len(STATE))
    use(small)
    use(files)
    assert [file.read_text() for file in mine] == ["mine"] * 5
    assert (small.usage().files, small.usage().bytes) == (0, 0)


def test_trouble_in_one_process_is_told_in_another(
    files: StateFiles, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert StateFiles(folder, budget=PLENTY).usage().problem is None
    with monkeypatch.context() as broken:
        broken.setattr("os.replace", failing(errno.ENOSPC))
        files.keep(OTHER, STATE)
    assert "No space left" in (StateFiles(folder, budget=PLENTY).usage().problem or "")
    os.utime(folder / "problem.txt", (0, 0))
    assert StateFiles(folder, budget=PLENTY).usage().problem is None
