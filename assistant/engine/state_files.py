"""Passage states as files in a folder: within a budget of bytes, the least recently used go first."""

import logging
import os
import shutil
import struct
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

import xxhash

from assistant.engine.passage_states import StateKey

_logger = logging.getLogger(__name__)
_MAGIC = b"FNSTATE1"
# Magic, the key's hash, the state's length and the state's hash: what must be right before a byte is used.
_BEGINNING = struct.Struct("<8s32sQ")
_HEADER = struct.Struct("<8s32sQ16s")
_ENDING = ".state"
# What another process is writing may look left over: only what is this old is.
_LEFT_OVER_SECONDS = 3600.0
# What went wrong is written down for other processes, and is news for a day.
_PROBLEM = "problem.txt"
_NEWS_SECONDS = 86400.0
_LEAST_FREE = 50_000_000  # bytes; a few states


@dataclass(frozen=True, slots=True)
class StateUsage:
    """How much is kept: files and bytes, the budget in bytes, and what last went wrong, if anything."""

    files: int
    bytes: int
    budget: int
    problem: str | None


class StateFiles:
    """A folder of states. Safe to use from several threads, and beside other processes.

    A file is written under another name and renamed, so that it is there whole or not at all; one that
    is damaged or not for its key is deleted when it is met. When the folder vanishes it is made anew.
    """

    def __init__(self, folder: Path, *, budget: int) -> None:
        """`budget` is in bytes; 0 keeps nothing."""
        self._folder = folder
        self._budget = budget
        self._lock = threading.Lock()
        self._sizes: OrderedDict[str, int] | None = None
        self._bytes = 0
        self._problem: str | None = None

    def usage(self) -> StateUsage:
        """What is kept now, and what last went wrong, in this process or in another."""
        with self._lock:
            self._sizes = None
            return StateUsage(len(self._known()), self._bytes, self._budget, self._trouble())

    def is_full(self) -> bool:
        """Whether another state would take the place of one that is kept."""
        with self._lock:
            sizes = self._known()
            return self._bytes + max(1, self._bytes // max(1, len(sizes))) > self._budget

    def has(self, key: StateKey) -> bool:
        """See PassageStates."""
        try:
            return self._file(key).is_file()
        except OSError:
            return False

    def load(self, key: StateKey) -> bytearray | None:
        """See PassageStates."""
        file = self._file(key)
        try:
            with file.open("rb") as source:
                header = source.read(_HEADER.size)
                length = os.fstat(source.fileno()).st_size - _HEADER.size
                # What is not for this key may be of any size; no memory is taken for it.
                state = bytearray(length if header.startswith(_beginning(key, length)) else 0)
                source.readinto(state)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._failed(f"{file.name} cannot be read ({error.strerror or error})")
            return None
        if header != _header(key, state):
            self._failed(f"{file.name} is damaged or not of Footnote's making; it is dropped")
            self.drop(key)
            return None
        self._touch(file)
        return state

    def keep(self, key: StateKey, state: bytes) -> None:
        """See PassageStates."""
        file = self._file(key)
        size = _HEADER.size + len(state)
        if size > self._budget:
            return
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=file.parent, suffix=".partial", delete=False) as partial:
                try:
                    partial.write(_header(key, state))
                    partial.write(state)
                    partial.flush()
                    os.replace(partial.name, file)
                except BaseException:
                    Path(partial.name).unlink(missing_ok=True)
                    raise
        except OSError as error:
            self._failed(f"a passage's state cannot be kept in {self._folder} ({error.strerror or error})")
            return
        with self._lock:
            sizes = self._known()
            self._bytes += size - sizes.pop(self._name(file), 0)
            sizes[self._name(file)] = size
            while self._bytes > self._budget:
                oldest, bytes_ = sizes.popitem(last=False)
                self._bytes -= bytes_
                _remove(self._folder / oldest)

    def drop(self, key: StateKey) -> None:
        """See PassageStates."""
        file = self._file(key)
        _remove(file)
        with self._lock:
            sizes = self._known()
            self._bytes -= sizes.pop(self._name(file), 0)

    def _touch(self, file: Path) -> None:
        try:
            os.utime(file)
        except OSError:
            return  # another process dropped it since
        with self._lock:
            if self._name(file) in self._known():
                self._known().move_to_end(self._name(file))

    def _known(self) -> OrderedDict[str, int]:
        """The files by name, least recently used first; read from the folder at the first use."""
        if self._sizes is None:
            found = []
            for file in self._there(_ENDING):
                try:
                    status = file.stat()
                except OSError:
                    continue
                found.append((status.st_mtime_ns, self._name(file), status.st_size))
            self._sizes = OrderedDict((name, size) for _, name, size in sorted(found))
            self._bytes = sum(self._sizes.values())
            for left in self._there(".partial"):
                _remove_old(left)
        return self._sizes

    def _there(self, ending: str) -> list[Path]:
        try:
            return list(self._folder.glob(f"*/*{ending}"))
        except OSError:  # another process deletes the folder just now, or the disk fails
            return []

    def _file(self, key: StateKey) -> Path:
        shelf = sha256(f"{key.model} {key.prefix}".encode()).hexdigest()[:16]
        return self._folder / shelf / f"{key.passage[:32]}{_ENDING}"

    def _name(self, file: Path) -> str:
        return file.relative_to(self._folder).as_posix()

    def _failed(self, what: str) -> None:
        if what != self._problem:
            _logger.warning("passage states: %s; answers go on, slower", what)
        self._problem = what
        with suppress(OSError):
            (self._folder / _PROBLEM).write_text(f"{what} ({time.strftime('%F %H:%M')})", encoding="utf-8")

    def _trouble(self) -> str | None:
        if self._problem is not None:
            return self._problem
        with suppress(OSError, ValueError):
            if time.time() - (self._folder / _PROBLEM).stat().st_mtime < _NEWS_SECONDS:
                return (self._folder / _PROBLEM).read_text(encoding="utf-8")
        try:
            place = next(part for part in (self._folder, *self._folder.parents) if part.exists())
            if not place.is_dir() or not os.access(place, os.W_OK):
                return f"{place} cannot be written to"
            if shutil.disk_usage(place).free < _LEAST_FREE:
                return f"the disk of {place} is full"
        except OSError as error:
            return f"{self._folder} cannot be reached ({error.strerror or error})"
        return None


def _remove_old(file: Path) -> None:
    try:
        if time.time() - file.stat().st_mtime > _LEFT_OVER_SECONDS:
            file.unlink()
    except OSError:
        pass


def _remove(file: Path) -> None:
    try:
        file.unlink()
    except OSError as error:
        if not isinstance(error, FileNotFoundError):
            _logger.warning("passage states: %s cannot be deleted (%s)", file, error.strerror)


def _beginning(key: StateKey, length: int) -> bytes:
    named = sha256(f"{key.model} {key.prefix} {key.passage}".encode()).digest()
    return _BEGINNING.pack(_MAGIC, named, max(0, length))


def _header(key: StateKey, state: bytes | bytearray) -> bytes:
    return _beginning(key, len(state)) + xxhash.xxh3_128_digest(state)
