"""The Makefile is never silent for long, a step that fails stays a failed step, and no test is forgotten."""

import os
import re
import shutil
import subprocess
import time
import tomllib
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

ROOT = Path(__file__).parent.parent
Make = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = [
    pytest.mark.whole,
    pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine"),
]


@pytest.fixture
def said(tmp_path: Path) -> Path:
    """Where make's output goes."""
    return tmp_path / "said"


@pytest.fixture
def make(tmp_path: Path, said: Path) -> Make:
    """Runs make on a virtual environment of scripts that waits for Footnote's own packages."""
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)

    def run(
        *words: str, pip: str = "exit 0", pulse: object = 1, seconds: float = 60
    ) -> subprocess.CompletedProcess[str]:
        for name, script in (("python", "exit 0"), ("pip", pip)):
            program = venv / "bin" / name
            program.write_text(f"#!/bin/sh\n{script}\n")
            program.chmod(0o755)
        for stamp in (".torch", ".llama"):
            (venv / stamp).touch()
        # These tests are run by make themselves, and what it was told would be heard here too.
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "CHECKED"))
        }
        with said.open("w") as stream:
            ran = subprocess.run(
                ["make", "--no-print-directory", f"VENV={venv}", f"PULSE={pulse}", *words],
                cwd=ROOT,
                env=environment,
                stdout=stream,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
                timeout=seconds,
            )
        ran.stdout = said.read_text()
        return ran

    return run


def test_a_silent_step_says_that_it_is_still_at_it_and_for_how_long(
    make: Make, said: Path, tmp_path: Path
) -> None:
    stamp = tmp_path / "venv" / ".installed"
    step = f"until grep -q 'at it, 1 s' {said}; do sleep 0.05; done; echo done"
    ran = make(str(stamp), pip=step, pulse=0.5)
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    told = lines.index("   still at it, 0.5 s")
    assert lines[told + 1] == "   still at it, 1 s"
    assert "done" in lines
    assert ran.stderr == ""
    assert stamp.exists()


def test_a_step_that_fails_is_a_failure_and_leaves_no_stamp(make: Make, tmp_path: Path) -> None:
    stamp = tmp_path / "venv" / ".installed"
    ran = make(str(stamp), pip="sleep 0.5; exit 7", pulse=0.2)
    assert ran.returncode == 2
    assert "Error 7" in ran.stderr
    assert not stamp.exists()


def test_the_lines_end_with_their_step(make: Make, tmp_path: Path) -> None:
    began = time.monotonic()
    ran = make(str(tmp_path / "venv" / ".installed"), pulse="31.7")
    assert ran.returncode == 0
    assert "still at it" not in ran.stdout
    # Nobody who reads the output waits for a process that was left behind, and none is.
    assert time.monotonic() - began < 20
    assert not _running("31.7")


def test_the_lines_end_with_a_make_that_is_killed(make: Make, tmp_path: Path) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        make(str(tmp_path / "venv" / ".installed"), pip="exec sleep 2.37", pulse="0.83", seconds=1)
    deadline = time.monotonic() + 20
    while _running("0.83") and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _running("0.83")


def _running(word: str) -> list[str]:
    """The processes of this machine with this word in their command line."""
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if word in line.split()]


def test_a_dry_run_runs_nothing(make: Make, tmp_path: Path) -> None:
    ran = make("-n", "run", pip="touch called")
    assert ran.returncode == 0
    assert "pip install" in ran.stdout
    assert "serve --sync" in ran.stdout
    assert not (tmp_path / "venv" / ".installed").exists()
    assert not (ROOT / "called").exists()


def _chosen(make: Make, *words: str) -> list[Expression]:
    """Which tests a command of make would run, one expression for each time that it runs pytest."""
    ran = make("-n", *words)
    assert ran.returncode == 0, ran.stderr
    found = re.findall(r"/pytest .*?-m (?:\"([^\"]+)\"|(\S+))", ran.stdout)
    assert found
    return [Expression.compile(quoted or word) for quoted, word in found]


def test_whatever_marks_a_test_it_is_run_by_each_way_once(make: Make) -> None:
    facts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    markers = [line.partition(":")[0] for line in facts["tool"]["pytest"]["ini_options"]["markers"]]
    for_a_person = _chosen(make, "test")
    # The first two are the same tests, in two halves.
    for_a_change = [*_chosen(make, "check")[1:], *_chosen(make, "test", "CHECKED=yes")]
    long = _chosen(make, "test-long")
    for carries in product((False, True), repeat=len(markers)):
        carried = dict(zip(markers, carries, strict=True))

        def times(chosen: list[Expression], carried: dict[str, bool] = carried) -> int:
            return sum(one.evaluate(lambda name, **_: carried[name]) for one in chosen)

        assert times(for_a_person) == times(for_a_change) == (not carried["long"]), carried
        assert times([*for_a_person, *long]) > 0, carried
        assert times(long) <= 1, carried


def test_the_halves_of_the_unit_tests_are_two_parts_of_the_same(make: Make) -> None:
    ran = re.findall(r"/pytest -m \"([^\"]+)\" (.+)", make("-n", "check").stdout)
    (chosen, page), (also_chosen, rest) = ran
    assert chosen == also_chosen
    assert (page, rest) == ("tests/ui", "--ignore=tests/ui tests")


def test_a_change_is_checked_by_both_commands() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines[-2:] == ["make check", "make test CHECKED=yes"]
    assert "export FOOTNOTE_TEST_ALL=1" in lines
