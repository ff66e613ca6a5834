"""One walk through a folder: its files, what could not be looked into, and the drives that it lies on."""

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FolderState:
    """What the files of a folder are like: another `digest` where one came, went, or was written to.

    `newest` is the time of the last change of a file or a folder, in seconds (Unix time). Digests can be
    compared within one process alone.
    """

    digest: int
    newest: float


class FolderWalk:
    """A folder as it is now. What is hidden is passed over, and links to folders are not followed.

    `failed` tells why the folder itself could not be looked into, `closed` why folders below it could not;
    paths are relative, with forward slashes. `drives` has the folder ("") and each below it that is on
    another drive than the one above it, with a mark: the numbers of device and file, which an empty folder in
    its place does not have.
    """

    def __init__(self, place: Path) -> None:
        self._place = place
        self.failed: OSError | None = None
        self.closed: dict[str, OSError] = {}
        self.drives: dict[str, str] = {}
        self._folders: list[str] = []
        self._found: list[Path] = []
        self._devices: dict[str, int] = {}
        for folder, below, names in os.walk(place, onerror=self._note):
            below[:] = [name for name in below if not name.startswith(".")]
            self._folders.append(folder)
            self._note_drive(folder)
            self._found += [Path(folder, name) for name in names if not name.startswith(".")]

    def files(self, suffixes: Collection[str]) -> Iterator[Path]:
        """What is no folder, and ends in one of these, in the order of the paths."""
        return iter(sorted(file for file in self._found if file.suffix.lower() in suffixes))

    def state(self, suffixes: Collection[str]) -> FolderState:
        """What those files are like now."""
        told = []
        newest = 0.0
        for place in (*self._folders, *map(str, self.files(suffixes))):
            try:
                found = os.stat(place)
            except OSError:
                continue
            newest = max(newest, found.st_mtime)
            if place not in self._devices:
                told.append((place, found.st_mtime_ns, found.st_size))
        return FolderState(hash(tuple(told)), newest)

    def _note(self, error: OSError) -> None:
        if not error.filename or Path(error.filename) == self._place:
            self.failed = error
        elif not isinstance(error, FileNotFoundError):  # it went while others were looked at
            self.closed[Path(error.filename).relative_to(self._place).as_posix()] = error

    def _note_drive(self, folder: str) -> None:
        try:
            found = os.stat(folder)
        except OSError:
            return
        self._devices[folder] = found.st_dev
        if self._devices.get(os.path.dirname(folder)) != found.st_dev:
            path = Path(folder).relative_to(self._place).as_posix()
            self.drives["" if path == "." else path] = f"{found.st_dev}:{found.st_ino}"


def state_of(place: Path, suffixes: Collection[str]) -> FolderState | None:
    """What the files of a folder, or one file, are like; None where it cannot be looked into."""
    try:
        if place.is_file():
            found = place.stat()
            return FolderState(hash((found.st_mtime_ns, found.st_size)), found.st_mtime)
        walk = FolderWalk(place)
    except OSError:
        return None
    return None if walk.failed is not None or not walk.drives else walk.state(suffixes)
