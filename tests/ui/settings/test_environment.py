from collections.abc import Callable
from pathlib import Path

import pytest

from ui.settings.environment import unknown_variables
from ui.settings.in_force import load_settings
from ui.settings.source_places import STARTER

Complaint = Callable[..., str]


def test_other_variables_of_the_same_prefix_are_no_settings(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_SOMETHING_ELSE", "1")
    load_settings(file)


def test_a_variable_that_is_no_setting_is_told_of_with_the_nearest_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FOOTNOTE_TEST_ALL", "1")
    monkeypatch.setenv("footnote_port", "7000")
    assert unknown_variables() == []
    monkeypatch.setenv("FOOTNOTE_MODLE", "x")
    monkeypatch.setenv("FOOTNOTE_ZZZ", "x")
    modle, zzz = unknown_variables()
    assert "FOOTNOTE_MODLE is no setting" in modle
    assert "did you mean FOOTNOTE_MODEL?" in modle
    assert "FOOTNOTE_ZZZ" in zzz


def test_an_empty_environment_variable_counts_as_unset(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("port = 1111\n")
    monkeypatch.setenv("FOOTNOTE_PORT", "")
    monkeypatch.setenv("FOOTNOTE_QDRANT_URL", "")
    settings = load_settings(file)
    assert (settings.port, settings.qdrant_url) == (1111, None)


def test_lists_in_the_environment_are_json(
    file: Path, monkeypatch: pytest.MonkeyPatch, complaint: Complaint
) -> None:
    monkeypatch.setenv("FOOTNOTE_SOURCES", '["starter", "/srv/articles"]')
    assert load_settings(file).sources == (STARTER, "/srv/articles")
    for value in ("/srv/articles", '"starter"', "{}"):
        monkeypatch.setenv("FOOTNOTE_SOURCES", value)
        message = complaint()
        assert "FOOTNOTE_SOURCES" in message
        assert "no list" in message
        assert '["starter"' in message
        assert str(file) not in message
        assert "EnvSettingsSource" not in message
