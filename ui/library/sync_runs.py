"""The syncs that were run, kept in a small file: when, why, what came of each, and what went wrong."""

import json
import threading
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from ui.desk import SyncStep

Why = Literal["schedule", "page", "command", "start", "change"]
"""Who asked for a sync: schedule, Library page, a command, `serve --sync`, or a folder that changed."""

MOST_RUNS = 50
# What was left out is listed whole for the newest run, whose skips the table of articles shows.
_MOST_LEFT_OUT = 2000
_MOST_LEFT_OUT_EARLIER = 20
_MOST_ERRORS = 20


@dataclass(frozen=True, slots=True)
class SyncRun:
    """One sync. `began` and `ended` are ISO 8601 times in UTC.

    `left_out` are the skipped steps, as many as are kept, of `skipped` in all; `errors` are lines for the
    person: articles that could not be written, or why the sync did not get to its end (`completed` False).
    `sources` are the ids of those that it looked at; None stands for all that there were. `by` are the
    accounts of those who asked for it on the page, the first one first.
    """

    why: Why
    began: str
    ended: str
    completed: bool = True
    added: int = 0
    changed: int = 0
    deleted: int = 0
    kept: int = 0
    skipped: int = 0
    left_out: tuple[SyncStep, ...] = ()
    errors: tuple[str, ...] = ()
    sources: tuple[str, ...] | None = None
    by: tuple[str, ...] = ()

    def concerns(self, source: str) -> bool:
        """Whether it looked at the source with this id."""
        return self.sources is None or source in self.sources

    @property
    def began_at(self) -> datetime:
        """The beginning as a time with its zone."""
        return datetime.fromisoformat(self.began)

    @property
    def ended_at(self) -> datetime:
        """The end as a time with its zone."""
        return datetime.fromisoformat(self.ended)


_RUN = TypeAdapter(SyncRun)


def newest_of(runs: Iterable[SyncRun], source: str) -> SyncRun | None:
    """Of `runs`, newest first, the first that looked at a source and got to its end."""
    return next((run for run in runs if run.completed and run.concerns(source)), None)


class SyncRuns:
    """The last runs of one library, newest first, in a file of JSON lines. Safe to use from several threads.

    The newest that got to its end is kept of each source, however many others came after it.

    A line that cannot be read counts for nothing: what is kept here can be done without.
    """

    def __init__(self, file: Path, *, most: int = MOST_RUNS) -> None:
        self._file = file
        self._most = most
        self._lock = threading.Lock()

    def listed(self) -> tuple[SyncRun, ...]:
        """All that is kept, newest first; nothing where the file is missing or unreadable."""
        with self._lock:
            return tuple(reversed(self._read()))

    def keep(self, run: SyncRun) -> None:
        """Add one; the oldest go once there are more than are kept. Raises OSError."""
        whole = replace(run, left_out=run.left_out[:_MOST_LEFT_OUT], errors=run.errors[:_MOST_ERRORS])
        with self._lock:
            runs = self._worth_keeping([*self._read(), whole])
            self._file.parent.mkdir(parents=True, exist_ok=True)
            partial = self._file.with_suffix(".new")
            lines = (json.dumps(asdict(one), ensure_ascii=False) for one in runs)
            partial.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", errors="replace")
            partial.replace(self._file)

    def _worth_keeping(self, runs: Sequence[SyncRun]) -> list[SyncRun]:
        """Of `runs`, oldest first, those that are kept, each with as much of what it left out as is."""
        kept: list[SyncRun] = []
        looked_at: set[str] = set()
        at_all = False
        for place, run in enumerate(reversed(runs)):
            is_first = run.completed and not at_all and not looked_at.issuperset(run.sources or ("",))
            if run.completed:
                looked_at.update(run.sources or ())
                at_all = at_all or run.sources is None
            if is_first:
                kept.append(run)
            elif place < self._most:
                kept.append(replace(run, left_out=run.left_out[:_MOST_LEFT_OUT_EARLIER]))
        return kept[::-1]

    def _read(self) -> list[SyncRun]:
        try:
            lines = self._file.read_bytes().splitlines()
        except OSError:
            return []
        runs = []
        for line in lines:
            try:
                run = _RUN.validate_json(line)
                has_zone = None not in (run.began_at.tzinfo, run.ended_at.tzinfo)
            except (ValidationError, ValueError):
                continue
            if has_zone:
                runs.append(run)
        return runs
