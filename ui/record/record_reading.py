"""The record as it is read: which entries are wanted, and what on the way could not be read."""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from index_store.errors import RunError, UsageError
from ui.record.record_files import RecordFiles

Entry = dict[str, Any]
"""One entry as it was recorded: at least the time `at`, `who`, and the `kind`."""

_AGO = re.compile(r"(\d{1,6})\s*([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """What was asked for, newest last. `damaged` lines were passed over; `is_whole`: none is left out."""

    entries: tuple[Entry, ...]
    damaged: int
    is_whole: bool


def read_record(
    files: RecordFiles,
    *,
    most: int | None = None,
    since: datetime | None = None,
    kinds: Collection[str] = (),
) -> ReadRecord:
    """The newest `most` entries (None: all) of these kinds (none: of all) since a time with its zone.

    Damaged lines are counted as far back as the reading goes. Raises RunError.
    """
    entries: list[Entry] = []
    damaged = 0
    try:
        for line in files.newest_first():
            entry = _entry(line)
            if entry is None:
                damaged += 1
                continue
            if kinds and entry["kind"] not in kinds:
                continue
            # The clock may have been set back, so an earlier entry does not end the search.
            if since is not None and datetime.fromisoformat(entry["at"]) < since:
                continue
            if most is not None and len(entries) == most:
                return ReadRecord(tuple(reversed(entries)), damaged, is_whole=False)
            entries.append(entry)
    except OSError as error:
        raise RunError(
            f"the record in {files.folder} cannot be read ({error.strerror}); check its rights"
        ) from error
    return ReadRecord(tuple(reversed(entries)), damaged, is_whole=True)


def moment(text: str, now: datetime) -> datetime:
    """The time that a person means: 2026-11-26, 2026-11-26T14:30, or so long ago as in 30m, 8h, 7d.

    What names no zone is in that of `now`. Raises UsageError.
    """
    ago = _AGO.fullmatch(text.strip().lower())
    try:
        if ago:
            return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        at = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"--since {text!r}: not a time; write it as 2026-11-26, 2026-11-26T14:30, 30m, 8h or 7d"
        ) from error
    return at if at.tzinfo else at.replace(tzinfo=now.tzinfo)


def _entry(line: bytes) -> Entry | None:
    """The entry in a line; None where it holds none."""
    try:
        entry = json.loads(line)
        at = datetime.fromisoformat(entry["at"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not isinstance(entry, dict) or not isinstance(entry.get("kind"), str) or at.tzinfo is None:
        return None
    return entry
