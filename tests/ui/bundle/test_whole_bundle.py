"""From a bundle to an answer on a machine without a network: real packages, real models, an empty home."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from loopback import alone
from real_parts import leave_out
from system_calls import reaches, watched

from assistant.models.catalogue import Catalogue
from assistant.models.model_files import ModelFiles
from index_store.sentence_embedder import SentenceEmbedder
from ui.home import Home

ROOT = Path(__file__).parents[3]
USER = Home.find()
QUESTION = "We run Llama on-premise in a bank: which open model should we move to, and why?"
FEATURES = "import llama_cpp; print(llama_cpp.llama_print_system_info().decode())"
NEWER = ("AVX512", "AVX_VNNI", "AMX_INT8")
# What no processor of the level x86-64-v3 has: registers and masks of AVX-512, tiles of AMX, and the like.
BEYOND = re.compile(
    r"%zmm|%[xy]mm(?:1[6-9]|2\d|3[01])\b|%k[0-7]\b|%tmm"
    r"|\t(?:vpdp|tdp|tile|vgf2p8|gf2p8|sha1|sha256|clflushopt|clwb|serialize|movdir|enqcmd)"
    r"|\t(?:vaes|vpclmul)\w*\s.*%ymm"
)
OF_THE_LEVEL = re.compile(r"\tvfmadd\w+\s.*%ymm|\tvpmaddubsw\s.*%ymm")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def small_model(real_embedder: SentenceEmbedder) -> str:
    catalogue = Catalogue.load()
    if ModelFiles(USER.models, catalogue).status(catalogue.test_writer) != "present":
        leave_out(
            "small_writer", f"no {catalogue.test_writer}; footnote models fetch {catalogue.test_writer}"
        )
    return catalogue.test_writer


@pytest.fixture
def without_network(loopback_only: None, tmp_path: Path) -> Run:
    """Runs a command as on the other machine: no network, no settings, nothing in the person's folder."""
    person = tmp_path / "person"
    person.mkdir()
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("FOOTNOTE_", "PIP_", "PYTHON"))
    }
    environment |= {"HOME": str(person), "XDG_DATA_HOME": str(person / "share")}

    def run(*words: object) -> subprocess.CompletedProcess[str]:
        trace = tmp_path / "trace"
        ran = subprocess.run(
            alone(watched([str(word) for word in words], trace)),
            env=environment,
            cwd=person,
            capture_output=True,
            text=True,
            check=False,
            timeout=1800,
        )
        assert ran.returncode == 0, ran.stderr[-3000:]
        assert list(reaches(trace.read_text().splitlines())) == []
        return ran

    return run


def instructions(library: Path) -> Iterator[str]:
    """What is in a library, line by line."""
    words = ["objdump", "-d", "--no-show-raw-insn", str(library)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield from process.stdout
    assert process.returncode == 0


def check_instructions(folder: Path) -> None:
    """Every instruction of llama.cpp's libraries is one of x86-64-v3, and those of that level are used."""
    libraries = sorted(folder.rglob("*.so"))
    assert {"libggml-cpu.so", "libllama.so"} <= {library.name for library in libraries}
    used = 0
    for library in libraries:
        beyond = []
        for line in instructions(library):
            if BEYOND.search(line):
                beyond.append(line.strip())
            used += OF_THE_LEVEL.search(line) is not None
        assert beyond[:5] == [], library
    assert used > 100


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_a_bundle_made_here_answers_on_a_machine_that_has_nothing(
    small_model: str, without_network: Run, tmp_path: Path
) -> None:
    home = tmp_path / "maker"
    home.mkdir()
    (home / "models").symlink_to(USER.models)
    # Compiling llama.cpp takes minutes: what was compiled for an earlier bundle serves again.
    USER.wheels.mkdir(parents=True, exist_ok=True)
    (home / "wheels").symlink_to(USER.wheels)
    archive = tmp_path / "bundle.zip"
    maker = {"FOOTNOTE_HOME": str(home), "FOOTNOTE_MODEL": small_model, "PYTHONPATH": str(ROOT)}
    made = subprocess.run(
        [sys.executable, "-m", "ui.cli", "bundle", str(archive), "--json"],
        env={**os.environ, **maker},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr[-3000:]
    told = json.loads(made.stdout)
    assert told["bytes"] == archive.stat().st_size
    assert not any("nvidia" in line for line in made.stderr.splitlines())

    program = tmp_path / "program"
    without_network(sys.executable, "-I", archive, "--into", program)
    features = without_network(program / "bin" / "python", "-c", FEATURES).stdout
    assert "AVX2 = 1" in features
    assert not any(f"{name} = 1" in features for name in NEWER), features

    if shutil.which("objdump"):
        check_instructions(next(program.glob("lib/python3*/site-packages/llama_cpp")))
    footnote = program / "bin" / "footnote"
    without_network(footnote, "sync")
    without_network(footnote, "doctor")
    answer = json.loads(without_network(footnote, "ask", QUESTION, "--json").stdout)
    assert answer["model"]["id"] == small_model
    assert answer["evidence"]
    assert answer["status"] in ("answered", "partly", "not_in_library")
