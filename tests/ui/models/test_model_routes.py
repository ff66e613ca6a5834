"""The Models page over a tiny catalogue, as a browser that shows it would ask."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chat_samples import tags, visible_text
from fastapi import FastAPI
from fastapi.testclient import TestClient
from held_source import HeldSource
from tiny_footnote import CATALOGUE, WEIGHTS, install_models, set_up, wait_until, workshop

from assistant.models.model_files import ModelFiles
from ui.accounts.access import Access
from ui.accounts.passwords import Passwords
from ui.accounts.person import Person, Role
from ui.chat.conversations import Conversations
from ui.home import Home
from ui.markup import Html
from ui.record.record import Record
from ui.serving.admin_pages import admin_routes
from ui.serving.page_requests import LARGEST_REQUEST

pytestmark = pytest.mark.usefixtures("tiny_catalogue")

HERE = "http://127.0.0.1:7860"
DEFAULT = "qwen2.5-coder-1.5b"
CHANGING = ("fetch", "verify", "stop", "use")
ADA = Person("a1", "ada", Role.ADMIN)


class Models:
    """The page, and the source that it fetches from."""

    def __init__(self, home: Home, content: bytes | None = WEIGHTS, **settings: object) -> None:
        install_models(home)
        set_up(home, sources=[], **settings)
        self.home = home
        self.source = HeldSource(content)
        self.workshop = workshop(home)
        app = FastAPI()
        app.include_router(
            admin_routes(
                self.workshop,
                Access(),
                Conversations(home.conversations),
                Record.of(home, self.workshop.settings),
                passwords=Passwords(),
                person=lambda _: ADA,
                files=lambda: ModelFiles(home.models, CATALOGUE, [self.source]),
            )
        )
        self.web = TestClient(app, base_url=HERE, headers={"sec-fetch-site": "same-origin"})

    def send(self, address: str, model: str = "") -> tuple[int, dict[str, Any]]:
        answer = self.web.post(f"/models/{address}", json={"model": model})
        return answer.status_code, answer.json()

    def parts(self) -> dict[str, str]:
        found: dict[str, str] = self.web.get("/models/parts").json()
        return found

    def told(self, part: str) -> str:
        return " ".join(visible_text(self.parts()[part]).split())

    def progress(self) -> dict[str, Any]:
        found: dict[str, Any] = self.web.get("/models/progress").json()
        return found

    def ended(self) -> dict[str, Any]:
        self.source.let_go.set()
        wait_until(lambda: not self.progress()["running"])
        return self.progress()

    def settings(self) -> dict[str, object]:
        return tomllib.loads(self.home.settings_file.read_text())

    def recorded(self) -> list[dict[str, Any]]:
        lines = [line for file in self.home.record.glob("*") for line in file.read_bytes().splitlines()]
        return [json.loads(line) for line in lines]


@pytest.fixture
def models(home: Home) -> Iterator[Models]:
    made = Models(home)
    yield made
    made.source.let_go.set()
    made.workshop.close()


def test_the_page_lists_the_catalogue_and_what_is_here(models: Models) -> None:
    page = models.web.get("/models")
    assert page.status_code == 200
    shown = " ".join(visible_text(page.text).split())
    for entry in CATALOGUE.entries:
        assert entry.id in shown
    assert re.search(r"Models take \d+ MB of disk, [\d.,]+ [GM]B are free \| \d+ GB of memory", shown)
    assert "installed, not verified yet" in shown
    assert "in use" in shown
    links = {a["href"] for name, a in tags(page.text) if name == "a"}
    assert {"/", "/library", "/models", "/users"} <= links


def test_the_page_names_no_other_host_and_runs_nothing_inline(models: Models) -> None:
    page = models.web.get("/models")
    assert set(re.findall(r"https?://([^/\"'\s<>]+)", page.text)) == set()
    assert not any(name.startswith("on") for _, attributes in tags(page.text) for name in attributes)
    assert all(a.get("src") for name, a in tags(page.text) if name == "script")
    assert "style" not in {name for name, _ in tags(page.text)}
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_a_model_is_fetched_in_the_background_whoever_looks(models: Models) -> None:
    assert models.send("fetch", "second-writer") == (200, {"done": True})
    wait_until(lambda: models.progress()["done"])
    now = models.progress()
    assert (now["work"], now["model"], now["source"]) == ("fetch", "second-writer", "the model hub")
    # Another page, or the same one loaded again, sees the same fetch.
    assert models.web.get("/models").status_code == 200
    assert models.progress()["running"]
    status, told = models.send("fetch", DEFAULT)
    assert (status, "second-writer is being fetched, and one model at a time" in told["error"]) == (422, True)
    assert models.ended()["last"] == "second-writer is fetched and verified"
    assert (models.home.models / "second.gguf").read_bytes() == WEIGHTS
    (entry,) = models.recorded()
    assert (entry["account"], entry["action"], entry["name"]) == ("ada", "fetched", "second-writer")


def test_a_fetch_that_fails_says_at_its_model_what_to_do(home: Home) -> None:
    models = Models(home, content=None)
    models.send("fetch", "second-writer")
    assert models.ended()["last"] == "second-writer could not be fetched; below stands why"
    assert "hub: no answer in 4 seconds" in models.told("writers")
    assert "try again, or put what you have of it from elsewhere at" in models.told("writers")


def test_a_fetch_is_stopped_and_goes_on_later(models: Models) -> None:
    models.send("fetch", "second-writer")
    assert models.send("stop") == (200, {"done": True})
    wait_until(lambda: not models.progress()["running"])
    assert models.progress()["last"] == "Stopped"
    assert "what has come is kept" in models.told("writers")


@pytest.mark.parametrize("offline", [True, False])
def test_offline_a_fetch_is_refused_in_a_plain_sentence(home: Home, offline: bool) -> None:
    models = Models(home, offline=offline)
    status, told = models.send("fetch", "second-writer")
    assert status == (422 if offline else 200)
    if offline:
        assert told["error"].startswith("second-writer cannot be fetched: the setting offline = true refuses")
        assert "no model can be fetched" in models.told("notes")
        assert models.source.asked == 0
        assert 'data-action="fetch"' not in models.parts()["writers"]
    models.ended()


def test_offline_a_folder_of_ones_own_still_delivers(home: Home, tmp_path: Path) -> None:
    models = Models(home, offline=True, model_folder=str(tmp_path))
    assert models.send("fetch", "second-writer")[0] == 200
    models.ended()
    assert "models come from your folder" in models.told("notes")


def test_a_model_is_verified(models: Models) -> None:
    assert models.send("verify", DEFAULT) == (200, {"done": True})
    assert models.ended()["last"] == f"{DEFAULT} is verified: it is as it should be"
    assert "installed, verified" in models.told("writers")
    (models.home.models / "writer.gguf").write_bytes(WEIGHTS[::-1])
    models.send("verify", DEFAULT)
    assert models.ended()["last"] == f"{DEFAULT} is not as it should be; below stands why"
    assert "It is damaged: the file is not the one that was published" in models.told("writers")
    assert "SHA-256" not in models.told("writers")
    assert "fetch it again" in models.told("writers")
    assert "damaged" in models.told("writers")
    models.send("fetch", DEFAULT)
    assert models.ended()["last"] == f"{DEFAULT} is fetched and verified"


def test_a_model_is_chosen_and_it_is_said_when_that_takes_effect(models: Models) -> None:
    (models.home.models / "second.gguf").write_bytes(WEIGHTS)
    status, told = models.send("use", "second-writer")
    assert status == 200
    assert told["told"] == (
        f"second-writer is chosen; {DEFAULT} goes on writing until Footnote is started again"
    )
    assert models.settings()["model"] == "second-writer"
    assert f"second-writer is chosen. {DEFAULT} goes on writing" in models.told("notes")
    assert models.workshop.settings.model == DEFAULT
    (entry,) = models.recorded()
    assert (entry["account"], entry["via"], entry["action"]) == ("ada", "page", "chosen")
    assert (entry["before"], entry["after"]) == (DEFAULT, "second-writer")
    assert models.send("use", DEFAULT)[1]["told"] == f"{DEFAULT} is chosen, and at work already"


def test_another_embedder_waits_for_the_next_sync(models: Models) -> None:
    (models.home.models / "other-embedder").mkdir()
    (models.home.models / "other-embedder" / "model.safetensors").write_bytes(b"weights of an embedder")
    _, told = models.send("use", "other-embedder")
    assert told["told"] == "other-embedder is chosen; the next sync prepares the whole library for it"
    assert "until then all-MiniLM-L6-v2 finds the passages" in models.told("notes")


def test_what_is_not_here_cannot_be_chosen_or_no_start_would_follow(models: Models) -> None:
    status, told = models.send("use", "second-writer")
    assert status == 422
    assert told["error"].startswith("model 'second-writer' is not here yet")
    assert "model" not in models.settings()


def test_that_the_environment_wins_is_said(models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    (models.home.models / "second.gguf").write_bytes(WEIGHTS)
    monkeypatch.setenv("FOOTNOTE_MODEL", DEFAULT)
    assert "the variable FOOTNOTE_MODEL names another one" in models.send("use", "second-writer")[1]["told"]


@pytest.mark.parametrize("address", ["fetch", "verify", "use"])
def test_what_is_no_model_with_a_file_is_refused(models: Models, address: str) -> None:
    for model, words in (
        ("nonsense", "no model 'nonsense'"),
        ("served", "'served' has no file"),
        ("../x", "no model"),
    ):
        status, told = models.send(address, model)
        assert (status, words in told["error"]) == (422, True)


def test_settings_that_are_damaged_are_told_and_the_page_opens(models: Models) -> None:
    models.home.settings_file.write_text("model = \n")
    assert models.web.get("/models").status_code == 200
    assert "not readable" in models.told("problem")
    assert "second-writer" in models.told("writers")
    assert models.send("fetch", "second-writer")[0] == 422


def test_what_changes_something_is_taken_from_the_page_alone(models: Models) -> None:
    models.web.headers.pop("sec-fetch-site")
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
        {},
    ):
        for address in CHANGING:
            answer = models.web.post(f"/models/{address}", json={"model": "second-writer"}, headers=headers)
            assert answer.status_code == 403, (address, headers)
    assert models.source.asked == 0


def test_looking_changes_nothing(models: Models) -> None:
    assert {models.web.get(f"/models/{address}").status_code for address in CHANGING} <= {404, 405}


def test_a_request_that_is_none_or_too_long_is_refused(models: Models) -> None:
    too_long = b'{"model": "' + b"x" * LARGEST_REQUEST + b'"}'
    for body, status in ((b"[]", 400), (b"{", 400), (b'{"model": 3}', 400), (too_long, 413)):
        for address in ("fetch", "verify", "use"):
            assert models.web.post(f"/models/{address}", content=body).status_code == status


def test_were_escaping_to_fail_nothing_that_runs_would_leave(
    models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = "<script>ran()</script><img src=x onerror=ran()>"
    set_up(models.home, sources=[], offline=True, model_folder=f"/{hostile}")
    monkeypatch.setattr("ui.markup.text", Html)
    for piece, scripts in [
        *((one, 0) for one in models.parts().values()),
        (models.web.get("/models").text, 2),
    ]:
        found = tags(piece)
        assert [name for name, _ in found].count("script") == scripts
        assert not any(name.startswith("on") for _, attributes in found for name in attributes)
