"""The real parts that some tests use (a Qdrant server, weights, a browser), and how missing ones are told."""

import os
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import httpx
import pytest

REPOSITORY = Path(__file__).parent.parent
_START_SECONDS = 30.0


@dataclass(frozen=True)
class RealPart:
    """A fixture that gives a real part, the marker that its tests carry, and what the summary calls it."""

    fixture: str
    marker: str
    words: str


REAL_PARTS = (
    RealPart("qdrant_server", "server", "a real Qdrant server"),
    RealPart("qdrant_binary", "server", "a real Qdrant server"),
    RealPart("small_writer", "model", "a real writer"),
    RealPart("real_embedder", "model", "a real embedder"),
    RealPart("chromium", "browser", "a browser"),
    RealPart("loopback_only", "namespace", "a network of its own"),
)
_WORDS = {part.fixture: part.words for part in REAL_PARTS}
# A program that a test needs, beside those with a marker of their own.
_WORDS["systemd_analyze"] = "systemd's own checker"


def mark_by_fixture(items: Sequence[pytest.Item]) -> None:
    """Give every test that asks for a real part the marker of that part."""
    for item in items:
        for part in REAL_PARTS:
            if part.fixture in getattr(item, "fixturenames", ()):
                item.add_marker(part.marker)


def leave_out(fixture: str, why: str) -> NoReturn:
    """Skip the tests that need this part, saying why; with FOOTNOTE_TEST_ALL=1 they fail instead."""
    reason = f"{_WORDS[fixture]}: {why}"
    if os.environ.get("FOOTNOTE_TEST_ALL") == "1":
        pytest.fail(f"FOOTNOTE_TEST_ALL=1, and this machine lacks {reason}", pytrace=False)
    pytest.skip(reason)


def left_out(reports: Sequence[Any]) -> list[str]:
    """One line for each kind of real part that skipped tests, from the reports of skipped tests."""
    reasons = Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in reports)
    return [
        f"left out: {count} {'test' if count == 1 else 'tests'} with {reason}"
        for reason, count in sorted(reasons.items())
        if any(reason.startswith(f"{words}: ") for words in _WORDS.values())
    ]


def find_qdrant() -> Path | None:
    """The server's binary: FOOTNOTE_TEST_QDRANT, else where .ci/run puts one, else on the PATH."""
    told = os.environ.get("FOOTNOTE_TEST_QDRANT")
    if told:
        return Path(told) if os.access(told, os.X_OK) else None
    kept = REPOSITORY / ".cache" / "qdrant" / "qdrant"
    if os.access(kept, os.X_OK):
        return kept
    found = shutil.which("qdrant")
    return Path(found) if found else None


class QdrantProcess:
    """A Qdrant server of one's own on free ports, its storage and its output in `folder`."""

    def __init__(self, binary: Path, folder: Path) -> None:
        self._binary = binary.resolve()
        self._folder = folder
        self._port, self._grpc_port = _free_port(), _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers; the same after a restart."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it and wait until it is ready."""
        self._folder.mkdir(parents=True, exist_ok=True)
        settings = {
            "QDRANT__SERVICE__HOST": "127.0.0.1",
            "QDRANT__SERVICE__HTTP_PORT": str(self._port),
            "QDRANT__SERVICE__GRPC_PORT": str(self._grpc_port),
            "QDRANT__STORAGE__STORAGE_PATH": str(self._folder / "storage"),
            "QDRANT__STORAGE__SNAPSHOTS_PATH": str(self._folder / "snapshots"),
            "QDRANT__TELEMETRY_DISABLED": "true",
        }
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._binary], cwd=self._folder, env={**os.environ, **settings}, stdout=log, stderr=log
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"Qdrant did not start: {(self._folder / 'log').read_text()[-2000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Kill it; what it has promised to keep is on its disk."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=1.0, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
