"""Sets Footnote up from a bundle, with nothing but Python: the archive carries this file and runs it.

    python3 footnote-bundle.zip [--into DIR]

So it stands alone: it imports nothing of Footnote, and says what is wrong also to a Python that is too old.
Everything is checked before anything is written: what the archive is, whether it fits this machine, and the
hash of every file in it. An earlier program is put aside until the new one is whole; one that was stopped
half-way, by whatever, is begun anew.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path, PurePosixPath
from typing import IO, Any, Callable, Iterator, NoReturn  # noqa: UP035 (for old Pythons too)

FORMAT = 1
MANIFEST = "manifest.json"
PROGRAM = "install.py"
START = "__main__.py"
FRONT = "front"
"""Where it is, all this lies behind the bundle itself, which is so many bytes long; see opened()."""
MARK = "footnote-bundle.json"
"""Beside the program, so that a later bundle knows the folder for its own, and whether it is whole."""

_BLOCK = 1 << 20
_LARGEST_MANIFEST = 1 << 20
_SPARE_BYTES = 256 << 20
_UNPACKED = 3  # a wheel unpacked and compiled takes about three times its own size
_SECONDS = 1.0  # so long it is silent at most, while there is anything new to say
_PULSE_SECONDS = 5.0  # and so long while there is nothing
_LOOK_SECONDS = 0.2
_MEMBER = re.compile(r"(wheels/[A-Za-z0-9][A-Za-z0-9_.+!-]*\.whl|models/[A-Za-z0-9][A-Za-z0-9_./+-]*)")
_HASH = re.compile(r"[0-9a-f]{64}")
_PARTS = (
    "bin",
    "etc",
    "include",
    "lib",
    "lib64",
    "pyvenv.cfg",
    "share",
)  # what venv and pip put into a folder
_BEFORE = ".before"

Tell = Callable[[str], None]
"""Hears each line that says how far it is."""


class Refused(Exception):
    """The bundle is not installed; the message is one line: what, the value, what to do."""


class Progress:
    """Tells how far something is that has so many bytes: at its beginning, then once a second."""

    def __init__(
        self, tell: Tell, what: str, total: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`what` is in words, as "checking the archive"."""
        self._tell = tell
        self._what = what
        self._total = max(total, 1)
        self._clock = clock
        self._done = 0
        self._say()

    def add(self, size: int) -> None:
        """So many more bytes are done."""
        self._done += size
        if self._clock() - self._told >= _SECONDS:
            self._say()

    def _say(self) -> None:
        self._told = self._clock()
        self._tell(f"{self._what}: {100 * self._done // self._total} %")


class Manifest:
    """What an archive says of itself: for which machine it is, and its files with their sizes and hashes."""

    def __init__(self, told: dict[str, Any]) -> None:
        """Raises KeyError, TypeError or ValueError for what is no manifest."""
        if told["format"] != FORMAT:
            raise ValueError("format {!r}".format(told["format"]))
        self.footnote = str(told["footnote"])
        self.python = str(told["python"])
        self.machine = str(told["machine"])
        self.glibc = (int(told["glibc"][0]), int(told["glibc"][1]))
        self.processor = [str(flag) for flag in told["processor"]]
        self.settings = {str(name): str(value) for name, value in told["settings"].items()}
        self.files = {str(name): (int(size), str(sha)) for name, (size, sha) in told["files"].items()}

    @property
    def bytes(self) -> int:
        """Of all files together."""
        return sum(size for size, _ in self.files.values())


def install(archive: Path, into: Path, home: Path, tell: Tell) -> Path:
    """Check the archive, then put the program into `into` and the models into `home`; gives the command.

    Raises Refused, and nothing was touched; where pip fails, the folder is again as it was.
    """
    into, home = into.absolute(), home.absolute()
    try:
        with archive.open("rb") as stream, opened(stream) as packed:
            manifest = read_manifest(archive, packed)
            check_machine(archive, manifest)
            check_place(into, home, manifest)
            check_files(archive, packed, manifest, tell)
            return _set_up(packed, manifest, into, home, tell)
    except FileNotFoundError as error:
        _refuse(archive, "is not there", "check the path", error)
    except zipfile.BadZipFile as error:
        _refuse(archive, f"is no whole bundle ({error})", "copy it here again", error)
    except OSError as error:
        _refuse(archive, f"could not be installed ({error})", "check the disk and its rights", error)


