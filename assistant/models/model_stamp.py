"""Judging files by their hash, and remembering what was judged so that a start need not read gigabytes."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.models.catalogue import PinnedFile

_BLOCK = 1 << 20


class FileDiffers(Exception):
    """A file is not the one that is pinned; the message says which, what was expected and what was found."""


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file as it was when its hash was taken; size in bytes, time of last change in nanoseconds."""

    bytes: int
    mtime_ns: int
    sha256: str


Stamp = Mapping[str, SeenFile]
"""What was seen of each file of a model, by its name."""


def read_stamp(file: Path) -> Stamp:
    """The stamp kept in a file; empty when there is none or it cannot be read."""
    try:
        return {name: SeenFile(**seen) for name, seen in json.loads(file.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def write_stamp(file: Path, stamp: Stamp) -> None:
    """Keep a stamp. A folder that cannot be written to keeps none: its files are read again each time."""
    text = json.dumps({name: asdict(seen) for name, seen in stamp.items()}, indent=1)
    fresh = file.with_name(file.name + ".new")
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)


def judge(
    files: Sequence[PinnedFile],
    place: Callable[[PinnedFile], Path],
    known: Stamp,
    *,
    thorough: bool,
    on_bytes: Callable[[int], None] = lambda _: None,
) -> Stamp:
    """Hold files against their pins; a file without a pin against the stamp, or else trust it as it is.

    Unless `thorough`, a file whose size and time are as stamped is not read again. `on_bytes` is told the
    bytes read so far. Raises FileDiffers, and OSError for a file that is not there.
    """
    stamp: dict[str, SeenFile] = {}
    before = 0
    for file in files:
        path = place(file)
        found = path.stat()
        if file.bytes is not None and found.st_size != file.bytes:
            raise FileDiffers(f"{path.name} has {found.st_size} bytes, expected {file.bytes}")
        seen = known.get(file.name)
        pin = file.sha256 or (seen.sha256 if seen else None)
        if thorough or seen is None or seen != SeenFile(found.st_size, found.st_mtime_ns, pin or ""):
            digest = file_sha256(path, on_bytes, before)
            if pin is not None and digest != pin:
                raise FileDiffers(f"{path.name} has SHA-256 {digest}, expected {pin}")
            seen = SeenFile(found.st_size, found.st_mtime_ns, digest)
        stamp[file.name] = seen
        before += found.st_size
    return stamp


def file_sha256(file: Path, on_bytes: Callable[[int], None] = lambda _: None, before: int = 0) -> str:
    """The SHA-256 of a file in hex; `on_bytes` is told the bytes read so far, `before` included."""
    digest = hashlib.sha256()
    done = before
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            done += len(block)
            on_bytes(done)
    return digest.hexdigest()
