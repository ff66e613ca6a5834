"""On a real disk that is really full, everything says so in one line, and all goes on once there is room."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("small_disk_visit.py")
ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.long


def own_mounts() -> list[str]:
    """The command before a program that has mounts of its own; skips where that is not allowed."""
    before = ["unshare", "--user", "--map-root-user", "--mount"]
    if shutil.which("unshare") is None or subprocess.run([*before, "true"], check=False).returncode:
        pytest.skip("no namespace for a disk of one's own on this machine")
    return before


def test_a_full_disk_is_told_loses_nothing_and_is_forgotten_once_there_is_room(
    tmp_path: Path, articles: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    places = (ROOT, ROOT / "tests", ROOT / "tests" / "ui")
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places))}
    done = subprocess.run(
        [*own_mounts(), sys.executable, str(PROGRAM), str(disk), str(articles)],
        capture_output=True,
        text=True,
        check=False,
        env=surroundings,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    for what, line in found["full"].items():
        assert line, f"{what} was not refused"
        assert "\n" not in line
        assert "No space left" in line or "disk" in line, f"{what}: {line}"
    assert found["still"]["answers"] == "answered"
    assert found["still"]["shown"][0] is True
    assert found["still"]["uploaded"] == "first"
    after = found["after"]
    assert after["sync"] == ""
    assert after["articles"] == ["crane.md", "heron.md", "stork.md"]
    assert after["answers"] == "answered"
    assert all(after["turns"])
    assert after["uploaded"] == "second"
    assert after["record"] == ["search", "gap", "search"]
    assert after["left over"] == []
