from pathlib import Path

import pytest

from ui.settings.in_force import load_settings
from ui.settings.source_places import STARTER


def test_without_a_file_the_defaults_hold(file: Path) -> None:
    settings = load_settings(file)
    assert settings.model == "qwen2.5-coder-1.5b"
    assert settings.sources == (STARTER,)
    assert settings.host == "127.0.0.1"
    assert not file.exists()


def test_flags_win_over_the_environment_and_the_environment_over_the_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("port = 1111\nthreads = 3\nmodel = 'qwen3-4b'\n")
    monkeypatch.setenv("FOOTNOTE_PORT", "2222")
    monkeypatch.setenv("FOOTNOTE_THREADS", "4")
    settings = load_settings(file, port=3333, threads=None)
    assert (settings.port, settings.threads, settings.model) == (3333, 4, "qwen3-4b")


def test_settings_cannot_be_changed_in_passing(file: Path) -> None:
    settings = load_settings(file)
    with pytest.raises(ValueError, match="frozen"):
        settings.model = "other"
