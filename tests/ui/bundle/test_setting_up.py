"""A bundle sets Footnote up where there is no network, and nothing but Python."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from loopback import alone
from system_calls import reaches, watched
from tiny_bundle import rewritten, tiny_bundle

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(loopback_only: None, tmp_path: Path) -> Run:
    """Runs a command in a network of its own, with an empty home and a pip that is set up for elsewhere."""
    (tmp_path / "person").mkdir()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("FOOTNOTE_", "PIP_"))
    }
    environment |= {
        "HOME": str(tmp_path / "person"),
        "XDG_DATA_HOME": str(tmp_path / "person" / "share"),
        "PIP_INDEX_URL": "http://127.0.0.1:9/nothing",
        "PIP_REQUIRE_VIRTUALENV": "1",
        "PIP_USER": "1",
    }

    def command(*words: object) -> subprocess.CompletedProcess[str]:
        trace = tmp_path / "trace"
        ran = subprocess.run(
            alone(watched([str(word) for word in words], trace)),
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )
        assert list(reaches(trace.read_text().splitlines())) == []
        return ran

    return command


def test_the_archive_installs_itself_with_python_alone(run: Run, tmp_path: Path) -> None:
    archive = tiny_bundle(tmp_path, model="writer").archive
    program, home = tmp_path / "program", tmp_path / "person" / "share" / "footnote"
    ran = run(sys.executable, "-I", archive, "--into", program)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[0] == "checking the archive: 0 %"
    assert ran.stdout.splitlines()[-1] == f"Footnote is set up: {program}/bin/footnote serve --sync"
    said = subprocess.run(
        [program / "bin" / "footnote", "hello"],
        env={"FOOTNOTE_HOME": "here"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "light ['hello'] here\n"
    kept = {file.relative_to(home).as_posix() for file in home.rglob("*") if file.is_file()}
    assert kept == {
        "settings.toml",
        "models/writer.gguf",
        "models/mini/weights.bin",
        "models/mini/parts/config.json",
    }
    assert (home / "settings.toml").read_text() == 'model = "writer"\n'
    # A second time, as after an upgrade: settings stay, and what is there already is not written again.
    (home / "settings.toml").write_text("port = 7000\n")
    again = run(sys.executable, "-I", archive, "--into", program)
    assert again.returncode == 0, again.stderr
    assert "putting" in ran.stdout
    assert "putting" not in again.stdout
    assert (home / "settings.toml").read_text() == "port = 7000\n"


def test_a_bundle_without_a_package_that_is_needed_leaves_no_half_installation(
    run: Run, tmp_path: Path
) -> None:
    import zipfile

    archive = tiny_bundle(tmp_path).archive
    missing = "wheels/feathers-1.0-py3-none-any.whl"
    with zipfile.ZipFile(archive) as packed:
        files = json.loads(packed.read("manifest.json"))["files"]
    del files[missing]
    whole, without = rewritten(archive, tmp_path / "listed.zip", files=files), tmp_path / "without.zip"
    with zipfile.ZipFile(whole) as packed, zipfile.ZipFile(without, "w") as changed:
        for info in packed.infolist():
            if info.filename != missing:
                changed.writestr(info, packed.read(info))
    ran = run(sys.executable, "-I", without, "--into", tmp_path / "program")
    assert ran.returncode == 1
    assert "feathers" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert not (tmp_path / "program").exists()
    assert not (tmp_path / "person" / "share").exists()


def test_the_command_of_an_installed_footnote_does_the_same(run: Run, tmp_path: Path) -> None:
    archive = tiny_bundle(tmp_path).archive
    words = [
        sys.executable,
        "-m",
        "ui.cli",
        "bundle",
        "--install",
        archive,
        "--into",
        tmp_path / "program",
        "--json",
    ]
    ran = run("env", f"PYTHONPATH={Path(__file__).parents[3]}", *words)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {
        "command": str(tmp_path / "program" / "bin" / "footnote"),
        "home": str(tmp_path / "person" / "share" / "footnote"),
    }
