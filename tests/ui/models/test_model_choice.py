import json
from pathlib import Path
from typing import Any

import pytest
from tiny_footnote import CATALOGUE, install_embedder, install_second_writer, set_up

from assistant.errors import FetchFailed, ModelHasNoFile, UnknownModel
from assistant.models.model_files import ModelFiles
from index_store.errors import UsageError
from ui.home import Home
from ui.models.model_choice import choose, entry_with_file, record_fetch
from ui.record.record import Record
from ui.settings.in_force import load_settings

pytestmark = pytest.mark.usefixtures("tiny_catalogue")

DEFAULT = "qwen2.5-coder-1.5b"


def record_of(home: Home) -> Record:
    return Record.of(home, load_settings(home.settings_file)).of_account("ada")


def files_of(home: Home) -> ModelFiles:
    """With the second writer and the other embedder in it."""
    install_embedder(home, "other-embedder")
    install_second_writer(home)
    return ModelFiles(home.models, CATALOGUE)


def recorded(home: Home) -> list[dict[str, Any]]:
    return [json.loads(line) for file in home.record.glob("*") for line in file.read_bytes().splitlines()]


def test_a_choice_is_written_into_the_setting_of_its_kind_and_recorded_once(home: Home) -> None:
    set_up(home, sources=[])
    files = files_of(home)
    for id, setting in (("second-writer", "model"), ("other-embedder", "embedder")):
        for _ in range(2):
            choice = choose(home, CATALOGUE.entry(id), files, record_of(home), via="page")
        assert (choice.setting, choice.before, choice.is_overruled) == (setting, id, False)
        assert getattr(load_settings(home.settings_file), setting) == id
    told = [(one["kind"], one["action"], one["after"], one["via"], one["account"]) for one in recorded(home)]
    assert told == [
        ("model", "chosen", "second-writer", "page", "ada"),
        ("embedder", "chosen", "other-embedder", "page", "ada"),
    ]


def test_that_the_environment_wins_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_MODEL", DEFAULT)
    entry = CATALOGUE.entry("second-writer")
    assert choose(home, entry, files_of(home), record_of(home), via="page").is_overruled


def test_what_is_not_here_or_not_whole_is_not_chosen(home: Home) -> None:
    set_up(home, sources=[])
    files, entry = files_of(home), CATALOGUE.entry("second-writer")
    for content in (None, b"cut"):
        (home.models / "second.gguf").unlink(missing_ok=True)
        if content is not None:
            (home.models / "second.gguf").write_bytes(content)
        with pytest.raises(UsageError, match="footnote models fetch second-writer"):
            choose(home, entry, files, record_of(home), via="page")
    assert load_settings(home.settings_file).model == DEFAULT
    assert not home.record.exists()


def test_settings_that_cannot_be_written_are_told_and_nothing_is_recorded(home: Home) -> None:
    home.root.mkdir(parents=True)
    home.settings_file.write_text("model = \n")
    with pytest.raises(UsageError, match="not readable"):
        choose(
            home, CATALOGUE.entry("second-writer"), files_of(home), Record(None, who="local:a"), via="page"
        )
    assert not home.record.exists()


def test_a_fetch_is_recorded_with_why_it_failed(home: Home, tmp_path: Path) -> None:
    entry = CATALOGUE.entry("second-writer")
    record_fetch(entry, record_of(home), via="page")
    record_fetch(entry, record_of(home), via="page", error=FetchFailed("no hub in sight"))
    first, second = recorded(home)
    assert (first["kind"], first["action"], first["name"], first["account"]) == (
        "model",
        "fetched",
        "second-writer",
        "ada",
    )
    assert (second["action"], second["error"]) == ("fetch failed", "FetchFailed: no hub in sight")


def test_what_has_no_file_or_no_entry_is_refused() -> None:
    assert entry_with_file(CATALOGUE, "second-writer").id == "second-writer"
    with pytest.raises(ModelHasNoFile):
        entry_with_file(CATALOGUE, "served")
    with pytest.raises(UnknownModel):
        entry_with_file(CATALOGUE, "nonsense")
