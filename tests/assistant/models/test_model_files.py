"""Files of models on this machine: quick to find when right, and never used when they are not."""

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tiny_models import BAD, CATALOGUE, FACTS, GOOD, bad, good, pinned

from assistant.errors import FetchFailed, ModelDamaged, ModelMissing, UnknownModel
from assistant.models import model_stamp
from assistant.models.catalogue import Catalogue, ModelEntry
from assistant.models.model_files import ModelFiles
from assistant.models.model_sources import FetchProgress


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were read whole to take their hash."""
    names: list[str] = []
    real = model_stamp.file_sha256

    def noted(file: Path, *rest: Any) -> str:
        names.append(file.name)
        return real(file, *rest)

    monkeypatch.setattr(model_stamp, "file_sha256", noted)
    return names


def test_a_missing_model_names_the_command_that_fetches_it(root: Path) -> None:
    with pytest.raises(ModelMissing, match="'tiny' is not on this machine; run: footnote models fetch tiny"):
        ModelFiles(root, CATALOGUE).path("tiny")


def test_a_truncated_file_is_noticed_without_reading_it(root: Path, hashed: list[str]) -> None:
    files = ModelFiles(root, CATALOGUE, [good()])
    path = files.fetch("tiny")
    hashed.clear()
    path.write_bytes(GOOD[:-1])
    with pytest.raises(ModelDamaged, match=f"has {len(GOOD) - 1} bytes, expected {len(GOOD)}"):
        files.path("tiny")
    assert files.status("tiny") == "damaged"
    assert hashed == []


def test_a_replaced_file_of_the_same_size_is_noticed(root: Path) -> None:
    files = ModelFiles(root, CATALOGUE, [good()])
    path = files.fetch("tiny")
    path.write_bytes(BAD)
    os.utime(path, (1, 1))
    with pytest.raises(ModelDamaged, match=sha256(BAD).hexdigest()):
        files.path("tiny")


def test_a_file_that_was_only_touched_is_read_once_and_then_trusted(root: Path, hashed: list[str]) -> None:
    files = ModelFiles(root, CATALOGUE, [good()])
    os.utime(files.fetch("tiny"), (1, 1))
    hashed.clear()
    files.path("tiny")
    files.path("tiny")
    assert hashed == ["tiny.gguf"]


def test_verify_finds_what_size_and_time_hide(root: Path) -> None:
    files = ModelFiles(root, CATALOGUE, [good()])
    path = files.fetch("tiny")
    before = path.stat()
    path.write_bytes(BAD)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert files.status("tiny") == "present"
    told: list[FetchProgress] = []
    with pytest.raises(ModelDamaged, match=f"{sha256(BAD).hexdigest()}, expected {sha256(GOOD).hexdigest()}"):
        files.verify("tiny", told.append)
    assert told[-1] == FetchProgress("tiny", "", len(GOOD), len(GOOD), "verifying")


def test_fetching_mends_a_damaged_writer_and_a_damaged_embedder(root: Path) -> None:
    files = ModelFiles(root, CATALOGUE, [good()])
    files.fetch("tiny").write_bytes(b"")
    (files.fetch("embed") / "1_Pooling" / "config.json").unlink()
    with pytest.raises(ModelDamaged, match=r"1_Pooling/config\.json missing"):
        files.path("embed")
    assert files.fetch("tiny").read_bytes() == GOOD
    assert (files.fetch("embed") / "1_Pooling" / "config.json").read_bytes() == b"{}"


def test_a_model_pinned_anew_is_judged_by_the_new_pin(root: Path) -> None:
    ModelFiles(root, CATALOGUE, [good()]).fetch("tiny")
    newer = Catalogue((ModelEntry(id="tiny", files=(pinned("tiny.gguf", BAD),), **FACTS),))
    assert ModelFiles(root, newer).status("tiny") == "damaged"
    assert ModelFiles(root, newer, [bad()]).fetch("tiny").read_bytes() == BAD


def test_an_unreadable_stamp_only_costs_reading_the_file(root: Path) -> None:
    files = ModelFiles(root, CATALOGUE, [good()])
    files.fetch("tiny")
    (root / "tiny.gguf.verified.json").write_text("[1, 2")
    assert files.path("tiny") == root / "tiny.gguf"


def test_an_unpinned_embedder_is_trusted_as_first_fetched_and_held_to_it(root: Path) -> None:
    files = ModelFiles(root, CATALOGUE, [good()])
    weights = files.fetch("unpinned") / "model.safetensors"
    assert files.verify("unpinned") == root / "unpinned"
    weights.write_bytes(b"VECTORS")
    with pytest.raises(ModelDamaged, match=r"model\.safetensors has SHA-256"):
        files.path("unpinned")
    with pytest.raises(FetchFailed, match=f"expected {sha256(b'vectors').hexdigest()}"):
        ModelFiles(root, CATALOGUE, [bad()]).fetch("unpinned")
    assert (files.fetch("unpinned") / "model.safetensors").read_bytes() == b"vectors"


def test_nothing_is_fetched_twice_nor_read_again(root: Path, hashed: list[str]) -> None:
    source = good()
    ModelFiles(root, CATALOGUE, [source]).fetch("tiny")
    hashed.clear()
    again = ModelFiles(root, CATALOGUE, [source])
    again.fetch("tiny")
    again.path("tiny")
    assert again.status("tiny") == "present"
    assert source.asked == 1
    assert hashed == []


def test_an_unknown_model_is_an_error_everywhere(root: Path) -> None:
    files = ModelFiles(root, CATALOGUE, [good()])
    for ask in (files.path, files.fetch, files.verify, files.status):
        with pytest.raises(UnknownModel):
            ask("nobody")


def test_a_file_copied_into_the_folder_by_hand_is_taken_when_it_is_right(
    root: Path, hashed: list[str]
) -> None:
    root.mkdir()
    (root / "tiny.gguf").write_bytes(GOOD)
    files = ModelFiles(root, CATALOGUE)
    assert files.path("tiny") == root / "tiny.gguf"
    assert files.path("tiny") == root / "tiny.gguf"
    assert hashed == ["tiny.gguf"]


def test_a_damage_that_only_verifying_shows_is_mended_by_a_fetch(root: Path) -> None:
    files = ModelFiles(root, CATALOGUE, [good()])
    path = files.fetch("tiny")
    before = path.stat()
    path.write_bytes(BAD)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(ModelDamaged):
        files.verify("tiny")
    assert files.status("tiny") == "damaged"
    assert files.fetch("tiny").read_bytes() == GOOD


def test_what_was_trusted_at_first_is_still_held_to_it_after_a_damage(root: Path) -> None:
    files = ModelFiles(root, CATALOGUE, [good()])
    weights = files.fetch("unpinned") / "model.safetensors"
    weights.write_bytes(b"VECTORS")
    with pytest.raises(ModelDamaged):
        files.verify("unpinned")
    with pytest.raises(FetchFailed, match=f"expected {sha256(b'vectors').hexdigest()}"):
        ModelFiles(root, CATALOGUE, [bad()]).fetch("unpinned")


def test_a_glance_tells_how_a_model_stands_without_reading_any_file(root: Path, hashed: list[str]) -> None:
    files = ModelFiles(root, CATALOGUE, [good()])
    assert [files.glance(id) for id in ("tiny", "embed", "served")] == ["missing"] * 3
    path, folder = files.fetch("tiny"), files.fetch("embed")
    hashed.clear()
    assert (files.glance("tiny"), files.glance("embed")) == ("verified", "verified")
    os.utime(path, (1, 1))
    assert files.glance("tiny") == "unverified"
    path.write_bytes(GOOD[:-1])
    assert files.glance("tiny") == "damaged"
    (folder / "1_Pooling" / "config.json").unlink()
    assert files.glance("embed") == "damaged"
    with pytest.raises(UnknownModel):
        files.glance("nonsense")
    assert hashed == []


def test_a_file_that_was_put_there_by_hand_is_unverified_until_it_is_read(root: Path) -> None:
    root.mkdir()
    (root / "tiny.gguf").write_bytes(GOOD)
    files = ModelFiles(root, CATALOGUE)
    assert files.glance("tiny") == "unverified"
    files.verify("tiny")
    assert files.glance("tiny") == "verified"


def test_it_is_known_how_much_models_take_and_how_much_room_there_is(root: Path) -> None:
    files = ModelFiles(root, CATALOGUE, [good()])
    assert files.bytes_here() == 0
    assert files.bytes_free() > 0
    files.fetch("tiny")
    assert files.bytes_here() >= len(GOOD)
