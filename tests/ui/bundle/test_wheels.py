"""The wheels of a bundle are collected by pip as it is set up, llama.cpp's compiled for any machine."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from index_store.errors import RunError, UsageError
from ui.bundle.engine_build import ALONE, FLAGS, cmake_words, fingerprint
from ui.bundle.packages import Pinned
from ui.bundle.pip_runs import Tell, run_pip
from ui.bundle.wheels import WheelCollector

PACKAGES = [Pinned("llama-cpp-python", "0.3.36"), Pinned("numpy", "2.4.6"), Pinned("torch", "2.13.0+cpu")]


class FakePip:
    """Makes an empty wheel of all that is asked for; keeps what was asked, and with which variables."""

    def __init__(self, *, lacks: str = "") -> None:
        self.asked: list[list[str]] = []
        self.more: list[dict[str, str]] = []
        self.lacks = lacks

    def __call__(
        self, words: Sequence[str], tell: Tell, *, more: Mapping[str, str] | None = None, of: int = 0
    ) -> None:
        self.asked.append(list(words))
        self.more.append(dict(more or {}))
        folder = Path(words[words.index("-w") + 1])
        folder.mkdir(exist_ok=True)  # as pip does
        named = words[-1]
        if self.lacks and named.startswith(self.lacks) and "--extra-index-url" not in words:
            raise RunError(f"pip failed (No matching distribution found for {named})")
        if "-r" in words:
            wanted = Path(words[words.index("-r") + 1]).read_text().split()
        else:
            wanted = [named if "==" in named else "footnote==0.1.0"]
        for requirement in wanted:
            (folder / f"{requirement.replace('==', '-')}-py3-none-any.whl").write_text("a wheel")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    checkout = tmp_path / "checkout"
    (checkout / "ui" / "__pycache__").mkdir(parents=True)
    (checkout / "ui" / "cli.py").write_text("")
    (checkout / "pyproject.toml").write_text("[project]\n")
    (checkout / "build").mkdir()
    return checkout


def collected(source: Path, pip: FakePip, said: list[str] | None = None, **options: Path) -> list[str]:
    folder = source.parent / "wheels"
    folder.mkdir(exist_ok=True)
    tell = [].append if said is None else said.append
    collector = WheelCollector(source, source.parent / "kept", pip=pip, tell=tell, **options)
    return [wheel.name for wheel in collector.collect(PACKAGES, folder)]


def test_every_package_comes_once_and_footnote_with_them(source: Path) -> None:
    pip = FakePip()
    assert collected(source, pip) == [
        "footnote-0.1.0-py3-none-any.whl",
        "llama-cpp-python-0.3.36-py3-none-any.whl",
        "numpy-2.4.6-py3-none-any.whl",
        "torch-2.13.0+cpu-py3-none-any.whl",
    ]
    assert all("--no-deps" in words for words in pip.asked)


def test_llama_is_compiled_for_other_machines_past_pips_cache_and_only_once(source: Path) -> None:
    said: list[str] = []
    pip = FakePip()
    collected(source, pip, said)
    (compiled,) = [place for place, words in enumerate(pip.asked) if "llama-cpp-python==0.3.36" in words]
    assert {"--no-cache-dir", "--no-binary"} <= set(pip.asked[compiled])
    assert pip.more[compiled]["CMAKE_ARGS"] == cmake_words()
    assert any("5 to 10 minutes, once" in line for line in said)
    again = FakePip()
    collected(source, again, said)
    assert not any("llama-cpp-python==0.3.36" in words for words in again.asked)
    assert sum("compiling" in line for line in said) == 1


def test_the_build_is_for_no_processor_in_particular() -> None:
    assert {"-DGGML_NATIVE=OFF", "-DGGML_AVX512=OFF", "-DGGML_AVX_VNNI=OFF"} <= set(FLAGS)
    assert not any("AMX" in flag or "march=native" in flag for flag in FLAGS)


def test_cmake_gets_each_word_whole_and_a_file_that_is_there() -> None:
    words = shlex.split(cmake_words())
    assert tuple(words[: len(FLAGS)]) == FLAGS
    name, _, file = words[-1].partition("=")
    assert (name, Path(file)) == ("-DCMAKE_PROJECT_llama_cpp_INCLUDE", ALONE)
    assert "set(LLAMA_BUILD_COMMON OFF)" in Path(file).read_text().splitlines()


def test_a_checkout_elsewhere_compiles_nothing_again_and_other_flags_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = fingerprint()
    moved = tmp_path / ALONE.name
    moved.write_bytes(ALONE.read_bytes())
    monkeypatch.setattr("ui.bundle.engine_build.ALONE", moved)
    assert fingerprint() == here
    moved.write_text("")
    assert fingerprint() != here
    monkeypatch.undo()
    monkeypatch.setattr("ui.bundle.engine_build.FLAGS", (*FLAGS, "-DMORE=ON"))
    assert fingerprint() != here


def test_pytorch_is_the_build_that_is_here_wherever_it_is_to_be_had(source: Path) -> None:
    pip = FakePip(lacks="torch")
    collected(source, pip)
    (asked,) = [words for words in pip.asked if "--extra-index-url" in words]
    assert asked[-3:] == ["--extra-index-url", "https://download.pytorch.org/whl/cpu", "torch==2.13.0+cpu"]


def test_with_a_folder_of_wheels_no_network_is_asked(source: Path, tmp_path: Path) -> None:
    pip = FakePip(lacks="torch")
    with pytest.raises(RunError, match="No matching distribution"):
        collected(source, pip, wheels=tmp_path)
    assert all("--no-index" in words for words in pip.asked)
    assert not any("--extra-index-url" in words for words in pip.asked)


def test_a_package_that_does_not_come_is_told(source: Path) -> None:
    class Forgetful(FakePip):
        def __call__(self, words: Sequence[str], tell: Tell, **rest: object) -> None:
            if "-r" not in words:
                super().__call__(words, tell)

    with pytest.raises(RunError, match="4 wheels were asked for and 3 came"):
        collected(source, Forgetful())


def test_without_its_source_there_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no source of Footnote; run footnote bundle from a checkout"):
        WheelCollector(tmp_path, tmp_path, tell=print)


@pytest.mark.whole
def test_what_pip_says_when_it_fails_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    def as_pip(*words: str) -> list[str]:
        code = "import sys; print('Collecting numpy==2'); sys.exit('ERROR: No such\\nERROR: numpy is gone')"
        return [sys.executable, "-c", code]

    said: list[str] = []
    real = __import__("subprocess").Popen
    monkeypatch.setattr("ui.bundle.pip_runs.subprocess.Popen", lambda words, **rest: real(as_pip(), **rest))
    with pytest.raises(RunError, match=r"^pip failed \(numpy is gone\)$"):
        run_pip(["wheel"], said.append, of=3)
    assert said == ["package 1 of 3: numpy==2"]
