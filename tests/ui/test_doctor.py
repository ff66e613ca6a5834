import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from tiny_footnote import Ran, install_embedder, install_models, set_up, workshop

from index_store.errors import LibraryLocked
from index_store.passage_store import ArticleSummary
from ui import doctor
from ui.desk import Desk, Embedding
from ui.doctor import EMBEDDED_LIMIT, Finding, examine, leaving
from ui.home import Home
from ui.local_desk import LocalDesk
from ui.settings.in_force import load_settings

pytestmark = pytest.mark.usefixtures("tiny_catalogue")


def no_desk() -> NoReturn:
    raise AssertionError("the library was opened")


def found(home: Home, desk: Any = no_desk, **settings: object) -> dict[str, Finding]:
    if settings:
        set_up(home, **settings)
    return {one.name: one for one in examine(home, load_settings(home.settings_file), desk)}


@pytest.fixture
def desk(home: Home, articles: Path) -> Iterator[LocalDesk]:
    install_models(home)
    set_up(home, sources=[str(articles)])
    made = LocalDesk(workshop(home))
    made.sync((), dry_run=False, on_step=lambda *_: None)
    yield made
    made.close()


def test_on_a_fresh_machine_it_says_what_to_fetch_and_makes_nothing(home: Home) -> None:
    findings = found(home)
    assert findings["model"] == Finding(
        "model",
        "missing",
        "qwen2.5-coder-1.5b is missing; run: footnote models fetch qwen2.5-coder-1.5b",
    )
    assert findings["embedder"].state == "missing"
    assert findings["library"] == Finding("library", "note", "not made yet; run: footnote sync")
    assert not home.root.exists()


@pytest.mark.whole
def test_a_machine_that_is_ready_has_nothing_missing(desk: LocalDesk, home: Home) -> None:
    findings = found(home, lambda: desk)
    assert {one.state for one in findings.values()} <= {"ok", "note"}
    assert findings["library"].detail == "2 articles, 2 passages in embedded Qdrant"
    assert "MIT, Nobody (XX), verified" in findings["model"].detail
    assert str(home.root) in findings["data"].detail
    assert {"footnote", "llama-cpp-python", "gradio", "torch"} <= set(findings)


@pytest.mark.whole
def test_a_damaged_model_is_told(desk: LocalDesk, home: Home) -> None:
    (home.models / "writer.gguf").write_bytes(b"cut")
    finding = found(home, lambda: desk)["model"]
    assert finding.state == "missing"
    assert "damaged" in finding.detail
    assert "footnote models fetch" in finding.detail


@pytest.mark.parametrize(
    ("setting", "id"),
    [("model", "nonsense"), ("model", "all-MiniLM-L6-v2"), ("embedder", "qwen2.5-coder-1.5b")],
)
def test_a_model_is_looked_for_among_its_own_kind(home: Home, setting: str, id: str) -> None:
    install_models(home)
    settings = load_settings(home.settings_file).model_copy(update={setting: id})
    finding = {one.name: one for one in examine(home, settings, no_desk)}[setting]
    assert finding.state == "missing"
    assert repr(id) in finding.detail


@pytest.mark.whole
def test_an_empty_library_is_no_fault(home: Home) -> None:
    install_models(home)
    set_up(home, sources=[])
    made = LocalDesk(workshop(home))
    made.articles()
    finding = found(home, lambda: made)["library"]
    assert finding.state == "note"
    # A sync without any source would bring nothing.
    assert finding.detail.endswith("add articles: footnote sync PATH, or footnote sync URL")
    made.close()


def test_a_library_that_cannot_be_opened_is_missing(home: Home) -> None:
    home.user_library.mkdir(parents=True)

    def locked() -> Desk:
        raise LibraryLocked("library in use by another process")

    assert found(home, locked)["library"] == Finding(
        "library", "missing", "library in use by another process"
    )


def test_a_server_is_advised_above_what_the_embedded_store_does_well(home: Home) -> None:
    home.user_library.mkdir(parents=True)

    def rows(passages: int) -> SimpleNamespace:
        row = ArticleSummary("k", "s", "p", "t", None, None, "h", "1", passages, "now")
        return SimpleNamespace(articles=lambda: [row], embedding=lambda: Embedding("one", "one"))

    assert found(home, lambda: rows(EMBEDDED_LIMIT))["library"].state == "ok"
    above = found(home, lambda: rows(EMBEDDED_LIMIT + 1))["library"]
    assert above.state == "note"
    assert "qdrant_url" in above.detail
    served = found(home, lambda: rows(EMBEDDED_LIMIT + 1), qdrant_url="http://127.0.0.1:1")["library"]
    assert served.state == "ok"
    assert "http://127.0.0.1:1" in served.detail


