"""Fetching models: from the first source that has the right bytes, once, and all of it or nothing."""

import errno
import os
import shutil
import threading
from collections import namedtuple
from hashlib import sha256
from pathlib import Path

import portalocker
import pytest
from tiny_models import BAD, CATALOGUE, EMBEDDER, GOOD, FakeSource, bad, failing, good

from assistant.errors import FetchFailed, ModelHasNoFile
from assistant.models.catalogue import CatalogueEntry
from assistant.models.model_files import ModelFiles
from assistant.models.model_sources import FetchProgress, LocalSource, OnProgress, SourceFailed


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "models"


def leftovers(root: Path) -> list[str]:
    return [path.name for path in root.rglob("*") if path.is_file() and ".incoming" in path.parts]


def test_a_fetched_writer_is_a_file_in_the_folder(root: Path) -> None:
    files = ModelFiles(root, CATALOGUE, [good()])
    assert files.status("tiny") == "missing"
    path = files.fetch("tiny")
    assert path == root / "tiny.gguf" == files.path("tiny")
    assert path.read_bytes() == GOOD
    assert files.status("tiny") == "present"


def test_a_fetched_embedder_is_a_folder(root: Path) -> None:
    files = ModelFiles(root, CATALOGUE, [good()])
    folder = files.fetch("embed")
    assert folder == root / "embed" == files.path("embed")
    assert {name: (folder / name).read_bytes() for name in EMBEDDER} == EMBEDDER


def test_sources_are_asked_in_order_until_one_delivers(root: Path) -> None:
    first, second, third = failing("first", SourceFailed("off")), good("second"), good("third")
    ModelFiles(root, CATALOGUE, [first, second, third]).fetch("tiny")
    assert [first.asked, second.asked, third.asked] == [1, 1, 0]


def test_a_file_with_another_hash_is_refused_and_the_next_source_asked(root: Path) -> None:
    files = ModelFiles(root, CATALOGUE, [bad(), good()])
    assert files.fetch("tiny").read_bytes() == GOOD


def test_when_no_source_is_left_each_reason_is_told(root: Path) -> None:
    files = ModelFiles(root, CATALOGUE, [bad("hub"), failing("registry", SourceFailed("no such package"))])
    with pytest.raises(FetchFailed) as failure:
        files.fetch("tiny")
    told = str(failure.value)
    assert "'tiny'" in told
    assert f"hub: refused, tiny.gguf has SHA-256 {sha256(BAD).hexdigest()}" in told
    assert f"expected {sha256(GOOD).hexdigest()}" in told
    assert "registry: no such package" in told
    assert "\n" not in told
    assert not (root / "tiny.gguf").exists()


def test_refused_bytes_are_not_kept_but_an_interrupted_download_is(root: Path) -> None:
    with pytest.raises(FetchFailed):
        ModelFiles(root, CATALOGUE, [bad()]).fetch("tiny")
    assert "tiny.gguf" not in leftovers(root)
    with pytest.raises(FetchFailed):
        ModelFiles(root, CATALOGUE, [failing("cut", SourceFailed("cut off"))]).fetch("tiny")
    assert "tiny.gguf" in leftovers(root)


def test_wrong_bytes_from_an_earlier_run_cost_a_second_try_and_not_the_source(root: Path) -> None:
    with pytest.raises(FetchFailed):
        ModelFiles(root, CATALOGUE, [failing("hub", SourceFailed("cut off"))]).fetch("tiny")
    source = good("hub")
    assert ModelFiles(root, CATALOGUE, [source]).fetch("tiny").read_bytes() == GOOD
    assert source.asked == 2


def test_after_success_nothing_is_left_on_its_way(root: Path) -> None:
    files = ModelFiles(root, CATALOGUE, [failing("first", SourceFailed("off")), good()])
    files.fetch("tiny")
    files.fetch("embed")
    assert {Path(name).suffix for name in leftovers(root)} == {".lock"}