class _Front:
    """The first bytes of a file, as a file of its own to read from."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        self._stream = stream
        self._size = size

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._size - self._stream.tell())
        return self._stream.read(left if size < 0 else min(size, left))

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if whence == os.SEEK_END:
            return self._stream.seek(self._size + offset)
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def seekable(self) -> bool:
        return True


def opened(stream: IO[bytes]) -> zipfile.ZipFile:
    """The bundle in an archive. Raises zipfile.BadZipFile.

    Python does not start from an archive of more than 2 GB (zipimport before 3.13 knows no ZIP64). So behind
    a large bundle lies a small archive, which is the one that is found first; it holds this program again,
    and how long the bundle is.
    """
    outer = zipfile.ZipFile(stream)
    if FRONT not in outer.namelist():
        return outer
    try:
        with outer.open(FRONT) as length:
            told = length.read(20)
    except RuntimeError:  # packed or locked in a way that no bundle is
        told = b""
    outer.close()
    if not told.isdigit() or int(told) > stream.seek(0, os.SEEK_END):
        raise zipfile.BadZipFile("its length is not told")
    front: Any = _Front(stream, int(told))
    return zipfile.ZipFile(front)


def read_manifest(archive: Path, packed: zipfile.ZipFile) -> Manifest:
    """The manifest, held against the archive's own list of members. Raises Refused."""
    try:
        if packed.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST:
            raise ValueError("too large")
        manifest = Manifest(json.loads(packed.read(MANIFEST)))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RuntimeError) as error:
        # One that was cut off behind a wheel looks like that wheel, which is such an archive too.
        told = "is no whole bundle of Footnote ({})".format(" ".join(str(error).split()))
        _refuse(archive, told, "copy it here again", error)
    members = [info.filename for info in packed.infolist()]
    expected = {*manifest.files, MANIFEST, PROGRAM, START}
    if len(members) != len(set(members)) or set(members) != expected:
        odd = sorted(set(members) ^ expected) or ["a name twice"]
        _refuse(archive, f"holds other files than it says ({odd[0]})", "copy it here again")
    for name, (size, sha) in manifest.files.items():
        parts = PurePosixPath(name).parts
        if (
            not _MEMBER.fullmatch(name)
            or ".." in parts
            or "/".join(parts) != name
            or not _HASH.fullmatch(sha)
        ):
            _refuse(archive, f"names the file {name!r}, which leads elsewhere", "do not use this archive")
        info = packed.getinfo(name)
        if info.compress_type != zipfile.ZIP_STORED or info.file_size != size or info.flag_bits & 0x1:
            _refuse(archive, f"holds {name} in another size than it says", "copy it here again")
    return manifest


def check_machine(archive: Path, manifest: Manifest) -> None:
    """Whether this machine can run what the archive holds. Raises Refused."""
    python = ".".join(map(str, sys.version_info[:2]))
    if python != manifest.python:
        told = f"is for Python {manifest.python}, and this is {python}"
        _refuse(archive, told, f"run it with python{manifest.python}")
    if (sys.platform, platform.machine()) != ("linux", manifest.machine):
        here = f"{platform.system()} {platform.machine()}"
        _refuse(archive, f"is for Linux {manifest.machine}, and this is {here}", "make one on such a machine")
    glibc = _glibc()
    if glibc is None and manifest.glibc > (0, 0):
        told = f"wants glibc {_dotted(manifest.glibc)}, and this system has another C library"
        _refuse(archive, told, "use a system with glibc, such as Debian, Ubuntu, RHEL or SUSE")
    if glibc is not None and glibc < manifest.glibc:
        told = f"wants glibc {_dotted(manifest.glibc)}, and this machine has {_dotted(glibc)}"
        _refuse(archive, told, "make the bundle on a system as old as this one")
    lacking = sorted(set(manifest.processor) - _processor()) if _processor() else []
    if lacking:
        told = "is for processors with {}, which this one lacks".format(", ".join(lacking))
        _refuse(archive, told, "install from source here")