@pytest.mark.whole
def test_a_move_to_another_embedder_is_noted_in_plain_words(desk: LocalDesk, home: Home) -> None:
    assert "embedding" not in found(home, lambda: desk)
    install_embedder(home, "other-embedder")
    desk.close()
    set_up(home, embedder="other-embedder")
    again = LocalDesk(workshop(home))
    assert found(home, lambda: again)["embedding"] == Finding(
        "embedding",
        "note",
        "the library is embedded with all-MiniLM-L6-v2, and other-embedder is set; run: footnote sync",
    )
    again.sync((), dry_run=False, on_step=lambda *_: None)
    assert "embedding" not in found(home, lambda: again)
    again.close()


def test_a_reranker_is_looked_for_where_the_setting_says(home: Home, tmp_path: Path) -> None:
    assert "reranker" not in found(home)
    assert found(home, reranker="none")["reranker"].state == "missing"
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    assert found(home, reranker=str(tmp_path))["reranker"].state == "ok"


@pytest.mark.whole
def test_a_source_that_is_away_is_noted(
    desk: LocalDesk, home: Home, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(articles.parent))
    assert "source" not in found(home, lambda: desk, sources=["starter", str(articles), "~/articles"])
    away = found(home, lambda: desk, sources=["/nowhere"])["source"]
    assert away.state == "note"
    assert away.detail.startswith("/nowhere: not there")


def test_a_data_directory_that_is_none_is_missing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    findings = found(Home(tmp_path / "file"))
    assert findings["data"].state == "missing"
    assert "FOOTNOTE_HOME" in findings["data"].detail
    # What would lie in it is not spoken of: no advice on models could help before.
    assert not {"model", "library", "states", "log"} & set(findings)
    assert found(Home(Path("/proc/nope")))["data"].state == "missing"


def test_a_data_directory_that_others_can_read_is_noted(home: Home) -> None:
    home.root.mkdir(mode=0o700)
    assert "others" not in found(home)["data"].detail
    home.root.chmod(0o750)
    finding = found(home)["data"]
    assert finding.state == "note"
    assert finding.detail.endswith(f"others of this machine can read in it: chmod 700 {home.root}")


def test_little_room_and_little_memory_are_noted(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_040_000_000))
    monkeypatch.setattr(os, "sysconf", lambda name: 10**9 if name == "SC_PHYS_PAGES" else 2)
    findings = found(home)
    assert findings["data"].state == "note"
    assert "1.0 GB free" in findings["data"].detail
    assert findings["machine"].state == "note"
    assert "2 GB of memory" in findings["machine"].detail
    assert "4 GB" in findings["machine"].detail


def test_a_log_that_cannot_be_written_to_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.root.mkdir(parents=True)
    assert found(home)["log"] == Finding("log", "ok", str(home.log_file))
    home.log_file.mkdir()
    assert found(home)["log"].state == "note"
    home.log_file.rmdir()
    home.log_file.touch()
    # As on a disk that can only be read, for a user whom rights do not stop.
    monkeypatch.setattr(os, "access", lambda *_: False)
    finding = found(home)["log"]
    assert finding.state == "note"
    assert finding.detail.startswith(f"{home.log_file}: nothing can be written to it")


def test_a_package_that_is_not_installed_is_missing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_PARTS", ("no-such-package",))
    assert found(home)["no-such-package"].state == "missing"


def departures(home: Home, **settings: object) -> list[str]:
    set_up(home, **settings)
    return [one.to for one in leaving(load_settings(home.settings_file)) if not one.only_when_told]


def test_as_it_comes_nothing_leaves_but_on_a_fetch(home: Home) -> None:
    assert departures(home) == []
    told = leaving(load_settings(home.settings_file))
    assert told[0].to == "https://huggingface.co"
    assert all(one.only_when_told and one.when.startswith("only on: ") for one in told)
    asked_by = ("footnote models fetch", "footnote models fetch", "footnote sync ADDRESS")
    assert all(command in one.when for command, one in zip(asked_by, told, strict=True))
    assert "Library page" in told[-1].when
    assert all("Models page" in one.when for one in told[:2])