def test_what_lies_beside_the_files_does_not_come_along(root: Path) -> None:
    class Littering(FakeSource):
        def deliver(self, entry: CatalogueEntry, folder: Path, on_progress: OnProgress) -> None:
            (folder / "joined.zip").write_bytes(b"")
            super().deliver(entry, folder, on_progress)

    folder = ModelFiles(root, CATALOGUE, [Littering("box", EMBEDDER)]).fetch("embed")
    assert sorted(path.name for path in folder.iterdir()) == [
        "1_Pooling",
        "model.safetensors",
        "verified.json",
    ]


def test_progress_tells_the_download_and_then_the_verification(root: Path) -> None:
    told: list[FetchProgress] = []
    ModelFiles(root, CATALOGUE, [good()]).fetch("tiny", told.append)
    assert told == [
        FetchProgress("tiny", "good", 1, len(GOOD)),
        FetchProgress("tiny", "good", len(GOOD), len(GOOD), "verifying"),
    ]


def test_a_model_that_runs_on_servers_alone_cannot_be_fetched(root: Path) -> None:
    files = ModelFiles(root, CATALOGUE, [good()])
    for refused in (files.fetch, files.path, files.verify):
        with pytest.raises(ModelHasNoFile, match=r"'served' has no file.*footnote models list"):
            refused("served")
    assert files.status("served") == "missing"


def test_a_local_folder_is_a_source_like_the_others(root: Path, tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").write_bytes(GOOD)
    assert ModelFiles(root, CATALOGUE, [LocalSource(tmp_path)]).fetch("tiny").read_bytes() == GOOD


def test_too_little_space_is_told_before_anything_is_fetched(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 5, 5_000_000))
    source = good()
    with pytest.raises(FetchFailed, match=r"needs 67 MB in .* and 5 MB are free"):
        ModelFiles(root, CATALOGUE, [source]).fetch("tiny")
    assert source.asked == 0


def test_a_disk_that_fills_up_on_the_way_ends_the_fetch(root: Path) -> None:
    full, other = failing("hub", OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))), good()
    with pytest.raises(FetchFailed, match=r"needs .* are free; make room"):
        ModelFiles(root, CATALOGUE, [full, other]).fetch("tiny")
    assert other.asked == 0


def test_a_file_that_a_source_may_not_read_leaves_the_other_sources(root: Path) -> None:
    locked = failing("local path", PermissionError(errno.EACCES, "Permission denied"))
    assert ModelFiles(root, CATALOGUE, [locked, good()]).fetch("tiny").read_bytes() == GOOD


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "models").write_bytes(b"a file, where the folder should be")
    with pytest.raises(FetchFailed, match="'tiny' cannot be kept in"):
        ModelFiles(tmp_path / "models", CATALOGUE, [good()]).fetch("tiny")


def test_a_second_fetch_waits_for_the_first_and_then_has_nothing_to_do(root: Path) -> None:
    started, release, waiting = threading.Event(), threading.Event(), threading.Event()

    class Slow(FakeSource):
        def deliver(self, entry: CatalogueEntry, folder: Path, on_progress: OnProgress) -> None:
            started.set()
            assert release.wait(60)
            super().deliver(entry, folder, on_progress)

    def notice(step: FetchProgress) -> None:
        if step.note == "another process is fetching it":
            waiting.set()

    slow, other = Slow("slow", {"tiny.gguf": GOOD}), good()
    first = threading.Thread(target=lambda: ModelFiles(root, CATALOGUE, [slow]).fetch("tiny"))
    second = threading.Thread(target=lambda: ModelFiles(root, CATALOGUE, [other]).fetch("tiny", notice))
    first.start()
    assert started.wait(60)
    second.start()
    assert waiting.wait(60)
    release.set()
    first.join(60)
    second.join(60)
    assert (slow.asked, other.asked) == (1, 0)
    assert (root / "tiny.gguf").read_bytes() == GOOD


def test_a_disk_without_locks_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise portalocker.LockException("no locks")

    monkeypatch.setattr(portalocker, "lock", refuse)
    with pytest.raises(FetchFailed, match=r"tiny\.lock cannot be locked"):
        ModelFiles(root, CATALOGUE, [good()]).fetch("tiny")
