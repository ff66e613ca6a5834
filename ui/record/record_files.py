"""The files of the record: numbered, of whole lines, each line added by one write and never changed."""

import errno
import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

MOST_FILES = 10
"""How many files are kept; the oldest goes when one more is begun."""

_NAME = re.compile(r"record-(\d{6,})\.jsonl")
# A writer holds the lock for one write. Whoever stands still with it must not hold up an answer.
_LOCK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class RecordUsage:
    """How much there is: the number of files, and their bytes."""

    files: int
    bytes: int


class RecordFiles:
    """Lines in numbered files of a folder. Several processes of one user may write and read at once.

    A file is never renamed: what has been copied from it elsewhere stays what it was.
    """

    def __init__(self, folder: Path, *, largest: int, most: int = MOST_FILES) -> None:
        """`largest` is in bytes: a line that would make a file larger begins the next one."""
        self.folder = folder
        self._largest = largest
        self._most = most

    def append(self, line: bytes) -> None:
        """Add a line, given without its end. Raises OSError, and leaves no part of the line then."""
        whole = line + b"\n"
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = self._number_for(len(whole))
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        file = os.open(self._file(number), flags, 0o600)
        try:
            _append(file, whole)
        finally:
            os.close(file)
        for old in self._numbers():
            if old <= number - self._most:
                self._file(old).unlink(missing_ok=True)

    def newest_first(self) -> Iterator[bytes]:
        """All lines, the last one first, empty ones left out. Raises OSError."""
        for number in reversed(self._numbers()):
            for line in reversed(_content(self._file(number)).split(b"\n")):
                if line.strip():
                    yield line

    def usage(self) -> RecordUsage:
        """How much there is."""
        sizes = [_size(self._file(number)) for number in self._numbers()]
        return RecordUsage(len(sizes), sum(sizes))

    def _number_for(self, more: int) -> int:
        numbers = self._numbers()
        if not numbers:
            return 1
        size = _size(self._file(numbers[-1]))
        return numbers[-1] + (1 if size and size + more > self._largest else 0)

    def _numbers(self) -> list[int]:
        try:
            found = [_NAME.fullmatch(name) for name in os.listdir(self.folder)]
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(int(name[1]) for name in found if name)

    def _file(self, number: int) -> Path:
        return self.folder / f"record-{number:06}.jsonl"


def _append(file: int, whole: bytes) -> None:
    alone = _lock(file, fcntl.LOCK_EX)
    about = os.fstat(file)
    if about.st_mode & 0o077:
        os.fchmod(file, 0o600)
    size = about.st_size
    if size and os.pread(file, 1, size - 1) != b"\n":
        # The machine went down within a line: that one is lost, this one shall not be.
        whole = b"\n" + whole
    if os.write(file, whole) < len(whole):
        if alone:
            with suppress(OSError):
                os.ftruncate(file, size)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            _lock(stream.fileno(), fcntl.LOCK_SH)
            return stream.read()
    except FileNotFoundError:
        # Another process has just begun a file, and this was the oldest.
        return b""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _lock(file: int, how: int) -> bool:
    """Wait a moment for the others; whether it was worth it. It ends when the file is closed."""
    end = monotonic() + _LOCK_SECONDS
    while True:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic() > end:
                return False
            sleep(0.002)
        except OSError:
            return False
        else:
            return True
