"""The models on this machine: where their files lie, whether they are the right ones, and how they get there.

root/<file>.gguf                a writer, verified, with <file>.gguf.verified.json beside it
root/<id>/…                     an embedder's folder, verified, with verified.json in it
root/.incoming/<id>-<pin>/…     what is on its way, one folder for each source
"""

import errno
import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Literal

import portalocker

from assistant.errors import FetchFailed, ModelDamaged, ModelHasNoFile, ModelMissing
from assistant.models.catalogue import Catalogue, CatalogueEntry, EmbedderEntry, PinnedFile
from assistant.models.model_sources import FetchProgress, ModelSource, OnProgress, SourceFailed, unwatched
from assistant.models.model_stamp import FileDiffers, SeenFile, Stamp, judge, read_stamp, write_stamp

Status = Literal["present", "missing", "damaged"]

Glance = Literal["verified", "unverified", "damaged", "missing"]
"""How a model looks from outside; an unverified one has the right size, and has yet to be read."""

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)

_SPARE_BYTES = 64 << 20
"""Kept free beside a model's own size, for notes, logs and the package under way."""


class ModelFiles:
    """The files of the catalogue's models under one folder; `sources` are asked in the order given."""

    def __init__(self, root: Path, catalogue: Catalogue, sources: Sequence[ModelSource] = ()) -> None:
        self._root = root
        self._catalogue = catalogue
        self._sources = tuple(sources)

    def path(self, id: str) -> Path:
        """The verified file of a writer, or the verified folder of an embedder.

        Quick when size and time of each file are as they were at the last verification; else the files are
        read. Raises ModelMissing, ModelDamaged, ModelHasNoFile, UnknownModel.
        """
        return self._checked(self._catalogue.entry(id), thorough=False, on_progress=unwatched)

    def status(self, id: str) -> Status:
        """How a model stands on this machine; "missing" too for one that only runs on servers.

        Raises UnknownModel.
        """
        try:
            self.path(id)
        except (ModelMissing, ModelHasNoFile):
            return "missing"
        except ModelDamaged:
            return "damaged"
        return "present"

    def glance(self, id: str) -> Glance:
        """How a model stands by sizes, times and the last verification: no file is read, however large.

        "missing" too for one that only runs on servers. Raises UnknownModel.
        """
        entry = self._catalogue.entry(id)
        known = read_stamp(self._stamp(entry)) if entry.files else {}
        seen = {self._glance(entry, file, known) for file in entry.files}
        if seen <= {"missing"}:
            return "missing"
        if seen & {"missing", "damaged"}:
            return "damaged"
        return "unverified" if "unverified" in seen else "verified"

    def _glance(self, entry: CatalogueEntry, file: PinnedFile, known: Stamp) -> Glance:
        try:
            found = self._file(entry, file).stat()
        except OSError:
            return "missing"
        if file.bytes is not None and found.st_size != file.bytes:
            return "damaged"
        seen = known.get(file.name)
        pin = file.sha256 or (seen.sha256 if seen else "")
        as_seen = seen == SeenFile(found.st_size, found.st_mtime_ns, pin)
        return "verified" if as_seen else "unverified"

    def bytes_here(self) -> int:
        """How much all model files take on the disk, with what is on its way, in bytes."""
        sizes = 0
        for path in self._root.rglob("*"):
            with suppress(OSError):
                sizes += path.stat().st_size if path.is_file() else 0
        return sizes

    def bytes_free(self) -> int:
        """How much room the disk of the models has, in bytes."""
        place = self._root
        while not place.exists() and place != place.parent:
            place = place.parent
        return shutil.disk_usage(place).free

    def verify(self, id: str, on_progress: OnProgress = unwatched) -> Path:
        """Read every byte again and hold it against the pins; gives the path, and raises as `path` does."""
        return self._checked(self._catalogue.entry(id), thorough=True, on_progress=on_progress)

    def fetch(self, id: str, on_progress: OnProgress = unwatched) -> Path:
        """Bring a model here unless it is here already, verified; gives its path.

        What an interrupted fetch left is used. A second process that fetches the same model waits for the
        first. Raises FetchFailed with the reason of each source, ModelHasNoFile, UnknownModel.
        """
        entry = self._catalogue.entry(id)
        if not entry.files:
            raise ModelHasNoFile(entry.id)
        with suppress(ModelMissing, ModelDamaged):
            return self.path(id)
        try:
            with self._alone(entry, on_progress):
                with suppress(ModelMissing, ModelDamaged):
                    return self.path(id)
                self._need_space(entry)
                self._fetch(entry, on_progress)
        except OSError as error:
            if error.errno in _DISK_FULL:
                raise FetchFailed(self._no_space(entry)) from error
            raise FetchFailed(
                f"model {id!r} cannot be kept in {self._root} ({error}); make that folder writable"
            ) from error
        return self._place(entry)

    def _fetch(self, entry: CatalogueEntry, on_progress: OnProgress) -> None:
        work = self._work(entry)
        reasons = []
        for source in self._sources:
            reason = self._try(source, entry, work / source.name.replace(" ", "-"), on_progress)
            if reason is None:
                shutil.rmtree(work, ignore_errors=True)
                return
            reasons.append(f"{source.name}: {reason}")
        told = "; ".join(reasons) or "no source is set"
        raise FetchFailed(
            f"model {entry.id!r} could not be fetched ({told}); try again, or put what you have of it from "
            f"elsewhere at {self._place(entry)}"
        )

    def _try(
        self, source: ModelSource, entry: CatalogueEntry, folder: Path, on_progress: OnProgress
    ) -> str | None:
        """Let one source deliver and put the files in place; the reason when it could not."""
        resumed = folder.is_dir() and any(folder.iterdir())
        known = read_stamp(self._stamp(entry))
        reason = ""
        # A wrong hash may come from what an earlier run left, so then the source gets a clean second try.
        for _ in range(2 if resumed else 1):
            folder.mkdir(parents=True, exist_ok=True)
            try:
                source.deliver(entry, folder, on_progress)
                stamp = judge(
                    entry.files,
                    lambda file: folder / file.name,
                    known,
                    thorough=True,
                    on_bytes=_verifying(entry, source.name, on_progress),
                )
            except SourceFailed as error:
                return str(error)
            except FileDiffers as error:
                reason = f"refused, {error}"
                shutil.rmtree(folder)
            except OSError as error:
                if error.errno in _DISK_FULL:
                    raise
                return str(error)
            else:
                self._install(entry, folder, stamp)
                return None
        return reason

    def _install(self, entry: CatalogueEntry, folder: Path, stamp: Stamp) -> None:
        """Move verified files to their place in one step, so that nobody ever sees half a model."""
        place = self._place(entry)
        if not isinstance(entry, EmbedderEntry):
            (folder / entry.files[0].name).replace(place)
            write_stamp(self._stamp(entry), stamp)
            return
        # Beside the files lie the source's own notes and leftovers, which are to stay behind.
        ready = folder.with_name("ready")
        shutil.rmtree(ready, ignore_errors=True)
        for file in entry.files:
            (ready / file.name).parent.mkdir(parents=True, exist_ok=True)
            (folder / file.name).replace(ready / file.name)
        write_stamp(ready / self._stamp(entry).name, stamp)
        if place.exists():
            old = folder.with_name("old")
            shutil.rmtree(old, ignore_errors=True)
            place.replace(old)
        ready.replace(place)

    def _checked(self, entry: CatalogueEntry, *, thorough: bool, on_progress: OnProgress) -> Path:
        if not entry.files:
            raise ModelHasNoFile(entry.id)
        advice = f"run: footnote models fetch {entry.id}"
        gone = [file.name for file in entry.files if not self._file(entry, file).is_file()]
        if len(gone) == len(entry.files):
            raise ModelMissing(f"model {entry.id!r} is not on this machine; {advice}")
        if gone:
            raise ModelDamaged(f"model {entry.id!r} is damaged: {', '.join(gone)} missing; {advice}")
        known = read_stamp(self._stamp(entry))
        try:
            stamp = judge(
                entry.files,
                lambda file: self._file(entry, file),
                known,
                thorough=thorough,
                on_bytes=_verifying(entry, "", on_progress),
            )
        except FileDiffers as error:
            if thorough and known:
                # Size and time hid it, and would from the fetch that is to mend it: now it reads the file.
                unseen = {name: replace(seen, mtime_ns=-1) for name, seen in known.items()}
                write_stamp(self._stamp(entry), unseen)
            raise ModelDamaged(f"model {entry.id!r} is damaged: {error}; {advice}") from error
        except OSError as error:
            raise ModelDamaged(f"model {entry.id!r} cannot be read ({error}); {advice}") from error
        if stamp != known:
            write_stamp(self._stamp(entry), stamp)
        return self._place(entry)

    def _place(self, entry: CatalogueEntry) -> Path:
        return self._root / (entry.id if isinstance(entry, EmbedderEntry) else entry.files[0].name)

    def _file(self, entry: CatalogueEntry, file: PinnedFile) -> Path:
        place = self._place(entry)
        return place / file.name if isinstance(entry, EmbedderEntry) else place

    def _stamp(self, entry: CatalogueEntry) -> Path:
        place = self._place(entry)
        if isinstance(entry, EmbedderEntry):
            return place / "verified.json"
        return place.with_name(place.name + ".verified.json")

    def _work(self, entry: CatalogueEntry) -> Path:
        # Named after the pins: what was begun under other pins must not be gone on with.
        pin = hashlib.sha256(repr((entry.files, entry.hub, entry.registry)).encode()).hexdigest()[:8]
        return self._root / ".incoming" / f"{entry.id}-{pin}"

    def _need_space(self, entry: CatalogueEntry) -> None:
        here = sum(path.stat().st_size for path in self._work(entry).rglob("*") if path.is_file())
        if shutil.disk_usage(self._root).free < (entry.bytes or 0) - here + _SPARE_BYTES:
            raise FetchFailed(self._no_space(entry))

    def _no_space(self, entry: CatalogueEntry) -> str:
        free = shutil.disk_usage(self._root).free
        return (
            f"model {entry.id!r} needs {_megabytes((entry.bytes or 0) + _SPARE_BYTES)} in {self._root} and "
            f"{_megabytes(free)} are free; make room, or set another folder"
        )

    @contextmanager
    def _alone(self, entry: CatalogueEntry, on_progress: OnProgress) -> Iterator[None]:
        """Hold the model against other processes; the lock goes with the process, even when it is killed."""
        file = self._root / ".incoming" / f"{entry.id}.lock"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a") as stream:
            try:
                portalocker.lock(stream, portalocker.LOCK_EX | portalocker.LOCK_NB)
            except portalocker.LockException:
                on_progress(FetchProgress(entry.id, "", 0, entry.bytes, "another process is fetching it"))
                try:
                    portalocker.lock(stream, portalocker.LOCK_EX)
                except portalocker.LockException as error:
                    raise FetchFailed(
                        f"{file} cannot be locked ({error}); keep models on a disk that knows locks"
                    ) from error
            try:
                yield
            finally:
                portalocker.unlock(stream)


def _verifying(entry: CatalogueEntry, source: str, on_progress: OnProgress) -> Callable[[int], None]:
    return lambda done: on_progress(FetchProgress(entry.id, source, done, entry.bytes, "verifying"))


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
