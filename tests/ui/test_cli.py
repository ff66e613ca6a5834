import os
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version

import pytest
from hostile_surroundings import LOUD
from tiny_footnote import Ran
from typer.testing import CliRunner

from index_store.errors import LibraryUnreachable, UsageError
from index_store.quiet_libraries import SILENT
from ui.cli import build_cli
from ui.home import Home

Footnote = Callable[..., Ran]

COMMANDS = ("serve", "ask", "search", "sync", "articles", "eval", "doctor", "bundle", "models")
MODELS = ("list", "fetch", "verify", "use")


def test_the_help_names_every_command_on_a_whole_line() -> None:
    result = CliRunner().invoke(build_cli(), ["--help"], env={"COLUMNS": "80"})
    assert result.exit_code == 0
    for command in COMMANDS:
        assert f"\n  {command} " in result.output
    assert "..." not in result.output.partition("Commands:")[2]
    assert max(map(len, result.output.splitlines())) <= 80


def test_every_command_begins_by_silencing_the_libraries(
    footnote: Footnote, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in LOUD.items():
        monkeypatch.setenv(name, value)
    assert footnote("users", "list").code == 0
    assert os.environ.items() >= SILENT.items()
    assert LOUD.keys() & os.environ.keys() <= SILENT.keys()


@pytest.mark.parametrize("command", [*((one,) for one in COMMANDS), *(("models", one) for one in MODELS)])
def test_every_command_explains_itself_without_setting_anything_up(
    command: tuple[str, ...], home: Home
) -> None:
    result = CliRunner().invoke(build_cli(), [*command, "--help"], env={"COLUMNS": "80"})
    assert result.exit_code == 0
    assert f" {' '.join(command)} [OPTIONS]" in result.output
    assert max(map(len, result.output.splitlines())) <= 80
    assert not home.root.exists()


def test_the_version_is_that_of_the_package(footnote: Footnote) -> None:
    ran = footnote("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"footnote {version('footnote')}\n", "")


@pytest.mark.parametrize("words", [(), ("models",)])
def test_a_command_left_out_shows_the_help_and_counts_as_wrong_usage(
    footnote: Footnote, words: tuple[str, ...]
) -> None:
    ran = footnote(*words)
    assert ran.code == 2
    assert ran.out == ""
    assert "Commands:" in ran.err
    assert "footnote: " not in ran.err


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("nonsense",), "'nonsense'"),
        (("--nonsense",), "--nonsense"),
        (("ask",), "QUESTION"),
        (("ask", "one", "two"), "two"),
        (("ask", "x", "--nonsense"), "--nonsense"),
        (("search", "x", "-k", "0"), "-k / --limit '0'"),
        (("search", "x", "-k", "101"), "-k / --limit '101'"),
        (("search", "x", "-k", "many"), "-k / --limit 'many'"),
        (("serve", "--port", "0"), "--port '0'"),
        (("serve", "--port", "65536"), "--port '65536'"),
        (("models", "use"), "ID"),
        (("models", "nonsense"), "'nonsense'"),
        (("ask", "x", "--history"), "--history"),
    ],
)
def test_wrong_usage_is_one_line_that_says_where_to_look(
    footnote: Footnote, words: tuple[str, ...], part: str
) -> None:
    ran = footnote(*words)
    assert ran.code == 2
    assert ran.out == ""
    assert part in ran.error
    assert "--help" in ran.error
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "part"), [("port = 0", "port"), ("modle = 1", "modle"), ("[", "not readable")]
)
@pytest.mark.parametrize(
    "words",
    [
        ("ask", "x"),
        ("search", "x"),
        ("sync",),
        ("articles",),
        ("doctor", "--json"),
        ("models", "list", "--json"),
        ("eval",),
        ("serve",),
    ],
)
def test_wrong_settings_stop_every_command_with_one_line(
    footnote: Footnote, home: Home, words: tuple[str, ...], line: str, part: str
) -> None:
    home.settings_file.write_text(line)
    ran = footnote(*words)
    assert (ran.code, ran.out) == (2, "")
    assert part in ran.error
    assert str(home.settings_file) in ran.error


