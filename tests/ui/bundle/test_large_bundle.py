"""A bundle with a large model starts by itself too: Python reads no program from an archive beyond 2 GB."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tiny_bundle import said_to_nobody, tiny_bundle, tiny_wheels

from ui.bundle import install as installer
from ui.bundle.archive import BundledFile, Written, write_archive
from ui.bundle.install import Refused, install, opened


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Written:
    """A bundle that is written as one of more than 2 GB is."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1 << 20)
    return tiny_bundle(tmp_path)


def test_it_starts_by_itself(large: Written) -> None:
    ran = subprocess.run(
        [sys.executable, "-I", large.archive, "--help"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "Set Footnote up from this bundle." in ran.stdout


def test_its_files_are_checked_as_ever(large: Written, tmp_path: Path) -> None:
    with large.archive.open("rb") as stream, opened(stream) as packed:
        manifest = installer.read_manifest(large.archive, packed)
        installer.check_files(large.archive, packed, manifest, said_to_nobody)
        begin = packed.getinfo("models/writer.gguf").header_offset
    damaged = bytearray(large.archive.read_bytes())
    damaged[damaged.index(b"the bytes of writer.gguf", begin)] ^= 1
    file = tmp_path / "damaged.zip"
    file.write_bytes(damaged)
    with pytest.raises(Refused, match=r"is damaged at models/writer\.gguf"):
        install(file, tmp_path / "program", tmp_path / "home", said_to_nobody)


def test_both_parts_hold_the_same_program(large: Written) -> None:
    with (
        zipfile.ZipFile(large.archive) as behind,
        large.archive.open("rb") as stream,
        opened(stream) as front,
    ):
        assert set(behind.namelist()) == {installer.START, installer.PROGRAM, installer.FRONT}
        for name in (installer.START, installer.PROGRAM):
            assert behind.read(name) == front.read(name) != b""


def test_what_is_written_last_is_counted_and_hashed(large: Written) -> None:
    import hashlib

    data = large.archive.read_bytes()
    assert (large.bytes, large.sha256) == (len(data), hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize("told", ["", "-1", "much", "9" * 20, "0", "22"])
def test_a_length_that_cannot_be_is_refused(large: Written, tmp_path: Path, told: str) -> None:
    file = tmp_path / "odd.zip"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr(installer.FRONT, told)
    with pytest.raises(Refused, match="is no whole bundle"):
        install(file, tmp_path / "program", tmp_path / "home", said_to_nobody)


def test_a_bundle_of_less_is_one_plain_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tiny_bundle(tmp_path).archive) as packed:
        assert installer.FRONT not in packed.namelist()
        assert installer.MANIFEST in packed.namelist()


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_one_of_more_than_four_gigabytes_is_made_and_sets_itself_up(tmp_path: Path) -> None:
    size = (1 << 32) + (100 << 20)
    if shutil.disk_usage(tmp_path).free < 3 * size:
        pytest.skip(f"{3 * size >> 30} GB on the disk")
    model = tmp_path / "large.gguf"
    with model.open("wb") as stream:
        stream.seek(size - 3)
        stream.write(b"end")
    wheels = tiny_wheels(tmp_path / "wheels")
    place, home = tmp_path / "bundle.zip", tmp_path / "home"
    try:
        files = [BundledFile("models/large.gguf", model)]
        written = write_archive(place, wheels, files, {}, said_to_nobody)
        assert written.bytes > size
        ran = subprocess.run(
            [sys.executable, "-I", place, "--into", tmp_path / "program"],
            env={**os.environ, "FOOTNOTE_HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        with (home / "models" / "large.gguf").open("rb") as stream:
            assert stream.seek(0, os.SEEK_END) == size
            stream.seek(size - 3)
            assert stream.read() == b"end"
    finally:
        place.unlink(missing_ok=True)
        shutil.rmtree(home, ignore_errors=True)
