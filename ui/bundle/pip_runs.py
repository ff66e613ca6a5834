"""Runs pip for minutes, and tells meanwhile which package it is at."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Protocol

from index_store.errors import RunError

Tell = Callable[[str], None]
"""Hears each line that says how far it is."""

_COLLECTING = re.compile(r"^(?:Collecting|Processing) (\S+)")
_LOOK_SECONDS = 0.25
_SILENT_SECONDS = 15.0


class Pip(Protocol):
    """Runs one pip command."""

    def __call__(
        self, words: Sequence[str], tell: Tell, *, more: Mapping[str, str] | None = None, of: int = 0
    ) -> None:
        """`words` follow `pip`; `more` goes into its environment; `of` is how many packages will be told.

        Raises RunError with pip's own reason.
        """
        ...


def run_pip(
    words: Sequence[str],
    tell: Tell,
    *,
    more: Mapping[str, str] | None = None,
    of: int = 0,
) -> None:
    """See Pip: this interpreter's, as it is set up for this person (mirrors, proxies, certificates)."""
    command = [sys.executable, "-m", "pip", *words, "--no-input", "--disable-pip-version-check"]
    began = told = time.monotonic()
    count = 0
    with (
        tempfile.TemporaryFile("w+") as said,
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(
            command,
            env={**os.environ, **(more or {})},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=errors,
        ) as process,
    ):
        place = 0
        runs = True
        try:
            while runs:
                # Asked before the last look: what it says just before it ends is told too.
                runs = process.poll() is None
                lines, place = _new_lines(said, place)
                for line in lines:
                    if of and (collecting := _COLLECTING.match(line)):
                        count += 1
                        told = time.monotonic()
                        tell(f"package {count} of {of}: {collecting[1].rpartition('/')[2]}")
                if time.monotonic() - told > _SILENT_SECONDS:
                    told = time.monotonic()
                    tell(f"still at it, {told - began:.0f} s")
                if runs:
                    time.sleep(_LOOK_SECONDS)
        except BaseException:
            process.kill()
            raise
        if process.returncode:
            errors.seek(0)
            raise RunError(f"pip failed ({_reason(errors.read(), process.returncode)})")


def _new_lines(said: IO[str], place: int) -> tuple[list[str], int]:
    """What was written after `place`, whole lines alone, without moving where the other process writes."""
    new = os.pread(said.fileno(), 1 << 20, place)
    whole = new[: new.rfind(b"\n") + 1]
    return whole.decode(errors="replace").splitlines(), place + len(whole)


def _reason(said: str, code: int) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (errors or lines or [f"exit code {code}"])[-1][:300]
