"""An installation that was stopped half-way, by whatever, leaves what was there before, or is begun anew."""

import fcntl
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tiny_bundle import said_to_nobody, tiny_bundle

from ui.bundle import install as installer
from ui.bundle.install import Refused, install


class Killed(BaseException):
    """As SIGKILL, or a power cut: nothing is done after it."""


class Machine:
    """Installs the tiny bundle; venv and pip are played, and stop at the command that `stop` names."""

    def __init__(self, folder: Path, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.into, self.home = folder / "program", folder / "home"
        self._archive = archive
        self._monkeypatch = monkeypatch
        self._stop: tuple[str, BaseException] | None = None
        self.release = "1"
        monkeypatch.setattr(installer, "_run", self._run)

    def install(self, release: str, *, stop: str = "", by: BaseException | None = None) -> None:
        self.release, self._stop = release, (stop, by) if by is not None else None
        with self._monkeypatch.context() as changed:
            if isinstance(by, Killed):
                changed.setattr(installer, "_put_back", _dies)
            install(self._archive, self.into, self.home, said_to_nobody)

    def _run(self, into: Path, command: list[str], tell: object, what: str, **_: object) -> None:
        if "venv" in command:
            assert Path(command[0]).exists()
            (into / "bin").mkdir()
            (into / "bin" / "python").write_text(f"of {self.release}")
            (into / "lib" / "site").mkdir(parents=True)
            (into / "lib64").symlink_to("lib")
            (into / "pyvenv.cfg").write_text(f"of {self.release}")
            self._may_stop("venv")
        elif "install" in command:
            (into / "lib" / "site" / f"first-{self.release}").touch()
            self._may_stop("pip")
            (into / "lib" / "site" / f"second-{self.release}").touch()

    def _may_stop(self, at: str) -> None:
        if self._stop and self._stop[0] == at:
            if isinstance(self._stop[1], Killed):
                (self.into / ".wheels-left").mkdir()
            raise self._stop[1]

    @property
    def holds(self) -> dict[str, str]:
        """Every file of the program with what is in it, its mark aside."""
        return {
            file.relative_to(self.into).as_posix(): file.read_text()
            for file in sorted(self.into.rglob("*"))
            if file.is_file() and not file.is_relative_to(self.into / "lib64") and file.name != installer.MARK
        }


def _dies(*_: object, **__: object) -> Any:
    raise Killed


def program(release: str) -> dict[str, str]:
    of = f"of {release}"
    site = {f"lib/site/{name}-{release}": "" for name in ("first", "second")}
    return {"bin/python": of, **site, "pyvenv.cfg": of}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_bundle(tmp_path_factory.mktemp("bundle")).archive


@pytest.fixture
def machine(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, archive, monkeypatch)


@pytest.mark.parametrize("at", ["venv", "pip"])
def test_killed_in_the_middle_it_is_begun_anew_the_next_time(machine: Machine, at: str) -> None:
    with pytest.raises(Killed):
        machine.install("1", stop=at, by=Killed())
    assert machine.holds
    machine.install("2")
    assert machine.holds == program("2")
    assert not list(machine.into.glob(".wheels-*"))


@pytest.mark.parametrize("by", [Refused("pip failed"), KeyboardInterrupt(), SystemExit(143)])
def test_what_stops_a_first_one_leaves_nothing(machine: Machine, by: BaseException) -> None:
    with pytest.raises(type(by)):
        machine.install("1", stop="pip", by=by)
    assert not machine.into.exists()
    machine.into.mkdir()
    with pytest.raises(type(by)):
        machine.install("1", stop="pip", by=by)
    assert list(machine.into.iterdir()) == []


@pytest.mark.parametrize("by", [Refused("pip failed"), KeyboardInterrupt(), SystemExit(143)])
def test_what_stops_an_upgrade_leaves_the_program_that_was_there(machine: Machine, by: BaseException) -> None:
    machine.install("1")
    with pytest.raises(type(by)):
        machine.install("2", stop="pip", by=by)
    assert machine.holds == program("1")
    machine.install("3")
    assert machine.holds == program("3")
    assert not (machine.into / ".before").exists()


def test_an_upgrade_that_was_killed_and_then_fails_gives_the_old_program_back(machine: Machine) -> None:
    machine.install("1")
    with pytest.raises(Killed):
        machine.install("2", stop="pip", by=Killed())
    with pytest.raises(Refused):
        machine.install("3", stop="pip", by=Refused("pip failed"))
    assert machine.holds == program("1")


def test_stopped_while_the_old_program_is_put_aside_it_comes_back(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.install("1")
    moved: list[str] = []
    rename = os.rename

    def second_stops(old: Path, new: Path) -> None:
        moved.append(str(old))
        if len(moved) == 2:
            raise KeyboardInterrupt
        rename(old, new)

    monkeypatch.setattr(installer.os, "rename", second_stops)
    with pytest.raises(KeyboardInterrupt):
        machine.install("2")
    assert machine.holds == program("1")


def test_the_same_bundle_once_more_mends_what_was_damaged(machine: Machine) -> None:
    machine.install("1")
    (machine.into / "lib" / "site" / "second-1").unlink()
    machine.install("1")
    assert machine.holds == program("1")


def test_a_program_may_replace_itself(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.install("1")
    monkeypatch.setattr("sys.executable", str(machine.into / "bin" / "python"))
    machine.install("2")
    assert machine.holds == program("2")


def test_a_file_system_without_locks_will_do(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(descriptor: int, operation: int) -> None:
        raise OSError(9, "Bad file descriptor")

    monkeypatch.setattr(fcntl, "flock", refuses)
    machine.install("1")
    assert machine.holds == program("1")


def test_two_at_once_do_not_work_on_one_folder(machine: Machine) -> None:
    machine.install("1")
    descriptor = os.open(machine.into, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(Refused, match="is being set up by another process; wait for its end"):
            machine.install("2")
    finally:
        os.close(descriptor)
    assert machine.holds == program("1")


@pytest.mark.parametrize("mark", ["", "{", "[]", "7"])
def test_a_folder_whose_mark_is_damaged_is_one_that_was_stopped(machine: Machine, mark: str) -> None:
    machine.install("1")
    (machine.into / installer.MARK).write_text(mark)
    machine.install("2")
    assert machine.holds == program("2")
    assert json.loads((machine.into / installer.MARK).read_text())["whole"] is True


@pytest.mark.whole
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_closed_terminal_or_a_shutdown_leaves_nothing_behind(
    archive: Path, tmp_path: Path, number: signal.Signals
) -> None:
    into = tmp_path / "program"
    words = [sys.executable, "-I", archive, "--into", into]
    environment = {**os.environ, "FOOTNOTE_HOME": str(tmp_path / "home")}
    # What starts the tests in the background may have it ignored, and a child would ignore it too.
    before = signal.signal(number, signal.SIG_DFL)
    try:
        process = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True)
    finally:
        signal.signal(number, before)
    with process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("setting up Python"):
                process.send_signal(number)
                break
        process.stdout.read()
    assert process.returncode == 128 + number
    assert not into.exists()
    assert not (tmp_path / "home").exists()
