"""Each way of asking and changing leaves its entry, once."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from tiny_footnote import (
    QUESTION,
    TOKEN,
    Ran,
    TinyWorkshop,
    install_embedder,
    install_models,
    install_second_writer,
    set_up,
    wait_until,
    workshop,
)
from tiny_footnote import serving as serving_process

from index_store.errors import RunError
from index_store.library import Library
from ui.accounts.account_file import AccountFile
from ui.accounts.person import Person, Role, marked
from ui.chat.chat_turn import ChatTurns
from ui.chat.conversations import Conversations
from ui.commands.session import open_desk, open_session
from ui.home import Home
from ui.local_desk import LocalDesk
from ui.record.record import Record
from ui.record.recorded_desk import RecordedDesk
from ui.serving import serving
from ui.serving.server_file import ServerAddress
from ui.serving.serving import ServedSyncs, build_app
from ui.settings.settings_file import change_setting

pytestmark = pytest.mark.whole

Footnote = Callable[..., Ran]


def entries(home: Home, *kinds: str) -> list[dict[str, Any]]:
    lines = [line for file in sorted(home.record.glob("*")) for line in file.read_bytes().splitlines()]
    found = [json.loads(line) for line in lines]
    return [entry for entry in found if not kinds or entry["kind"] in kinds]


def brief(home: Home, *kinds: str) -> list[str]:
    """Each entry in a word or three."""
    told = []
    for entry in entries(home, *kinds):
        name = Path(entry.get("article") or entry.get("name") or entry.get("after") or "").name
        told.append(" ".join(filter(None, (entry["kind"], entry.get("action"), entry.get("via"), name))))
    return told


class Served:
    """The serving process's parts, wired as they are, without the page's own drawing."""

    def __init__(self, home: Home, made: TinyWorkshop, patch: pytest.MonkeyPatch) -> None:
        record = Record.of(home, made.settings)
        self.desk = LocalDesk(made, on_source=record.changes("source", via="command"))
        self.syncs = ServedSyncs.of(made, self.desk, record)
        seen: list[Any] = []

        self.person: Person | None = None

        def app_of(parts: Any, routes: APIRouter, **_: Any) -> Any:
            seen.append(parts)
            app = FastAPI()
            app.include_router(routes)

            async def for_person(scope: Any, receive: Any, send: Any) -> None:
                await app(marked(scope, self.person) if self.person else scope, receive, send)

            return for_person

        patch.setattr(serving, "create_app", app_of)
        here = "http://127.0.0.1:7860"
        app = build_app(made, self.desk, ServerAddress(here, TOKEN, os.getpid()), self.syncs)
        self.web = TestClient(app, base_url=here, headers={"sec-fetch-site": "same-origin"})
        self.conversations = Conversations(home.conversations)
        self.turns = ChatTurns(seen[0].answers, self.conversations, home.log_file)


@pytest.fixture
def served(
    home: Home, articles: Path, tiny_catalogue: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    install_models(home)
    set_up(home, sources=[str(articles)])
    made = Served(home, workshop(home), monkeypatch)
    yield made
    made.desk.close()


@pytest.fixture
def synced(footnote: Footnote, articles: Path) -> Footnote:
    assert footnote("sync", articles).code == 0
    return footnote


def test_a_first_sync_records_source_articles_and_run(synced: Footnote, home: Home) -> None:
    assert brief(home) == [
        "source added command articles",
        "article add heron.md",
        "article add stork.md",
        "sync command",
    ]
    run = entries(home, "sync")[0]
    assert (run["completed"], run["added"], run["changed"], run["deleted"]) == (True, 2, 0, 0)
    assert run["began"] <= run["ended"]


def test_a_question_of_a_command_is_recorded_once_with_where_its_passages_stand(
    synced: Footnote, home: Home, articles: Path
) -> None:
    answer = synced("ask", QUESTION, "--json").document
    (entry,) = entries(home, "question")
    assert (entry["via"], entry["question"], entry["status"]) == ("command", QUESTION, "answered")
    assert entry["answer"] == answer["text"]
    assert entry["model"] == answer["model"]
    assert entry["settings"]["embedder"] == "all-MiniLM-L6-v2"
    text = synced("articles", "heron.md", "--json").document["text"]
    (cited,) = entry["citations"]
    assert text[cited["start"] : cited["end"]] == answer["citations"][0]["quote"]
    assert {one["source"] for one in (*entry["shown"], cited)} == {str(articles)}
    assert [one["article"] for one in entry["shown"]] == [one["article"] for one in answer["evidence"]]


def test_a_search_is_recorded_once(synced: Footnote, home: Home) -> None:
    synced("search", "Heron memory", "-k", "1")
    (entry,) = entries(home, "search")
    assert (entry["question"], entry["limit"], len(entry["shown"])) == ("Heron memory", 1, 1)


def test_wrong_usage_and_dry_runs_and_looking_are_not_recorded(synced: Footnote, home: Home) -> None:
    before = len(entries(home))
    for command in (["ask", ""], ["search", "x" * 5000], ["sync", "--dry-run"], ["articles"], ["log"]):
        synced(*command)
    assert len(entries(home)) == before


def test_a_question_that_fails_is_recorded_once(synced: Footnote, home: Home) -> None:
    (home.models / "writer.gguf").unlink()
    assert synced("ask", QUESTION).code == 1
    (entry,) = entries(home, "question")
    assert entry["status"] == "failed"
    assert "footnote models fetch" in entry["error"]


def test_a_folder_that_is_tried_and_a_measurement_leave_no_record(
    synced: Footnote, home: Home, articles: Path, tmp_path: Path
) -> None:
    before = entries(home)
    assert synced("ask", QUESTION, "--library", articles).code == 0
    assert synced("search", QUESTION, "--library", articles).code == 0
    questions = tmp_path / "questions.jsonl"
    asked = {"id": "1", "question": QUESTION, "kind": "single", "gold": [], "facts": ["12 GB"]}
    questions.write_text(json.dumps(asked) + "\n")
    ran = synced("eval", questions)
    assert (ran.code, "asking" in ran.err) == (0, True)
    assert entries(home) == before


def test_what_is_handed_over_is_recorded_once_by_the_serving_process_and_measurements_are_not(
    footnote: Footnote, home: Home, articles: Path
) -> None:
    made = workshop(home)
    desk = LocalDesk(made)
    syncs = ServedSyncs.of(made, desk)
    with serving_process(home, syncs.runner.desk("command"), unrecorded=desk):
        assert footnote("sync", articles).code == 0
        assert "asking the serving process" in footnote("ask", QUESTION).err
        assert footnote("search", "Heron").code == 0
        with open_desk(open_session(), measuring=True) as beside:
            assert beside.ask(QUESTION).status == "answered"
            assert beside.search("Heron", 3)
    desk.close()
    assert brief(home, "question", "search", "sync") == ["sync command", "question command", "search command"]


def test_the_served_local_api_records_once_what_it_is_asked(served: Served, home: Home) -> None:
    served.syncs.runner.sync("start")
    token = {"X-Footnote-Token": TOKEN}
    for measuring in (False, True):
        for call in ("ask", "search"):
            body = {"question": QUESTION, "measuring": measuring}
            assert served.web.post(f"/api/{call}", json=body, headers=token).status_code == 200
    served.web.post("/api/sync", json={}, headers=token)
    assert brief(home, "question", "search", "sync") == [
        "sync start",
        "question command",
        "search command",
        "sync command",
    ]


def test_a_question_of_the_chat_is_recorded_once(served: Served, home: Home) -> None:
    served.syncs.runner.sync("start")
    conversation = served.conversations.start(QUESTION).id
    for question in (QUESTION, "And what licence is the Stork model under?"):
        running = served.turns.ask(conversation, question)
        assert running.wait(60)
        assert running.turn.answer is not None
    first, second = entries(home, "question")
    assert (first["via"], first["status"], first["turns_before"]) == ("chat", "answered", 0)
    assert (second["via"], second["turns_before"]) == ("chat", 1)
    assert first["citations"][0]["article"] == "heron.md"


def test_a_question_of_the_chat_that_fails_is_recorded_once(served: Served, home: Home) -> None:
    (home.models / "writer.gguf").unlink()
    running = served.turns.ask(served.conversations.start(QUESTION).id, QUESTION)
    assert running.wait(60)
    assert running.turn.error is not None
    assert [(one["via"], one["status"]) for one in entries(home, "question")] == [("chat", "failed")]


def test_what_the_library_page_changes_is_recorded(served: Served, home: Home, articles: Path) -> None:
    def send(address: str, **body: str) -> None:
        assert served.web.post(f"/library/{address}", json=body).status_code == 200
        wait_until(lambda: not served.web.get("/library/progress").json()["running"])

    send("sync")
    served.web.post("/library/uploads", params={"name": "crane.md"}, content=b"# Crane\n\nIt flies.\n")
    send("uploads/read")
    send("uploads/remove", name="crane.md")
    send("sources/remove", place=str(articles))
    send("sync")
    assert brief(home) == [
        "article add heron.md",
        "article add stork.md",
        "sync page",
        "upload added page crane.md",
        "source added page uploads",
        "article add crane.md",
        "sync page",
        "upload removed page crane.md",
        "article delete crane.md",
        "sync page",
        "source removed page articles",
        "article delete heron.md",
        "article delete stork.md",
        "sync page",
    ]


def test_what_people_with_accounts_change_is_recorded_under_their_names(
    served: Served, home: Home, articles: Path
) -> None:
    accounts = AccountFile(home.accounts)
    for name, role in (("ada", Role.ADMIN), ("edgar", Role.EDITOR)):
        accounts.add(name, role, None)

    def send(name: str, address: str, **body: str) -> None:
        account = accounts.named(name)
        assert account is not None
        served.person = account.person
        assert served.web.post(f"/library/{address}", json=body).status_code == 200
        wait_until(lambda: not served.web.get("/library/progress").json()["running"])

    send("edgar", "sync")
    send("ada", "sources/schedule", place=str(articles), hours="12")
    send("ada", "sources/remove", place=str(articles))
    send("edgar", "sync")
    served.syncs.runner.sync("schedule")
    told = [(entry["account"], entry["kind"], entry.get("action")) for entry in entries(home)]
    assert told == [
        ("edgar", "article", "add"),
        ("edgar", "article", "add"),
        ("edgar", "sync", None),
        ("ada", "source", "scheduled"),
        ("ada", "source", "removed"),
        ("edgar", "article", "delete"),
        ("edgar", "article", "delete"),
        ("edgar", "sync", None),
        (None, "sync", None),
    ]
    assert [entry["asked_by"] for entry in entries(home, "sync")] == [["edgar"], ["edgar"], []]


def test_a_scheduled_sync_is_recorded_with_changed_and_deleted_articles(
    served: Served, home: Home, articles: Path
) -> None:
    served.syncs.runner.sync("start")
    (articles / "heron.md").write_text("# Heron\n\nIt needs 16 GB now.\n")
    (articles / "stork.md").unlink()
    served.syncs.runner.sync("schedule")
    assert brief(home)[3:] == ["article change heron.md", "article delete stork.md", "sync schedule"]


def test_an_article_that_cannot_be_written_is_recorded_as_failed(
    served: Served, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = Library.put

    def failing(library: Library, article: Any, *rest: Any, **named: Any) -> int:
        if article.path == "heron.md":
            raise RunError("heron.md: the disk is full")
        return put(library, article, *rest, **named)

    monkeypatch.setattr(Library, "put", failing)
    served.syncs.runner.sync("page")
    assert "article failed heron.md" in brief(home)
    assert entries(home, "sync")[0]["errors"] == ["not written: heron.md: the disk is full"]


def test_a_sync_that_breaks_off_is_recorded_with_what_it_had_begun(
    served: Served, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Library, "put", broken)
    with pytest.raises(KeyboardInterrupt):
        served.syncs.runner.sync("page")
    assert brief(home) == ["article add heron.md", "sync page"]
    assert entries(home, "sync")[0]["completed"] is False


def test_a_change_of_model_or_embedder_is_recorded_when_it_is_chosen_and_when_it_is_in_force(
    synced: Footnote, home: Home
) -> None:
    before = len(entries(home))
    install_embedder(home, "other-embedder")
    install_second_writer(home)
    synced("models", "use", "second-writer")
    synced("models", "use", "second-writer")
    synced("models", "use", "other-embedder")
    assert synced("sync").code == 0
    assert brief(home)[before:] == [
        "model chosen command second-writer",
        "embedder chosen command other-embedder",
        "embedder in_force other-embedder",
        "sync command",
    ]
    assert entries(home, "embedder")[1]["before"] == "all-MiniLM-L6-v2"


def test_a_rebuild_is_recorded(synced: Footnote, home: Home) -> None:
    before = len(entries(home))
    assert synced("sync", "--rebuild").code == 0
    assert brief(home)[before:] == [
        "rebuild command",
        "article add heron.md",
        "article add stork.md",
        "sync command",
    ]


def test_without_content_no_question_is_kept(synced: Footnote, home: Home) -> None:
    change_setting(home.settings_file, "record_content", "none")
    synced("ask", QUESTION)
    synced("search", "Heron memory")
    whole = b"".join(file.read_bytes() for file in home.record.iterdir()).decode()
    assert "memory" not in whole
    assert [one["question"]["length"] for one in entries(home, "question", "search")] == [len(QUESTION), 12]


def test_switched_off_nothing_is_recorded(footnote: Footnote, home: Home, articles: Path) -> None:
    change_setting(home.settings_file, "record", False)
    footnote("sync", articles)
    footnote("ask", QUESTION)
    install_second_writer(home)
    assert footnote("models", "use", "second-writer").code == 0
    assert not home.record.exists()


def test_an_answer_comes_also_where_nothing_can_be_recorded(
    footnote: Footnote, home: Home, articles: Path
) -> None:
    home.record.write_text("a file in its place")
    assert footnote("sync", articles).code == 0
    ran = footnote("ask", QUESTION)
    assert (ran.code, "12 GB" in ran.out) == (0, True)
    assert "the record in" in home.log_file.read_text()


def test_to_record_the_settings_no_library_is_opened_or_waited_for(home: Home, tiny_catalogue: None) -> None:
    install_models(home)
    made = workshop(home)
    (home.models / "writer.gguf").unlink()
    desk = RecordedDesk(LocalDesk(made), made, Record.of(home, made.settings))
    with pytest.raises(RunError):
        desk.ask(QUESTION)
    assert not home.libraries.exists()
    desk.close()
