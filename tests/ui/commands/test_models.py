import shutil
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tiny_footnote import (
    CATALOGUE,
    WEIGHTS,
    Ran,
    install_embedder,
    install_second_writer,
    serving,
    workshop,
)

from assistant.models.catalogue import Catalogue
from ui.home import Home
from ui.local_desk import LocalDesk

Footnote = Callable[..., Ran]
DEFAULT, EMBEDDER = "qwen2.5-coder-1.5b", "all-MiniLM-L6-v2"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A folder with model files, as a firm would hand it round."""
    folder = tmp_path / "stick"
    folder.mkdir()
    for name in ("writer.gguf", "second.gguf"):
        (folder / name).write_bytes(WEIGHTS)
    return folder


@pytest.fixture
def offline(footnote: Footnote, monkeypatch: pytest.MonkeyPatch) -> Footnote:
    """The command line where neither hub nor registry delivers."""
    monkeypatch.setattr("ui.model_supply.HubSource", lambda *_, **__: NoSource("hub"))
    monkeypatch.setattr("ui.model_supply.RegistrySource", lambda: NoSource("registry"))
    return footnote


class NoSource:
    """A source that has nothing."""

    def __init__(self, name: str) -> None:
        self.name = name

    def deliver(self, *_: object) -> None:
        from assistant.models.model_sources import SourceFailed

        raise SourceFailed("not reachable")


def settings(home: Home) -> dict[str, object]:
    return tomllib.loads(home.settings_file.read_text())


def test_the_list_has_the_agreed_fields_for_every_model(footnote: Footnote) -> None:
    document = footnote("models", "list", "--json").document
    assert set(document) == {"models"}
    assert [one["id"] for one in document["models"]] == [
        *(entry.id for entry in CATALOGUE.writers()),
        *(entry.id for entry in CATALOGUE.embedders()),
    ]
    for one in document["models"]:
        assert {"id", "family", "vendor", "country", "licence", "sha256", "status", "in_use"} <= set(one)
        # What has a file is known by its hash; what is only served has none.
        assert (one["sha256"] is None) == (one["file"] is None)
    by_id = {one["id"]: one for one in document["models"]}
    assert (by_id[DEFAULT]["status"], by_id[DEFAULT]["in_use"]) == ("present", True)
    assert (by_id["second-writer"]["status"], by_id["second-writer"]["in_use"]) == ("missing", False)


def test_the_shipped_catalogue_fits_into_80_columns(
    footnote: Footnote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    shipped = Catalogue.load()
    monkeypatch.setattr(Catalogue, "load", lambda: shipped)
    monkeypatch.setenv("COLUMNS", "80")
    out = footnote("models", "list").out
    assert max(map(len, out.splitlines())) <= 80
    for entry in shipped.entries:
        assert sum(line.startswith(f"{entry.id} ") for line in out.splitlines()) == 1


def test_people_see_which_are_here_and_in_use(footnote: Footnote, home: Home) -> None:
    (home.models / "second.gguf").write_bytes(b"cut")
    lines = footnote("models", "list").out.splitlines()
    rows = {line.split()[0]: line for line in lines if line and not line.startswith(" ")}
    assert "  2 GB  in use   MIT, Nobody (XX)" in rows[DEFAULT]
    assert "damaged" in rows["second-writer"]
    assert "here" not in rows["served"]
    assert "in use" not in rows["other-embedder"]
    (home.models / "writer.gguf").unlink()
    missing = footnote("models", "list").out
    assert "in use" not in next(line for line in missing.splitlines() if line.startswith(DEFAULT))


def test_what_is_recommended_on_this_machine_is_told_with_what_is_too_large_for_it(
    footnote: Footnote, monkeypatch: pytest.MonkeyPatch
) -> None:
    default, second, *others = CATALOGUE.entries
    entries = (replace(default, recommended=True), replace(second, recommended=True, memory_gb=8.5), *others)
    monkeypatch.setattr(Catalogue, "load", lambda: Catalogue(entries))

    def notes(memory: float) -> list[str]:
        monkeypatch.setattr("ui.commands.models.memory_gb", lambda: memory)
        lines = footnote("models", "list").out.splitlines()
        return [line.strip() for line in lines if "Made up for the tests." in line][:3]

    made_up = "Made up for the tests."
    assert notes(9.0) == [f"Recommended. {made_up}", f"Recommended. {made_up}", made_up]
    too_large = f"More memory than this machine has. {made_up}"
    assert notes(8.0) == [f"Recommended. {made_up}", too_large, made_up]


def test_a_fetch_without_a_name_brings_writer_and_embedder(
    offline: Footnote, home: Home, stick: Path
) -> None:
    (home.models / "writer.gguf").unlink()
    home.settings_file.write_text(f'model_folder = "{stick}"\n')
    ran = offline("models", "fetch", "--json")
    assert ran.code == 0
    assert ran.document == {
        "models": [
            {"id": DEFAULT, "path": str(home.models / "writer.gguf"), "fetched": True},
            {"id": EMBEDDER, "path": str(home.models / EMBEDDER), "fetched": False},
        ]
    }
    assert (home.models / "writer.gguf").read_bytes() == WEIGHTS


def test_people_see_what_came_and_what_was_here(offline: Footnote, home: Home, stick: Path) -> None:
    home.settings_file.write_text(f'model_folder = "{stick}"\n')
    assert offline("models", "fetch", "second-writer", EMBEDDER).out == (
        f"second-writer: fetched and verified\n{EMBEDDER}: already here, verified before\n"
    )


def test_a_wrong_file_is_refused_and_every_source_is_told(offline: Footnote, home: Home, stick: Path) -> None:
    (stick / "second.gguf").write_bytes(b"WEIGHTS of a model")
    home.settings_file.write_text(f'model_folder = "{stick}"\n')
    ran = offline("models", "fetch", "second-writer")
    assert (ran.code, ran.out) == (1, "")
    assert "SHA-256" in ran.error
    assert "hub: not reachable" in ran.error
    assert "registry: not reachable" in ran.error
    assert not (home.models / "second.gguf").exists()


def test_a_slip_in_a_name_shows_before_anything_is_fetched(
    offline: Footnote, home: Home, stick: Path
) -> None:
    home.settings_file.write_text(f'model_folder = "{stick}"\n')
    ran = offline("models", "fetch", "second-writer", "second-writr")
    assert ran.code == 2
    assert "'second-writr'" in ran.error
    assert "second-writer" in ran.error
    assert not (home.models / "second.gguf").exists()


def test_what_only_runs_on_servers_can_be_neither_fetched_nor_used(footnote: Footnote, home: Home) -> None:
    told = []
    for words in (("fetch", "served"), ("fetch", "second-writer", "served"), ("use", "served")):
        ran = footnote("models", *words)
        assert (ran.code, ran.out) == (2, "")
        told.append(ran.error)
    assert len(set(told)) == 1
    assert "'served' has no file" in told[0]
    assert "set" not in told[0].split()
    assert not (home.models / "second.gguf").exists()


def test_an_interrupted_fetch_says_what_is_kept(
    offline: Footnote, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr("assistant.models.model_files.ModelFiles.fetch", interrupted)
    ran = offline("models", "fetch", "second-writer")
    assert (ran.code, ran.out) == (130, "")
    assert ran.error == (
        "footnote: stopped; what came is kept, and footnote models fetch second-writer goes on from there"
    )


def test_verifying_reads_what_is_here(footnote: Footnote) -> None:
    document = footnote("models", "verify", "--json").document
    assert [one["id"] for one in document["models"]] == [DEFAULT, EMBEDDER]
    assert document["models"][0]["sha256"] == CATALOGUE.writer(DEFAULT).sha256
    assert footnote("models", "verify", DEFAULT).out == f"{DEFAULT}: as pinned\n"


def test_verifying_finds_a_change_that_kept_size_and_time(footnote: Footnote, home: Home) -> None:
    weights = home.models / "writer.gguf"
    footnote("models", "verify")
    changed = weights.with_name("changed")
    changed.write_bytes(b"WEIGHTS of a model")
    shutil.copystat(weights, changed)
    changed.replace(weights)
    ran = footnote("models", "verify", DEFAULT)
    assert ran.code == 1
    assert "SHA-256" in ran.error


def test_verifying_what_is_not_here_is_a_failure(footnote: Footnote, home: Home) -> None:
    assert footnote("models", "verify", "second-writer").code == 1
    assert footnote("models", "verify", "nonsense").code == 2
    shutil.rmtree(home.models)
    ran = footnote("models", "verify")
    assert ran.code == 1
    assert f"footnote models fetch {DEFAULT}" in ran.error


def test_a_model_is_chosen_by_its_kind(footnote: Footnote, home: Home) -> None:
    install_second_writer(home)
    install_embedder(home, "other-embedder")
    ran = footnote("models", "use", "second-writer")
    assert settings(home) == {"sources": [], "model": "second-writer"}
    assert ran.out == f"model = second-writer, in {home.settings_file}\n"
    ran = footnote("models", "use", "other-embedder")
    assert settings(home) == {"sources": [], "model": "second-writer", "embedder": "other-embedder"}
    assert "The next footnote sync embeds the library anew" in ran.out
    document = footnote("models", "use", DEFAULT, "--json").document
    assert document == {"setting": "model", "value": DEFAULT}


@pytest.mark.parametrize("file", [None, b"cut"])
def test_a_model_that_is_not_here_is_not_chosen_and_the_way_to_it_is_told(
    footnote: Footnote, home: Home, file: bytes | None
) -> None:
    if file is not None:
        (home.models / "second.gguf").write_bytes(file)
    for words in (("second-writer",), ("second-writer", "--json")):
        ran = footnote("models", "use", *words)
        assert (ran.code, ran.out) == (2, "")
        assert "'second-writer' is not here yet" in ran.error
        assert "footnote models fetch second-writer" in ran.error
        assert settings(home) == {"sources": []}


def test_an_unknown_model_is_not_chosen(footnote: Footnote, home: Home) -> None:
    ran = footnote("models", "use", "nonsense")
    assert ran.code == 2
    assert settings(home) == {"sources": []}


def test_that_the_environment_wins_is_said(
    footnote: Footnote, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_second_writer(home)
    monkeypatch.setenv("FOOTNOTE_MODEL", "second-writer")
    assert "FOOTNOTE_MODEL" in footnote("models", "use", DEFAULT).out
    assert "FOOTNOTE_MODEL" not in footnote("models", "use", "second-writer").out


def test_that_a_serving_process_keeps_its_model_is_said(footnote: Footnote, home: Home) -> None:
    desk = LocalDesk(workshop(home))
    with serving(home, desk):
        assert "until it is started again" in footnote("models", "use", DEFAULT).out
    desk.close()
    assert "started again" not in footnote("models", "use", DEFAULT).out


def test_who_fetched_what_is_recorded_and_shown_in_the_log(
    offline: Footnote, home: Home, stick: Path
) -> None:
    home.settings_file.write_text(f'model_folder = "{stick}"\n')
    offline("models", "fetch", "second-writer")
    offline("models", "fetch", "second-writer", EMBEDDER)
    (stick / "second.gguf").unlink()
    (home.models / "second.gguf").unlink()
    assert offline("models", "fetch", "second-writer").code == 1
    entries = offline("log", "--json").document["entries"]
    assert [(one["kind"], one["action"], one["name"], one["via"]) for one in entries] == [
        ("model", "fetched", "second-writer", "command"),
        ("model", "fetch failed", "second-writer", "command"),
    ]
    shown = " ".join(offline("log").out.split())
    assert "fetched, second-writer" in shown
    assert "fetch failed, second-writer" in shown
    assert "hub: not reachable" in shown
