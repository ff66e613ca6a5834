"""When each account was last logged in to, also after its session has ended."""

import logging
import threading
from collections.abc import Callable, Collection
from pathlib import Path
from time import time

from pydantic import TypeAdapter, ValidationError

from ui.accounts.private_file import write_private

_logger = logging.getLogger(__name__)
_KEPT = TypeAdapter(dict[str, float])


class LastLogIns:
    """One time for each account, in seconds since 1970. Safe to use from several threads; raises nothing.

    Nobody is kept out for want of it: where the file cannot be read or written, a log-in is not known.
    """

    def __init__(self, file: Path, *, clock: Callable[[], float] = time) -> None:
        self._file = file
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, float] | None = None

    def note(self, account: str, known: Collection[str]) -> None:
        """This account was logged in to now; those that are not `known` any more are forgotten."""
        with self._lock:
            kept = {id: then for id, then in self._all().items() if id in known}
            kept[account] = self._clock()
            self._kept = kept
            try:
                write_private(self._file, _KEPT.dump_json(kept))
            except OSError as error:
                _logger.warning("who logged in when cannot be kept: %s", error)

    def of(self, account: str) -> float | None:
        """When this account was last logged in to; None where that is not known."""
        with self._lock:
            return self._all().get(account)

    def _all(self) -> dict[str, float]:
        if self._kept is None:
            try:
                self._kept = _KEPT.validate_json(self._file.read_bytes())
            except FileNotFoundError:
                self._kept = {}
            except (OSError, ValidationError) as error:
                _logger.warning("who logged in when cannot be read: %s", error)
                self._kept = {}
        return self._kept
