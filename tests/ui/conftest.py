import logging
import signal
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import typer
from tiny_footnote import ARTICLES, CATALOGUE, Ran, TinyWorkshop, install_models, set_up, write_articles

from assistant.models.catalogue import Catalogue
from ingest.documents.isolated_reading import IsolatedReader
from ui import cli, intake
from ui.home import Home

Footnote = Callable[..., Ran]


class LastingReader(IsolatedReader):
    """A reader whose process outlives the Footnote that lets go of it."""

    def close(self) -> None:
        pass

    def end(self) -> None:
        super().close()


@pytest.fixture(autouse=True, scope="session")
def _documents_share_one_process() -> Iterator[None]:
    """One process reads for every Footnote in miniature: starting one takes longer than a test."""
    documents = LastingReader()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "IsolatedReader", lambda: documents)
        yield
    documents.end()


@pytest.fixture(autouse=True, scope="session")
def _the_shipped_catalogue_is_read_once() -> Iterator[None]:
    """To read it takes longer than all else that a settings file asks for."""
    load = cache(Catalogue.load)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Catalogue, "load", load)
        yield


@pytest.fixture
def home(footnote_home: Path) -> Home:
    """An empty user directory, not made yet."""
    return Home(footnote_home)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder with the two articles."""
    return write_articles(tmp_path / "articles", ARTICLES)


@pytest.fixture
def tiny_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny catalogue in place of the shipped one."""
    monkeypatch.setattr(Catalogue, "load", lambda: CATALOGUE)


@pytest.fixture(scope="session")
def built_command_line() -> tuple[typer.Typer, typer.core.TyperGroup]:
    """The command line, built once: to look at each command's parameters takes longer than most commands."""
    built = cli.build_cli()
    command = typer.main.get_command(built)
    assert isinstance(command, typer.core.TyperGroup)
    return built, command


@pytest.fixture
def footnote(
    home: Home,
    tiny_catalogue: None,
    built_command_line: tuple[typer.Typer, typer.core.TyperGroup],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[Footnote]:
    """Runs a command in this process, as the shell would, with the tiny catalogue and the fakes.

    The user directory has its models and no library yet; the starter library is no source of it.
    """
    install_models(home)
    set_up(home, sources=[])
    monkeypatch.setattr("ui.workshop.Workshop", TinyWorkshop)
    monkeypatch.setattr(cli, "build_cli", lambda: built_command_line[0])
    monkeypatch.setattr(typer.main, "get_command", lambda _: built_command_line[1])
    # Asking pip how it is set up takes a second.
    monkeypatch.setattr("ui.commands.doctor.pip_hosts", lambda: ("packages.example",))
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["footnote", *map(str, words)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfd.readouterr()
        code = ended.value.code
        assert code is None or isinstance(code, int)
        return Ran(code or 0, out, err)

    root = logging.getLogger()
    before, interrupt = root.level, signal.getsignal(signal.SIGINT)
    yield run
    root.setLevel(before)
    signal.signal(signal.SIGINT, interrupt)
    for handler in root.handlers[:]:
        if getattr(handler, "baseFilename", "").startswith(str(home.root)):
            root.removeHandler(handler)
            handler.close()
