"""A bundle's archive says what it holds and for which machine, and is there whole or not at all."""

import hashlib
import json
import platform
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_bundle import said_to_nobody, tiny_bundle, tiny_wheel
from tiny_footnote import Ran

from index_store.errors import RunError, UsageError
from ui.bundle.archive import BundledFile, archive_place, write_archive
from ui.bundle.engine_build import PROCESSOR, glibc_wanted

Footnote = Callable[..., Ran]


def test_it_names_each_file_with_its_size_and_hash_and_the_machine_it_is_for(tmp_path: Path) -> None:
    written = tiny_bundle(tmp_path, model="writer")
    assert written.sha256 == hashlib.sha256(written.archive.read_bytes()).hexdigest()
    with zipfile.ZipFile(written.archive) as packed:
        told = json.loads(packed.read("manifest.json"))
        for name, (size, sha) in told["files"].items():
            assert (size, sha) == (len(packed.read(name)), hashlib.sha256(packed.read(name)).hexdigest())
        assert {"__main__.py", "install.py", "manifest.json", *told["files"]} == set(packed.namelist())
    assert told["machine"] == platform.machine()
    assert told["processor"] == list(PROCESSOR)
    assert told["settings"] == {"model": "writer"}


def test_the_same_files_make_the_same_archive(tmp_path: Path) -> None:
    wheels = [tiny_wheel(tmp_path, "feathers", "1.0", "")]
    made = [write_archive(tmp_path / name, wheels, [], {}, said_to_nobody) for name in ("a.zip", "b.zip")]
    assert made[0].sha256 == made[1].sha256


def test_a_model_that_is_not_the_pinned_one_is_not_packed(tmp_path: Path) -> None:
    model = tmp_path / "model.gguf"
    model.write_text("something else")
    with pytest.raises(RunError, match="is not the file it should be; run: footnote models verify"):
        write_archive(
            tmp_path / "a.zip", [], [BundledFile("models/model.gguf", model, "0" * 64)], {}, said_to_nobody
        )
    assert list(tmp_path.glob("*.zip*")) == []


def test_its_place_is_a_name_or_a_folder_and_never_over_something(tmp_path: Path) -> None:
    assert archive_place(tmp_path / "new.zip") == tmp_path / "new.zip"
    inside = archive_place(tmp_path)
    assert (inside.parent, inside.name.startswith("footnote-"), inside.suffix) == (tmp_path, True, ".zip")
    inside.write_text("here")
    for out in (tmp_path, inside):
        with pytest.raises(UsageError, match="is there already"):
            archive_place(out)
    with pytest.raises(UsageError, match="no such folder"):
        archive_place(tmp_path / "no" / "where.zip")


def wheel_with(folder: Path, name: str, *libraries: bytes) -> Path:
    wheel = folder / name
    with zipfile.ZipFile(wheel, "w") as packed:
        for number, library in enumerate(libraries):
            packed.writestr(f"lib/part{number}.so.1", library)
    return wheel


def test_the_glibc_wanted_is_the_newest_that_any_wheel_asks_for(tmp_path: Path) -> None:
    compiled = wheel_with(
        tmp_path, "engine-1-py3-none-linux_x86_64.whl", b"..GLIBC_2.9\0GLIBC_2.32\0", b"GLIBC_2.4"
    )
    many = wheel_with(tmp_path, "numpy-2-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl")
    old = wheel_with(tmp_path, "old-1-cp311-cp311-manylinux2014_x86_64.whl", b"GLIBC_2.99")
    plain = wheel_with(tmp_path, "plain-1-py3-none-any.whl", b"GLIBC_2.98")
    assert glibc_wanted([compiled, many, old, plain]) == (2, 32)
    assert glibc_wanted([many, old]) == (2, 27)
    assert glibc_wanted([plain]) == (0, 0)


@pytest.mark.parametrize("words", [(), ("out.zip", "--install", "in.zip")])
def test_either_a_bundle_is_made_or_one_is_installed(footnote: Footnote, words: tuple[str, ...]) -> None:
    ran = footnote("bundle", *words)
    assert ran.code == 2
    assert ran.err == "footnote: bundle: give either OUT, the archive to write, or --install ARCHIVE\n"


def test_what_is_no_bundle_is_refused_in_one_line(footnote: Footnote, tmp_path: Path) -> None:
    (tmp_path / "foreign.zip").write_text("no archive")
    ran = footnote("bundle", "--install", tmp_path / "foreign.zip", "--into", tmp_path / "program")
    assert ran.code == 1
    assert ran.err.startswith(f"footnote: {tmp_path}/foreign.zip: is no whole bundle")
    assert len(ran.err.splitlines()) == 1


def test_a_model_that_is_not_here_is_told_before_anything_is_collected(
    footnote: Footnote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.home import Home

    (Home.find().models / "writer.gguf").unlink()
    monkeypatch.setattr("ui.bundle.pip_runs.subprocess.Popen", lambda *_, **__: pytest.fail("pip was run"))
    ran = footnote("bundle", tmp_path / "bundle.zip")
    assert (ran.code, "footnote models fetch" in ran.err) == (1, True)


def test_the_command_packs_what_is_in_use(
    footnote: Footnote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def collect(self: object, packages: object, folder: Path) -> list[Path]:
        return [tiny_wheel(folder, "feathers", "1.0", "")]

    monkeypatch.setattr("ui.bundle.wheels.WheelCollector.collect", collect)
    monkeypatch.setattr("ui.bundle.packages.installed_for", lambda name: [])
    ran = footnote("bundle", tmp_path / "bundle.zip", "--json")
    assert ran.code == 0, ran.err
    assert ran.document["packages"] == 1
    with zipfile.ZipFile(tmp_path / "bundle.zip") as packed:
        names = packed.namelist()
    assert "models/writer.gguf" in names
    assert any(name.count("/") == 2 and name.startswith("models/") for name in names)
    told = footnote("bundle", tmp_path / "second.zip").out
    assert "On the other machine: python3 second.zip --into DIR" in told
    assert sorted(path.name for path in tmp_path.glob("*")) == ["bundle.zip", "second.zip"]
