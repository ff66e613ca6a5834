"""Where the files of a model can come from: what a source is, and the nearest one, a path on this machine.

The others are in hub_source.py and registry_source.py. A source only delivers bytes; whether they are the
right ones is judged by ModelFiles.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assistant.models.catalogue import CatalogueEntry, PinnedFile
from index_store.errors import RunError

BLOCK = 1 << 20
"""How much is read or written at once, in bytes."""


class SourceFailed(RunError):
    """One source could not deliver; the message is its reason, and the next source is tried."""


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """How far a model has come. `source` names who delivers; `bytes_total` is None while it is unknown.

    `note` says what is done beside plain delivering: verifying, unpacking, waiting.
    """

    model: str
    source: str
    bytes_done: int
    bytes_total: int | None
    note: str = ""


OnProgress = Callable[[FetchProgress], None]
"""Hears how far it is, often; what it raises ends the fetching."""


def unwatched(_: FetchProgress) -> None:
    """The progress callback of a caller who does not look."""


class ModelSource(Protocol):
    """Something that can deliver the files of a model."""

    @property
    def name(self) -> str:
        """One word for messages: "hub", "registry", "local path"."""
        ...

    def deliver(self, entry: CatalogueEntry, folder: Path, on_progress: OnProgress) -> None:
        """Write every file of the entry into `folder`, going on from what an earlier try left there.

        The folder exists and belongs to this source and this model alone. Raises SourceFailed with the
        reason when the source has not got the model or cannot be reached, OSError when the disk refuses.
        """
        ...


class OfflineSource:
    """Stands where the network would be, and refuses in words that say which setting has it so."""

    name = "network"

    def deliver(self, entry: CatalogueEntry, folder: Path, on_progress: OnProgress) -> None:
        """Raises SourceFailed."""
        raise SourceFailed("the setting offline = true refuses all fetching; set it to false to fetch")


class LocalSource:
    """Takes models from a file or a folder on this machine, such as a share or a stick."""

    name = "local path"

    def __init__(self, path: Path) -> None:
        self._path = path

    def deliver(self, entry: CatalogueEntry, folder: Path, on_progress: OnProgress) -> None:
        """Link each file, or copy it from another disk. Raises SourceFailed when one is not there."""
        done = 0

        def arrived(size: int) -> None:
            nonlocal done
            done += size
            on_progress(FetchProgress(entry.id, self.name, done, entry.bytes))

        found = [self._find(entry, file) for file in entry.files]
        for file, origin in zip(entry.files, found, strict=True):
            target = folder / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            # Never written over: what lies here may be a link to the person's own file.
            target.unlink(missing_ok=True)
            try:
                os.link(origin.resolve(), target)
                arrived(target.stat().st_size)
            except OSError:
                with origin.open("rb") as source, target.open("wb") as copy:
                    while block := source.read(BLOCK):
                        copy.write(block)
                        arrived(len(block))

    def _find(self, entry: CatalogueEntry, file: PinnedFile) -> Path:
        if not self._path.exists():
            raise SourceFailed(f"{self._path} does not exist")
        places = [self._path / entry.id / file.name]
        if len(entry.files) == 1:
            places += [self._path, self._path / file.name]
        elif self._path.name == entry.id:
            places += [self._path / file.name]
        for place in places:
            if place.is_file():
                size = place.stat().st_size
                if file.bytes is not None and size != file.bytes:
                    raise SourceFailed(f"{place} has {size} bytes, expected {file.bytes}")
                return place
        raise SourceFailed(f"{self._path} holds no {file.name}")
