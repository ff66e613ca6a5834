"""Writes a bundle: one archive with the wheels, the models, and the program that installs them."""

import hashlib
import io
import json
import platform
import shutil
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from index_store.errors import RunError, UsageError
from ui.bundle import install
from ui.bundle.engine_build import PROCESSOR, glibc_wanted
from ui.bundle.pip_runs import Tell

_BLOCK = 1 << 20
_START = "from install import main\n\nmain()\n"
# The same files make the same archive, whenever it is made.
_THEN = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class BundledFile:
    """A file for the archive: its name there, where it lies here, and its hash, where that is known."""

    name: str
    place: Path
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """An archive that was written: its size in bytes, and its hash, by which it can be known elsewhere."""

    archive: Path
    bytes: int
    sha256: str


def archive_place(out: Path) -> Path:
    """Where the archive goes: `out`, or within it where that is a folder. Raises UsageError."""
    name = f"footnote-{version('footnote')}-{_python()}-{platform.machine()}.zip"
    place = out / name if out.is_dir() else out
    if place.exists():
        raise UsageError(f"{place} is there already; give another name, or remove it")
    if not place.absolute().parent.is_dir():
        raise UsageError(f"{place}: no such folder {place.parent}; make it")
    return place


def write_archive(
    place: Path,
    wheels: Sequence[Path],
    models: Sequence[BundledFile],
    settings: Mapping[str, str],
    tell: Tell,
) -> Written:
    """Write the archive whole or not at all. Raises RunError when a model's file is not the right one."""
    files = [*(BundledFile(f"wheels/{wheel.name}", wheel) for wheel in wheels), *models]
    total = sum(file.place.stat().st_size for file in files)
    free = shutil.disk_usage(place.absolute().parent).free
    if free < total:
        raise RunError(f"{place}: needs {total / 1e9:.1f} GB, and {free / 1e9:.1f} are free; make room")
    partial = place.with_name(place.name + ".partial")
    listed: dict[str, tuple[int, str]] = {}
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as packed:
            done = 0
            for file in files:
                listed[file.name] = _add(packed, file)
                done += listed[file.name][0]
                tell(f"writing the archive: {100 * done // max(total, 1)} % ({file.name})")
            _add_program(packed)
            told = {
                "format": install.FORMAT,
                "footnote": version("footnote"),
                "python": _python(),
                "machine": platform.machine(),
                "glibc": list(glibc_wanted(wheels)),
                "processor": list(PROCESSOR),
                "settings": dict(settings),
                "files": {name: list(facts) for name, facts in listed.items()},
            }
            packed.writestr(_member(install.MANIFEST), json.dumps(told, indent=1) + "\n")
        _add_start(partial)
        partial.replace(place)
    except OSError as error:
        raise RunError(
            f"{place}: cannot be written ({error.strerror}); check the disk and its rights"
        ) from error
    finally:
        partial.unlink(missing_ok=True)
    with place.open("rb") as stream:
        return Written(place, place.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest())


def _add_program(packed: zipfile.ZipFile) -> None:
    packed.writestr(_member(install.START), _START)
    packed.writestr(_member(install.PROGRAM), Path(install.__file__).read_bytes())


def _add_start(archive: Path) -> None:
    """Behind an archive that is too large for Python to start from, a small one that it starts from."""
    size = archive.stat().st_size
    if size <= zipfile.ZIP64_LIMIT:
        return
    start = io.BytesIO()
    with zipfile.ZipFile(start, "w", zipfile.ZIP_STORED) as packed:
        _add_program(packed)
        packed.writestr(_member(install.FRONT), str(size))
    with archive.open("ab") as stream:
        stream.write(start.getvalue())


def _add(packed: zipfile.ZipFile, file: BundledFile) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    member = _member(file.name)
    member.file_size = file.place.stat().st_size
    with file.place.open("rb") as stream, packed.open(member, "w") as target:
        while block := stream.read(_BLOCK):
            digest.update(block)
            size += len(block)
            target.write(block)
    if file.sha256 not in (None, digest.hexdigest()):
        raise RunError(f"{file.place} is not the file it should be; run: footnote models verify")
    return size, digest.hexdigest()


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _THEN)
    member.external_attr = 0o644 << 16
    return member


def _python() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"