def test_the_hub_is_the_one_of_the_settings(home: Home) -> None:
    set_up(home, hub="https://mirror.example")
    assert leaving(load_settings(home.settings_file))[0].to == "https://mirror.example"


@pytest.mark.parametrize(
    ("url", "leaves"),
    [
        ("http://127.0.0.1:6333", False),
        ("http://localhost:6333", False),
        ("http://[::1]:6333", False),
        ("https://qdrant.example:6333", True),
        ("http://10.0.0.5:6333", True),
    ],
)
def test_a_qdrant_server_elsewhere_gets_questions_and_articles(home: Home, url: str, leaves: bool) -> None:
    assert departures(home, qdrant_url=url) == ([url] if leaves else [])


@pytest.mark.parametrize(
    ("host", "leaves"),
    [
        ("127.0.0.1", False),
        ("::1", False),
        ("localhost", False),
        ("0.0.0.0", True),
        ("::", True),
        ("pc", True),
    ],
)
def test_a_page_that_others_can_reach_is_told(home: Home, host: str, leaves: bool) -> None:
    assert departures(home, host=host) == ([f"whoever can reach {host}:7860"] if leaves else [])


def test_the_hosts_of_addresses_among_the_sources_are_told_once_each(home: Home) -> None:
    sources = [
        "starter",
        "https://a.example/feed",
        "https://www.a.example/p",
        "http://b.example:8080/map.xml",
    ]
    assert departures(home, sources=sources) == [
        "a.example, and the sites that its pages lead to",
        "b.example:8080, and the sites that its pages lead to",
    ]
    told = [one.when for one in leaving(load_settings(home.settings_file)) if not one.only_when_told]
    assert told[0] == "on every sync: 2 sources in the setting sources"
    assert "http://b.example:8080/map.xml" in told[1]


def test_offline_nothing_is_fetched(home: Home) -> None:
    set_up(home, sources=["https://a.example/feed"], offline=True)
    assert leaving(load_settings(home.settings_file)) == []
    finding = found(home)["source"]
    assert finding.state == "note"
    assert "https://a.example/feed: offline = true" in finding.detail


def test_an_address_is_not_looked_for_on_the_disk(home: Home) -> None:
    assert "source" not in found(home, sources=["https://a.example/feed"])


def test_the_network_alone_is_told_in_words_and_as_json(footnote: Callable[..., Ran], home: Home) -> None:
    set_up(home, sources=["https://a.example/feed"], allowed_networks=["10.1.0.0/16"])
    told = footnote("doctor", "--network")
    assert told.code == 0
    assert "a.example" in told.out
    assert "https://huggingface.co" in told.out
    assert "public addresses, 10.1.0.0/16" in told.out
    assert "Asking questions and syncing folders send nothing anywhere." in told.out
    assert "python" not in told.out
    document = footnote("doctor", "--network", "--json").document
    assert set(document) == {"leaves_machine", "offline", "allowed_networks"}
    assert document["leaves_machine"][-1]["to"].startswith("a.example")
    set_up(home, offline=True)
    told = footnote("doctor", "--network")
    assert "Nothing leaves this machine." in told.out
    assert "offline = true" in told.out


def test_the_record_is_found_with_its_place_and_size(home: Home) -> None:
    set_up(home)
    assert found(home)["record"] == Finding(
        "record", "ok", f"on, with questions and answers: {home.record}, 0 files, 0.0 MB"
    )
    assert not home.record.exists()
    home.record.mkdir()
    (home.record / "record-000003.jsonl").write_bytes(b"x" * 1_500_000)
    (home.record / "notes.txt").write_bytes(b"x" * 1_000_000)
    assert found(home, record_content="none")["record"] == Finding(
        "record", "ok", f"on, without their words: {home.record}, 1 file, 1.5 MB"
    )
    assert found(home, record=False)["record"] == Finding(
        "record", "note", f"off (record = false): nothing is recorded; {home.record}, 1 file, 1.5 MB"
    )


def test_a_record_that_cannot_be_written_or_looked_at_is_noted(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(home)
    home.record.write_text("a file in its place")
    finding = found(home)["record"]
    assert (finding.state, "nothing can be recorded there" in finding.detail) == ("note", True)

    def refused(*_: object) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "listdir", refused)
    assert found(home)["record"] == Finding(
        "record", "note", f"{home.record}: Permission denied; check its rights"
    )