def check_place(into: Path, home: Path, manifest: Manifest) -> None:
    """Whether both folders may be written to, and have room. Raises Refused."""
    if into.exists() and (not into.is_dir() or (any(into.iterdir()) and not (into / MARK).is_file())):
        _refuse(into, "is in use by something else", "give another folder with --into")
    wheels = sum(size for name, (size, _) in manifest.files.items() if name.startswith("wheels/"))
    wanted = {into: wheels * (1 + _UNPACKED), home: manifest.bytes - wheels}
    disks: dict[int, int] = {}
    for folder, size in wanted.items():
        place = _nearest(folder)
        if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
            _refuse(folder, "cannot be written to", "choose a folder of yours (--into, FOOTNOTE_HOME)")
        disk = place.stat().st_dev
        disks[disk] = disks.get(disk, _SPARE_BYTES) + size
        free = shutil.disk_usage(place).free
        if free < disks[disk]:
            told = f"needs {disks[disk] / 1e9:.1f} GB, and {free / 1e9:.1f} are free"
            _refuse(folder, told, "make room, or choose another folder")


def check_files(archive: Path, packed: zipfile.ZipFile, manifest: Manifest, tell: Tell) -> None:
    """Read every file of the archive and compare its hash. Raises Refused."""
    progress = Progress(tell, "checking the archive", manifest.bytes)
    for name, (_, sha) in manifest.files.items():
        digest = hashlib.sha256()
        try:
            with packed.open(name) as stream:
                for block in _blocks(stream):
                    digest.update(block)
                    progress.add(len(block))
        except (zipfile.BadZipFile, EOFError) as error:
            _refuse(archive, f"is damaged at {name}", "copy it here again", error)
        if digest.hexdigest() != sha:
            _refuse(archive, f"is damaged at {name}", "copy it here again")


def _set_up(packed: zipfile.ZipFile, manifest: Manifest, into: Path, home: Path, tell: Tell) -> Path:
    fresh = not into.exists()
    into.mkdir(parents=True, exist_ok=True)
    with _alone_in(into):
        try:
            _put_aside(into)
            _put_program(packed, manifest, into, tell)
            _mark(into, manifest.footnote, whole=True)
        except BaseException:
            _put_back(into)
            if fresh:
                shutil.rmtree(into, ignore_errors=True)
            raise
        shutil.rmtree(into / _BEFORE, ignore_errors=True)
    _put_models(packed, manifest, home, tell)
    _write_settings(manifest, home)
    command = into / "bin" / "footnote"
    what = "holding the models against the hashes that Footnote knows"
    _run(into, [str(command), "models", "verify"], tell, what, FOOTNOTE_HOME=str(home))
    return command