def test_a_home_that_cannot_be_is_one_line(footnote: Footnote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_HOME", "~nobody-of-that-name")
    ran = footnote("articles")
    assert ran.code == 2
    assert "FOOTNOTE_HOME" in ran.error


@pytest.mark.parametrize(
    "words",
    [
        *(("articles",), ("sync",), ("ask", "x"), ("search", "x"), ("eval",), ("serve",)),
        *(("models", "list"), ("models", "fetch"), ("models", "verify"), ("models", "use", "second-writer")),
    ],
)
@pytest.mark.parametrize("place", ["settings.toml", "settings.toml/below", "/proc/nope"])
def test_a_home_that_cannot_be_a_folder_is_one_line(
    footnote: Footnote, home: Home, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], place: str
) -> None:
    root = str(home.root / place)
    monkeypatch.setenv("FOOTNOTE_HOME", root)
    ran = footnote(*words)
    assert (ran.code, ran.out) == (2, "")
    assert f"data directory {root!r} cannot be used" in ran.error
    assert "set FOOTNOTE_HOME" in ran.error
    assert ran.err.count("\n") == 1


@pytest.mark.whole
def test_a_variable_that_is_no_setting_is_a_warning_beside_the_result(
    footnote: Footnote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_MODLE", "x")
    ran = footnote("articles", "--json")
    assert (ran.code, ran.document) == (0, {"articles": []})
    assert ran.err.count("\n") == 1
    assert ran.err.startswith("warning: the environment variable FOOTNOTE_MODLE is no setting")


def _failing(error: BaseException) -> Callable[..., object]:
    def fail(*_: object, **__: object) -> object:
        raise error

    return fail


def test_a_failure_is_one_line_and_its_details_are_in_the_log(
    footnote: Footnote, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "ui.local_desk.LocalDesk.articles", _failing(LibraryUnreachable("the server\nis away; start it"))
    )
    ran = footnote("articles", "--json")
    assert (ran.code, ran.out) == (1, "")
    assert ran.error == "footnote: the server is away; start it"
    assert "Traceback" in home.log_file.read_text()


def test_the_unforeseen_is_one_line_that_names_the_log(
    footnote: Footnote, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.local_desk.LocalDesk.articles", _failing(KeyError("a\nb")))
    ran = footnote("articles")
    assert (ran.code, ran.out) == (1, "")
    assert ran.error.startswith("footnote: unexpected KeyError: ")
    assert str(home.log_file) in ran.error
    assert "KeyError" in home.log_file.read_text()


def test_a_wrong_request_is_told_without_a_trace_in_the_log(
    footnote: Footnote, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.local_desk.LocalDesk.articles", _failing(UsageError("not so")))
    assert footnote("articles").code == 2
    assert not home.log_file.exists()


@pytest.mark.parametrize(
    ("method", "words", "left"),
    [
        ("articles", ("articles", "--json"), "nothing was changed"),
        ("ask", ("ask", "x"), "nothing was changed"),
        ("search", ("search", "x"), "nothing was changed"),
        ("sync", ("sync",), "what was read is kept, and the next sync goes on from there"),
        ("sync", ("sync", "--dry-run"), "nothing was changed"),
        (
            "rebuild",
            ("sync", "--rebuild"),
            "what was read is kept, but the library is not whole; run: footnote sync",
        ),
    ],
)
def test_an_interrupt_is_one_line_that_says_what_is_left(
    footnote: Footnote, monkeypatch: pytest.MonkeyPatch, method: str, words: tuple[str, ...], left: str
) -> None:
    monkeypatch.setattr(f"ui.local_desk.LocalDesk.{method}", _failing(KeyboardInterrupt()))
    ran = footnote(*words)
    assert (ran.code, ran.out) == (130, "")
    assert ran.error == f"footnote: stopped; {left}"


@pytest.mark.whole
def test_an_interrupt_before_anything_is_loaded_is_one_line_too(home: Home) -> None:
    program = "import ui.cli; ui.cli._run = {}; ui.cli.main()"
    program = program.replace("{}", "lambda: (_ for _ in ()).throw(KeyboardInterrupt)")
    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={**os.environ, "FOOTNOTE_HOME": str(home.root)},
        check=False,
    )
    assert ran.returncode == 130
    assert ran.stderr == "footnote: stopped; nothing was changed\n"


@pytest.mark.whole
@pytest.mark.parametrize("words", [("models", "list", "--json"), ("models", "list")])
def test_a_reader_that_leaves_early_is_no_error(words: tuple[str, ...], home: Home) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as gone:
        ran = subprocess.run(
            [sys.executable, "-m", "ui.cli", *words],
            stdout=gone,
            stderr=subprocess.PIPE,
            env={**os.environ, "FOOTNOTE_HOME": str(home.root)},
            check=False,
        )
    assert ran.stderr == b""
    assert ran.returncode in (0, 1)
