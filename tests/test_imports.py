"""Which package may know which, and that importing does no work."""

import ast
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
KNOWS = {
    "index_store": frozenset[str](),
    "assistant": frozenset({"index_store"}),
    "ingest": frozenset({"index_store"}),
    "ui": frozenset({"index_store", "assistant", "ingest"}),
}
MODULES = [path for package in KNOWS for path in sorted((ROOT / package).rglob("*.py"))]
HEAVY = ("torch", "sentence_transformers", "transformers", "llama_cpp", "gradio", "matplotlib", "trafilatura")

# Reports what each step of importing did: heavy modules loaded, the home folder touched, connections,
# programs, threads.
WATCHED_IMPORT = """
import gc, json, os, sys, threading
gc.disable()
home, steps, heavy = os.environ["HOME"], json.loads(sys.argv[1]), sys.argv[2].split(",")
done = []
def watch(event, arguments):
    if event in ("open", "os.mkdir", "os.listdir", "os.scandir", "sqlite3.connect"):
        if arguments and isinstance(arguments[0], str) and arguments[0].startswith(home):
            done.append([event, arguments[0]])
    elif event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen"):
        done.append([event, repr(arguments)])
sys.addaudithook(watch)
settings = dict(os.environ)
found = []
for names in steps:
    for name in names:
        __import__(name)
    changed = sorted(key for key in {*settings, *os.environ} if settings.get(key) != os.environ.get(key))
    threads = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    loaded = [name for name in heavy if name in sys.modules]
    found.append({"loaded": loaded, "done": done[:], "threads": threads, "changed": changed})
print(json.dumps(found))
"""


def imports_of(path: Path) -> Iterator[str]:
    """The top-level names that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), path.name)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides where it leads"
            yield (node.module or "").partition(".")[0]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, list[object]]]:
    """What importing the command line does in a fresh process with an empty home, and then all other modules.

    The packages below the screen know nothing of `ui`: they do the same behind it as by themselves.
    """
    home = tmp_path_factory.mktemp("imports") / "home"
    home.mkdir()
    below = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in MODULES
        if path.relative_to(ROOT).parts[0] != "ui" and path.name != "__init__.py"
    ]
    surroundings = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "FOOTNOTE_"))},
        "HOME": str(home),
        "FOOTNOTE_HOME": str(home / "footnote"),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    steps = json.dumps([["assistant.answering", "ui.cli"], below])
    ended = subprocess.run(
        [sys.executable, "-c", WATCHED_IMPORT, steps, ",".join(HEAVY)],
        env=surroundings,
        cwd=home.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.splitlines()
    assert len(lines) == 1, f"importing printed {lines[:-1]}"
    found: list[dict[str, list[object]]] = json.loads(lines[0])
    return found


def test_a_module_knows_only_the_packages_below_its_own() -> None:
    wrong = []
    for path in MODULES:
        place = path.relative_to(ROOT)
        forbidden = {*KNOWS, "tests"} - KNOWS[place.parts[0]] - {place.parts[0]}
        wrong += [f"{place} imports {name}" for name in imports_of(path) if name in forbidden]
    assert wrong == []


def test_imports_are_found_wherever_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("import a.b\ndef f():\n    from c.d import e\n    if e:\n        import g as h\n")
    assert list(imports_of(file)) == ["a", "c", "g"]


def test_there_is_no_fifth_package() -> None:
    holding_code = {path.parent.name for path in ROOT.glob("*/*.py")} - {"tests"}
    assert holding_code == set(KNOWS)
    assert not list(ROOT.glob("*.py"))


def test_what_is_installed_is_these_packages() -> None:
    facts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = facts["tool"]["setuptools"]["packages"]["find"]["include"]
    assert set(included) == {f"{name}*" for name in KNOWS}
    assert all((path / "__init__.py").is_file() for path in {module.parent for module in MODULES})


@pytest.mark.whole
def test_the_command_line_starts_without_weights_libraries_and_without_work(
    imported: list[dict[str, list[object]]],
) -> None:
    assert imported[0] == {"loaded": [], "done": [], "threads": [], "changed": []}


@pytest.mark.whole
def test_importing_the_packages_below_the_screen_does_no_work(
    imported: list[dict[str, list[object]]],
) -> None:
    found = imported[1]
    assert (found["done"], found["threads"], found["changed"]) == ([], [], [])
    assert not {"torch", "sentence_transformers", "llama_cpp", "gradio"} & set(found["loaded"])
