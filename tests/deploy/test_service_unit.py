"""The systemd unit gives the service what it needs and no more. It is checked here, and not run."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from real_parts import leave_out

UNIT = Path(__file__).parents[2] / "deploy" / "footnote.service"

# systemd's own measure, from 0 (nothing is left) to 10 (all is open), times ten. Below 2 it says OK.
MOST_EXPOSED = 15


def settings() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    if program is None:
        leave_out("systemd_analyze", "no systemd-analyze; .ci/run installs one")
    return subprocess.run([program, *words], capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.whole
def test_systemd_reads_every_line_of_it(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    # What it starts is not installed here; all else is as it ships.
    text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", UNIT.read_text(encoding="utf-8"), flags=re.M)
    unit.write_text(text, encoding="utf-8")
    done = analyze("verify", str(unit))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.whole
def test_systemd_finds_little_that_is_left_open() -> None:
    done = analyze("security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSED}", str(UNIT))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("User", "footnote"),
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("CapabilityBoundingSet", ""),
        ("IPAddressDeny", "any"),
        ("IPAddressAllow", "localhost"),
        ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX"),
        ("StateDirectoryMode", "0700"),
        ("UMask", "0077"),
        ("LimitCORE", "0"),
    ],
)
def test_what_it_promises_stands_there_once(name: str, value: str) -> None:
    assert settings()[name] == [value]


def test_its_memory_is_bounded_and_it_has_time_to_end_in_order() -> None:
    unit = settings()
    assert re.fullmatch(r"\d+G", unit["MemoryMax"][0])
    assert int(unit["TimeoutStopSec"][0]) > 10


def test_it_serves_from_the_directory_that_it_may_write() -> None:
    unit = settings()
    assert unit["ExecStart"] == ["/opt/footnote/.venv/bin/footnote serve --sync"]
    assert f"FOOTNOTE_HOME=/var/lib/{unit['StateDirectory'][0]}" in unit["Environment"][0].split()
