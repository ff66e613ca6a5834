"""Who is logged in: kept here by the hash of each cookie, so that a session ends where it is kept."""

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from time import time

from pydantic import TypeAdapter, ValidationError

from ui.accounts.account_file import Account
from ui.accounts.private_file import write_private

_logger = logging.getLogger(__name__)
MOST_OF_ACCOUNT = 20
"""Browsers in which one account is logged in; the one begun first goes."""
_WRITE_SECONDS = 60.0
# How far a clock may be set back before what was begun later is believed no more.
_CLOCK_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """One browser that is logged in: to which account, under which stamp, and since when.

    Times are in seconds since 1970.
    """

    account: str
    stamp: str
    began: float
    seen: float


_KEPT = TypeAdapter(dict[str, LoggedIn])


class Sessions:
    """Begins, finds and ends sessions. Safe to use from several threads of the serving process.

    They outlive it in a file; where that cannot be read everybody logs in anew, where it cannot be written
    they do so after the next start.
    """

    def __init__(
        self,
        file: Path,
        *,
        idle: timedelta,
        longest: timedelta,
        clock: Callable[[], float] = time,
    ) -> None:
        """A session ends `idle` after its last request, and `longest` after its beginning."""
        self._file = file
        self._idle = idle.total_seconds()
        self._longest = longest.total_seconds()
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, LoggedIn] | None = None
        self._written = 0.0
        self._is_failing = False

    def begin(self, account: Account) -> str:
        """Log a browser in; what its cookie has to hold, which is kept nowhere."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            kept, now = self._alive(), self._clock()
            own = sorted((one.began, key) for key, one in kept.items() if one.account == account.id)
            for _, key in own[: max(0, len(own) - MOST_OF_ACCOUNT + 1)]:
                del kept[key]
            kept[_hash(token)] = LoggedIn(account.id, account.stamp, now, now)
            self._write()
        return token

    def find(self, token: str) -> LoggedIn | None:
        """The session of a cookie, unless it has ended."""
        key = _hash(token)
        with self._lock:
            found = self._all().get(key)
            if found is None:
                return None
            now = self._clock()
            if not self._lives(found, now):
                del self._all()[key]
                self._write()
                return None
            return found

    def used(self, token: str) -> None:
        """The person has just done something in this session."""
        key = _hash(token)
        with self._lock:
            found, now = self._all().get(key), self._clock()
            if found is None:
                return
            self._all()[key] = replace(found, seen=max(found.seen, now))
            if abs(now - self._written) > _WRITE_SECONDS:
                self._alive()
                self._write()

    def end(self, token: str) -> None:
        """Log a browser out."""
        with self._lock:
            if self._all().pop(_hash(token), None) is not None:
                self._write()

    def alive(self) -> tuple[LoggedIn, ...]:
        """All sessions that have not ended, each as it was last used."""
        with self._lock:
            return tuple(self._alive().values())

    def __len__(self) -> int:
        with self._lock:
            return len(self._alive())

    def _lives(self, one: LoggedIn, now: float) -> bool:
        return (
            -_CLOCK_SECONDS <= now - one.began < self._longest
            and -_CLOCK_SECONDS <= now - one.seen < self._idle
        )

    def _alive(self) -> dict[str, LoggedIn]:
        now = self._clock()
        kept = self._all()
        for key in [key for key, one in kept.items() if not self._lives(one, now)]:
            del kept[key]
        return kept

    def _all(self) -> dict[str, LoggedIn]:
        if self._kept is None:
            try:
                self._kept = _KEPT.validate_json(self._file.read_bytes())
            except FileNotFoundError:
                self._kept = {}
            except (OSError, ValidationError) as error:
                _logger.warning("who was logged in cannot be read, so all log in anew: %s", error)
                self._kept = {}
        return self._kept

    def _write(self) -> None:
        self._written = self._clock()
        try:
            write_private(self._file, _KEPT.dump_json(self._all()))
            self._is_failing = False
        except OSError as error:
            if not self._is_failing:
                _logger.warning("who is logged in cannot be kept over the next start: %s", error)
            self._is_failing = True


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
