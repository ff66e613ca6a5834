import logging
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tiny_footnote import ARTICLES, CATALOGUE, Ran, TinyWorkshop, install_models, set_up, write_articles

from assistant.models.catalogue import Catalogue
from ui import cli
from ui.home import Home

Footnote = Callable[..., Ran]


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


@pytest.fixture
def footnote(
    home: Home, tiny_catalogue: None, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Footnote]:
    """Runs a command in this process, as the shell would, with the tiny catalogue and the fakes.

    The user directory has its models and no library yet; the starter library is no source of it.
    """
    install_models(home)
    set_up(home, sources=[])
    monkeypatch.setattr("ui.workshop.Workshop", TinyWorkshop)
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
