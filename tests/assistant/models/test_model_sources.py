"""A path on this machine is a source: files are linked or copied from it, and these stay as they are."""

import os
from pathlib import Path

import pytest
from tiny_models import FACTS

from assistant.models.catalogue import EmbedderEntry, ModelEntry, PinnedFile
from assistant.models.model_sources import FetchProgress, LocalSource, SourceFailed, unwatched

WRITER = ModelEntry(id="tiny", files=(PinnedFile("tiny.gguf", 5),), **FACTS)
EMBEDDER = EmbedderEntry(
    id="embed",
    dimensions=2,
    max_tokens=8,
    files=(PinnedFile("model.safetensors", 3), PinnedFile("1_Pooling/config.json", 2)),
    **FACTS,
)


@pytest.fixture
def share(tmp_path: Path) -> Path:
    folder = tmp_path / "share"
    (folder / "embed" / "1_Pooling").mkdir(parents=True)
    (folder / "tiny.gguf").write_bytes(b"12345")
    (folder / "embed" / "model.safetensors").write_bytes(b"abc")
    (folder / "embed" / "1_Pooling" / "config.json").write_bytes(b"{}")
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


def test_a_writer_is_found_in_a_folder_and_by_its_own_path(share: Path, target: Path) -> None:
    for path in (share, share / "tiny.gguf"):
        LocalSource(path).deliver(WRITER, target, unwatched)
        assert (target / "tiny.gguf").read_bytes() == b"12345"


def test_an_embedder_is_found_by_its_folder_and_in_the_folder_above(share: Path, target: Path) -> None:
    for path in (share, share / "embed"):
        LocalSource(path).deliver(EMBEDDER, target, unwatched)
        assert (target / "1_Pooling" / "config.json").read_bytes() == b"{}"


def test_from_another_disk_the_file_is_copied_and_progress_told(
    share: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    told: list[FetchProgress] = []
    LocalSource(share).deliver(WRITER, target, told.append)
    assert (target / "tiny.gguf").read_bytes() == b"12345"
    assert told == [FetchProgress("tiny", "local path", 5, 5)]


def test_delivering_twice_leaves_the_original_as_it_was(share: Path, target: Path) -> None:
    source = LocalSource(share)
    source.deliver(WRITER, target, unwatched)
    source.deliver(WRITER, target, unwatched)
    (target / "tiny.gguf").unlink()
    assert (share / "tiny.gguf").read_bytes() == b"12345"


def test_what_is_not_there_is_said(share: Path, target: Path, tmp_path: Path) -> None:
    (share / "tiny.gguf").unlink()
    with pytest.raises(SourceFailed, match=r"share holds no tiny\.gguf"):
        LocalSource(share).deliver(WRITER, target, unwatched)
    with pytest.raises(SourceFailed, match="gone does not exist"):
        LocalSource(tmp_path / "gone").deliver(WRITER, target, unwatched)


def test_a_file_of_another_size_is_refused_before_it_is_copied(share: Path, target: Path) -> None:
    (share / "tiny.gguf").write_bytes(b"123456")
    with pytest.raises(SourceFailed, match="has 6 bytes, expected 5"):
        LocalSource(share).deliver(WRITER, target, unwatched)
    assert not list(target.iterdir())