@contextlib.contextmanager
def _alone_in(into: Path) -> Iterator[None]:
    import fcntl

    descriptor = os.open(into, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            _refuse(into, "is being set up by another process", "wait for its end", error)
        except OSError:  # a file system without locks, as NFS for folders: then without
            pass
        yield
    finally:
        os.close(descriptor)


def _put_aside(into: Path) -> None:
    """An earlier program goes into a folder beside, as it is; what a stopped installation left goes away.

    Stopped at any moment, it goes on from there the next time.
    """
    before = into / _BEFORE
    if _is_whole(into):
        before.mkdir(exist_ok=True)
        for name in _PARTS:
            if os.path.lexists(into / name):
                _remove(before / name)
                os.rename(into / name, before / name)
    _mark(into, "", whole=False)
    for left in (*(into / name for name in _PARTS), *into.glob(".wheels-*")):
        _remove(left)


def _put_back(into: Path) -> None:
    """The folder as it was before: with the program that was put aside, or with none."""
    before = into / _BEFORE
    begun = not _is_whole(into)
    if begun:
        for name in _PARTS:
            _remove(into / name)
    if before.is_dir():
        for part in before.iterdir():
            if not os.path.lexists(into / part.name):
                os.rename(part, into / part.name)
        _mark(into, "", whole=True)
        shutil.rmtree(before)
    elif begun:
        _remove(into / MARK)


def _put_program(packed: zipfile.ZipFile, manifest: Manifest, into: Path, tell: Tell) -> None:
    with tempfile.TemporaryDirectory(prefix=".wheels-", dir=into) as folder:
        wheels = Path(folder)
        packages = {name: size for name, (size, _) in manifest.files.items() if name.startswith("wheels/")}
        progress = Progress(tell, "laying out the packages", sum(packages.values()))
        for name in packages:
            _unpack(packed, name, wheels / PurePosixPath(name).name, progress)
        # Not the Python of a virtual environment, which may be the one that was just put aside.
        base = getattr(sys, "_base_executable", None) or sys.executable
        venv = [base, "-m", "venv", "--without-pip", str(into)]
        _run(into, venv, tell, f"setting up Python in {into}")
        # pip runs out of its own wheel: many systems leave it out of what they call Python.
        pip = next(iter(sorted(wheels.glob("pip-*.whl"))), None)
        if pip is None:
            _refuse(into, "cannot be set up, since the bundle holds no pip", "make the bundle anew")
        python = str(into / "bin" / "python")
        options = ["install", "--no-index", "--find-links", str(wheels), "--no-input", "--no-cache-dir"]
        what = f"installing Footnote {manifest.footnote} and its packages, a minute or two"
        _run(
            into,
            [python, str(pip / "pip"), *options, f"footnote=={manifest.footnote}"],
            tell,
            what,
            far=_packages_in(into, len(packages) - 1),
        )


def _mark(into: Path, footnote: str, *, whole: bool) -> None:
    told = into / (MARK + ".partial")
    told.write_text(json.dumps({"footnote": footnote, "whole": whole}) + "\n")
    os.replace(told, into / MARK)


def _is_whole(into: Path) -> bool:
    try:
        return bool(json.loads((into / MARK).read_text()).get("whole", True))
    except (OSError, ValueError, AttributeError):
        return False


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    elif os.path.lexists(place):
        place.unlink()


def _put_models(packed: zipfile.ZipFile, manifest: Manifest, home: Path, tell: Tell) -> None:
    if not home.exists():
        home.mkdir(mode=0o700, parents=True)  # what is asked and answered will lie there
    for name, (size, sha) in manifest.files.items():
        if not name.startswith("models/"):
            continue
        place = home.joinpath(*PurePosixPath(name).parts)
        if place.is_file() and place.stat().st_size == size:
            progress = Progress(tell, f"looking at {name}, which is there", size)
            if _hash_of(place, progress) == sha:
                continue
        place.parent.mkdir(parents=True, exist_ok=True)
        partial = place.with_name(place.name + ".partial")
        try:
            _unpack(packed, name, partial, Progress(tell, f"putting {name} into {home}", size))
            os.replace(partial, place)
        finally:
            if partial.exists():
                partial.unlink()


def _write_settings(manifest: Manifest, home: Path) -> None:
    """The models that the bundle brings are the ones in use, where nobody has said otherwise yet."""
    file = home / "settings.toml"
    if manifest.settings and not file.exists():
        lines = [f"{name} = {json.dumps(value)}\n" for name, value in manifest.settings.items()]
        file.write_text("".join(lines), encoding="utf-8")


def _unpack(packed: zipfile.ZipFile, name: str, target: Path, progress: Progress) -> None:
    with packed.open(name) as stream, target.open("wb") as copy:
        for block in _blocks(stream):
            copy.write(block)
            progress.add(len(block))


def _packages_in(into: Path, total: int) -> Callable[[], str]:
    """What tells how many packages pip has put there since now: it says nothing of it itself."""
    began = time.time() - 1

    def told() -> str:
        done = 0
        for one in into.glob("lib/python*/site-packages/*.dist-info"):
            try:
                done += one.stat().st_mtime >= began
            except OSError:  # pip has just moved it
                continue
        return f"{done} of {total}" if done else ""

    return told


def _run(
    into: Path, command: list[str], tell: Tell, what: str, far: Callable[[], str] = str, **more: str
) -> None:
    """Run a command, and tell what it is for, and meanwhile how far it is."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PIP_", "PYTHON", "FOOTNOTE_"))
    }
    # What pip is set up for on this machine leads to a network, or elsewhere.
    environment.update(more, PIP_CONFIG_FILE=os.devnull, PIP_DISABLE_PIP_VERSION_CHECK="1")
    tell(what)
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        code = _watched(command, environment, out, err, _Pulse(tell, what, far))
        out.seek(0)
        err.seek(0)
        said = err.read() or out.read()
    if code:
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        errors = [line for line in lines if "rror" in line] or lines or [f"exit code {code}"]
        _refuse(into, f"could not be set up ({errors[-1][:300]})", "see that, then try again")


def _watched(
    command: list[str], environment: dict[str, str], out: IO[str], err: IO[str], pulse: _Pulse
) -> int:
    """The exit code of a command, whose words go into files."""
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
    try:
        while True:
            try:
                return process.wait(_LOOK_SECONDS)
            except subprocess.TimeoutExpired:
                pulse.beat()
    except BaseException:
        process.kill()
        process.wait()
        raise


class _Pulse:
    """Tells how far a command is when that is news, else every few seconds that it is still at it."""

    def __init__(self, tell: Tell, what: str, far: Callable[[], str]) -> None:
        self._tell = tell
        self._what = what
        self._far = far
        self._began = self._told = time.monotonic()
        self._last = ""

    def beat(self) -> None:
        """Some time has passed."""
        silent = time.monotonic() - self._told
        if silent < _SECONDS:
            return
        far = self._far()
        if far == self._last and silent < _PULSE_SECONDS:
            return
        self._last, self._told = far, time.monotonic()
        seconds = f"{self._told - self._began:.0f} s"
        self._tell("{}: {}".format(self._what, ", ".join(filter(None, (far, seconds)))))


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    while True:
        block = stream.read(_BLOCK)
        if not block:
            return
        yield block


def _hash_of(file: Path, progress: Progress) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        for block in _blocks(stream):
            digest.update(block)
            progress.add(len(block))
    return digest.hexdigest()


def _nearest(folder: Path) -> Path:
    """The folder itself, or the nearest one above it that is there."""
    folder = folder.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _glibc() -> tuple[int, int] | None:
    found = re.match(r"(\d+)\.(\d+)", platform.libc_ver()[1])
    return (int(found[1]), int(found[2])) if found else None


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def _processor() -> set[str]:
    """What this processor can, in the words of /proc/cpuinfo; empty where it does not say."""
    try:
        told = re.search(r"^flags\s*:(.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        return set()
    return set(told[1].split()) if told else set()


def _refuse(what: Path, why: str, advice: str, cause: Exception | None = None) -> NoReturn:
    raise Refused(f"{what}: {why}; {advice}") from cause


def usual_home() -> Path:
    """Where Footnote keeps its data: FOOTNOTE_HOME, else the platform's place for it."""
    told = os.environ.get("FOOTNOTE_HOME")
    if told:
        return Path(told).expanduser()
    return Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "footnote"


def _stop(number: int, _: object) -> NoReturn:
    """What a closed terminal or a shutdown asks for: put back what was, then end."""
    sys.exit(128 + number)


def main() -> None:
    """Install the archive that this program lies in."""
    options = argparse.ArgumentParser(prog="python3 BUNDLE", description="Set Footnote up from this bundle.")
    options.add_argument(
        "--into", metavar="DIR", default="~/footnote", help="folder for the program (~/footnote)"
    )
    options.add_argument("--archive", metavar="FILE", default=sys.argv[0], help=argparse.SUPPRESS)
    given = options.parse_args()
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stop)
    try:
        command = install(
            Path(given.archive),
            Path(given.into).expanduser(),
            usual_home(),
            lambda line: print(line, flush=True),
        )
    except Refused as error:
        sys.exit(f"footnote: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
    print(f"Footnote is set up: {command} serve --sync")


if __name__ == "__main__":
    main()
