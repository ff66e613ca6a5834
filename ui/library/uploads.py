"""Articles that were handed in on the page: files in one folder, which is a source like any other."""

import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from time import time
from uuid import uuid4

from index_store.article import Article
from index_store.errors import RunError, UsageError
from ingest.article_file import LARGEST_FILE
from ingest.folder_source import FILE_SUFFIXES
from ui.record.record import OnChange, unheard

CheckFile = Callable[[Path, str], Article]
"""Reads a file as the article of this name, or raises what a sync would skip it for."""

# Most file systems take 255 bytes; what is made beside the file needs some of them.
_LONGEST_NAME_BYTES = 200
MOST_AT_ONCE = 16
"""Files on their way, whoever sends them."""
_PARTIAL = re.compile(r"\.[0-9a-f]{32}\.\w+")
_ABANDONED_SECONDS = 3600.0
# Bytes of one file after which is looked whether there is room for more.
_LOOK_EVERY = 8 * 2**20
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')


class Uploads:
    """The folder of uploaded files. Nothing outside it, and nothing below it in a folder, is touched."""

    def __init__(
        self,
        folder: Path,
        check_file: CheckFile,
        *,
        largest: int = LARGEST_FILE,
        largest_of: Mapping[str, int] | None = None,
        most_files: int = 1000,
        most_bytes: int = 4_000_000_000,
        on_change: OnChange = unheard,
    ) -> None:
        """`largest` is in bytes; `largest_of` has other limits by ending, as ".pdf".

        `most_files` and `most_bytes` are for all uploaded files together. `on_change` hears of each file that
        was taken in or deleted, by its name.
        """
        self._folder = folder
        self._check_file = check_file
        self._largest = largest
        self._largest_of = dict(largest_of or {})
        self._most_files = most_files
        self._most_bytes = most_bytes
        self._on_change = on_change

    @property
    def folder(self) -> Path:
        """The folder, which may not be there yet."""
        return self._folder

    def check(self, given: str, size: int) -> str:
        """The name under which a file of this name and size would be kept. Raises UsageError if none.

        So it does where there are as many files, or bytes, as there may be.
        """
        name = safe_name(given)
        suffix = Path(name).suffix.lower()
        if suffix not in FILE_SUFFIXES:
            raise UsageError(f"{name}: files of this kind are not read; give {kinds()}")
        if Path(name).stem.lower() == "readme":
            raise UsageError(f"{name}: a README is taken for a note on the folder; give it another name")
        _check_size(name, size, self._limit(name))
        self._check_room(name, size, more=1)
        return name

    def begin(self, given: str, size: int = 0) -> "IncomingFile":
        """Take in a file of this name, and size where it is known. Raises what `check` raises."""
        name = self.check(given, size)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunError(f"{self._folder}: {error.strerror}; check the folder and its disk") from error
        self._sweep()
        try:
            incoming = IncomingFile(
                self._folder,
                name,
                self._check_file,
                self._limit(name),
                check_room=lambda size: self._check_room(name, size),
                on_kept=lambda: self._on_change("added", name),
            )
        except OSError as error:
            raise RunError(f"{self._folder}: {error.strerror}; check the folder and its disk") from error
        try:
            # It stands in the folder by now: of several that begin at once, each counts the others.
            self._check_room(name, size)
            if len(self._on_their_way()) > MOST_AT_ONCE:
                raise UsageError(
                    f"{name}: {MOST_AT_ONCE} files are on their way, the most at once; send it again later"
                )
        except BaseException:
            incoming.drop()
            raise
        return incoming

    def _check_room(self, name: str, size: int, *, more: int = 0) -> None:
        """Raise UsageError when there is no room for a file of this name that has so many bytes so far.

        One on its way stands in the folder and is counted there; `more` counts one that does not yet.
        """
        sizes = dict(_sizes(self._folder))
        arriving = sum(_is_on_its_way(one) for one in sizes) + more
        kept = {one: bytes for one, bytes in sizes.items() if not one.startswith(".") and one != name}
        if len(kept) + max(1, arriving) > self._most_files:
            raise UsageError(
                f"{name}: {len(kept)} files are uploaded, and there may be {self._most_files};"
                " remove some, or raise upload_files"
            )
        on_their_way = sum(bytes for one, bytes in sizes.items() if _is_on_its_way(one))
        if sum(kept.values()) + max(size, on_their_way) > self._most_bytes:
            raise UsageError(
                f"{name}: all uploaded files together may have {_size_in_words(self._most_bytes)};"
                " remove some, or raise upload_gb"
            )

    def _on_their_way(self) -> tuple[Path, ...]:
        return tuple(file for file in _files(self._folder) if _is_on_its_way(file.name))

    def _sweep(self) -> None:
        """Delete what was on its way when a process ended, long ago."""
        for file in self._on_their_way():
            with suppress(OSError):
                if time() - file.stat().st_mtime > _ABANDONED_SECONDS:
                    file.unlink()

    def _limit(self, name: str) -> int:
        return self._largest_of.get(Path(name).suffix.lower(), self._largest)

    @property
    def limits(self) -> str:
        """The largest sizes, in words."""
        alike: dict[int, list[str]] = {}
        for ending, size in self._largest_of.items():
            if ending in FILE_SUFFIXES:
                alike.setdefault(size, []).append(ending.removeprefix(".").upper())
        others = (f", {'/'.join(names)} {_size_in_words(size)}" for size, names in alike.items())
        return f"up to {_size_in_words(self._largest)} each{''.join(others)}"

    def names(self) -> tuple[str, ...]:
        """The names of the uploaded files, sorted."""
        try:
            files = [
                file.name
                for file in self._folder.iterdir()
                if file.suffix.lower() in FILE_SUFFIXES and not file.name.startswith(".") and file.is_file()
            ]
        except OSError:
            return ()
        return tuple(sorted(files))

    def remove(self, name: str) -> None:
        """Delete one uploaded file. Raises UsageError when there is none of this name."""
        if name not in self.names():
            raise UsageError(f"{name!r}: no uploaded file has this name; load the page again")
        try:
            (self._folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise RunError(f"{name}: it cannot be deleted ({error.strerror}); check its rights") from error
        self._on_change("removed", name)


class IncomingFile:
    """A file that is on its way in, under a hidden name that no sync reads. End it by `keep` or `drop`."""

    def __init__(
        self,
        folder: Path,
        name: str,
        check: CheckFile,
        largest: int,
        *,
        check_room: Callable[[int], None] = lambda _: None,
        on_kept: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = name
        self._on_kept = on_kept
        self._check_room = check_room
        self._looked_at = 0
        self._check = check
        self._largest = largest
        self._place = folder / name
        self._partial = folder / f".{uuid4().hex}{Path(name).suffix.lower()}"
        self._stream = self._partial.open("xb")
        self._size = 0

    def write(self, piece: bytes) -> None:
        """Add the next bytes. Raises UsageError once there are too many."""
        self._size += len(piece)
        _check_size(self.name, self._size, self._largest)
        if self._size - self._looked_at > _LOOK_EVERY:
            self._looked_at = self._size
            self._check_room(self._size)
        try:
            self._stream.write(piece)
        except OSError as error:
            raise RunError(f"{self.name}: it cannot be kept ({error.strerror})") from error

    def keep(self) -> Article:
        """Read it as a sync would, and put it in its place, in that of an earlier file of the name.

        Raises what the reading raises, and keeps nothing then.
        """
        try:
            self._stream.close()
            self._check_room(self._size)
            article = self._check(self._partial, self.name)
            os.replace(self._partial, self._place)
        except OSError as error:
            raise RunError(f"{self.name}: it cannot be kept ({error.strerror})") from error
        finally:
            self.drop()
        self._on_kept()
        return article

    def drop(self) -> None:
        """Leave nothing of it; after `keep` there is nothing to leave."""
        with suppress(OSError):  # what a full disk did not take is not wanted any more
            self._stream.close()
        self._partial.unlink(missing_ok=True)


def _is_on_its_way(name: str) -> bool:
    return _PARTIAL.fullmatch(name) is not None


def _sizes(folder: Path) -> Iterator[tuple[str, int]]:
    for file in _files(folder):
        with suppress(FileNotFoundError):
            yield file.name, file.stat().st_size


def _files(folder: Path) -> tuple[Path, ...]:
    """Kept files and, under hidden names, those on their way."""
    try:
        return tuple(file for file in folder.iterdir() if file.is_file())
    except OSError:
        return ()


def kinds() -> str:
    """The endings of the files that are read, in words."""
    *most, last = sorted(FILE_SUFFIXES)
    return f"{', '.join(most)} or {last}"


def _check_size(name: str, size: int, largest: int) -> None:
    if size > largest:
        raise UsageError(f"{name}: over the limit of {_size_in_words(largest)}; split it")


def _size_in_words(size: int) -> str:
    megabytes = size / 2**20
    return f"{megabytes / 1000:.3g} GB" if megabytes >= 1000 else f"{megabytes:.0f} MB"


def safe_name(given: str) -> str:
    """The bare name of a file, whatever path or oddity came with it. Raises UsageError when none is left."""
    bare = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    clean = " ".join(_NOT_IN_NAMES.sub(" ", bare).split()).lstrip(". ")
    try:
        clean.encode()
    except UnicodeEncodeError as error:
        raise UsageError(f"{given!r}: its name is not UTF-8; rename it") from error
    stem, dot, suffix = clean.rpartition(".")
    if not dot:
        stem, suffix = clean, ""
    stem = stem[:_LONGEST_NAME_BYTES]
    while len(f"{stem}.{suffix}".encode()) > _LONGEST_NAME_BYTES and stem:
        stem = stem[:-1]
    name = f"{stem.rstrip()}.{suffix}" if dot else stem
    if not stem.strip():
        raise UsageError(f"{given!r}: this is no name for a file; rename it")
    return name
