"""Collects the wheels of a bundle: Footnote's own, llama.cpp's for any machine, and those of all the rest."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from index_store.errors import RunError, UsageError
from ui.bundle.engine_build import cmake_words, fingerprint
from ui.bundle.packages import Pinned
from ui.bundle.pip_runs import Pip, Tell, run_pip

ENGINE = "llama-cpp-python"
TORCH_HOST = "download.pytorch.org"
_TORCH = "torch"
_TORCH_INDEX = f"https://{TORCH_HOST}/whl/"
_SOURCE = ("assistant", "ingest", "index_store", "ui", "pyproject.toml", "README.md", "LICENSE")


class WheelCollector:
    """Puts wheels into a folder, with pip as it is set up here.

    `kept` keeps what takes minutes to compile; `wheels` is a folder that is all there is, without a network.
    """

    def __init__(
        self, source: Path, kept: Path, *, wheels: Path | None = None, pip: Pip = run_pip, tell: Tell
    ) -> None:
        """`source` is Footnote's checkout. Raises UsageError where it is none."""
        if not (source / "pyproject.toml").is_file():
            raise UsageError(f"{source} holds no source of Footnote; run footnote bundle from a checkout")
        self._source = source
        self._kept = kept
        self._from = ["--no-index", "--find-links", str(wheels)] if wheels else []
        self._pip = pip
        self._tell = tell

    def collect(self, packages: Sequence[Pinned], folder: Path) -> list[Path]:
        """One wheel for each package, and Footnote's. Raises RunError when one cannot be had."""
        rest = []
        for package in packages:
            if package.name == ENGINE:
                self._engine(package, folder)
            elif package.name == _TORCH:
                self._torch(package, folder)
            else:
                rest.append(package)
        self._tell(f"collecting {len(rest)} packages")
        with tempfile.TemporaryDirectory() as place:
            pins = Path(place) / "pins.txt"
            pins.write_text("".join(f"{package.requirement}\n" for package in rest))
            self._wheel(["-r", str(pins)], folder, of=len(rest))
        self._own(folder)
        found = sorted(folder.glob("*.whl"))
        if len(found) != len(packages) + 1:
            raise RunError(f"{len(packages) + 1} wheels were asked for and {len(found)} came; try again")
        return found

    def _wheel(self, words: Sequence[str], folder: Path, *, of: int = 0) -> None:
        # Each package is named with its version, so that pip chooses nothing, and brings nothing along.
        self._pip(["wheel", "--no-deps", *self._from, "-w", str(folder), *words], self._tell, of=of)

    def _torch(self, package: Pinned, folder: Path) -> None:
        """The very build that is installed here: 2.13.0+cpu has no GPU packages, 2.13.0 may bring many."""
        self._tell(f"collecting {package.requirement}")
        _, _, build = package.version.partition("+")
        try:
            self._wheel([package.requirement], folder)
        except RunError:
            if not build or self._from:
                raise
            self._tell(f"asking PyTorch's own index for it: {_TORCH_INDEX}{build}")
            self._wheel(["--extra-index-url", f"{_TORCH_INDEX}{build}", package.requirement], folder)

    def _engine(self, package: Pinned, folder: Path) -> None:
        kept = self._kept / f"{package.version}-{fingerprint()}"
        if not list(kept.glob("*.whl")):
            self._tell("compiling llama.cpp for any x86-64 of the last ten years: 5 to 10 minutes, once")
            kept.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=kept) as place:
                out = Path(place) / "done"
                # Neither from pip's cache nor into it: it knows wheels by their version alone, and one
                # compiled for this very processor bears the same.
                words = [
                    "wheel",
                    "--no-deps",
                    "--no-cache-dir",
                    "--no-binary",
                    ENGINE,
                    *self._from,
                    "-w",
                    str(out),
                ]
                # What pip unpacks and compiles lies there too, and goes away with it when it is stopped.
                more = {"CMAKE_ARGS": cmake_words(), "TMPDIR": place}
                self._pip([*words, package.requirement], self._tell, more=more)
                for wheel in out.glob("*.whl"):
                    wheel.replace(kept / wheel.name)
        for wheel in kept.glob("*.whl"):
            shutil.copy2(wheel, folder / wheel.name)

    def _own(self, folder: Path) -> None:
        """From a copy: what is built in a checkout leaves files there, which a later build would take in."""
        self._tell("building Footnote's own wheel")
        with tempfile.TemporaryDirectory() as place:
            copy = Path(place) / "footnote"
            copy.mkdir()
            for name in _SOURCE:
                part = self._source / name
                if part.is_dir():
                    shutil.copytree(part, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
                elif part.is_file():
                    shutil.copy2(part, copy / name)
            self._wheel([str(copy)], folder)
