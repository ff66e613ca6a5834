from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tiny_footnote import QUESTION, TOKEN, TinyWorkshop, install_models, set_up, workshop

from assistant.events import AnswerFinished
from index_store.embedder import HashEmbedder
from index_store.errors import EmbedderMismatch
from ui.home import Home
from ui.local_desk import LocalDesk
from ui.quote_check import QuoteCheck
from ui.serving.local_api import TOKEN_HEADER
from ui.serving.server_file import ServerAddress
from ui.serving.serving import EXAMPLES, ServedSyncs, allowed_hosts, build_app, library_status
from ui.workshop_answers import WorkshopAnswers

pytestmark = pytest.mark.usefixtures("tiny_catalogue")


@pytest.fixture
def ready(home: Home, articles: Path) -> Home:
    install_models(home)
    set_up(home, sources=[str(articles)])
    return home


@pytest.fixture
def synced(ready: Home) -> Iterator[TinyWorkshop]:
    made = workshop(ready)
    LocalDesk(made).sync((), dry_run=False, on_step=lambda *_: None)
    yield made
    made.close()


@pytest.mark.whole
def test_the_page_answers_from_the_workshop(synced: TinyWorkshop) -> None:
    *_, last = WorkshopAnswers(synced).stream(QUESTION)
    assert isinstance(last, AnswerFinished)
    assert last.answer.status == "answered"


@pytest.mark.whole
def test_a_stop_reaches_the_writer(synced: TinyWorkshop) -> None:
    *_, last = WorkshopAnswers(synced).stream(QUESTION, stopped=lambda: True)
    assert isinstance(last, AnswerFinished)
    assert last.answer.sentences == ()


def test_the_page_needs_no_library_to_be_built(ready: Home) -> None:
    made = workshop(ready)
    WorkshopAnswers(made)
    made.close()
    assert not ready.libraries.exists()


@pytest.mark.whole
def test_the_status_tells_library_and_model(synced: TinyWorkshop) -> None:
    status = library_status(synced)
    assert (status.articles, status.problem, status.model_present) == (2, None, True)
    assert status.last_sync is not None
    assert (status.model, status.model_licence, status.model_vendor) == (
        "qwen2.5-coder-1.5b",
        "MIT",
        "Nobody (XX)",
    )


@pytest.mark.whole
def test_the_status_tells_what_is_wrong(synced: TinyWorkshop, ready: Home) -> None:
    synced.close()
    (ready.models / "writer.gguf").unlink()
    other = workshop(ready, make_embedder=lambda *_: HashEmbedder(32))
    status = library_status(other)
    assert status.articles is None
    assert status.problem is not None
    assert "footnote sync --rebuild" in status.problem
    assert not status.model_present
    with pytest.raises(EmbedderMismatch):
        _ = other.library
    other.close()


@pytest.mark.whole
def test_the_application_has_the_page_and_the_api(synced: TinyWorkshop) -> None:
    desk = LocalDesk(synced)
    app: FastAPI = build_app(synced, desk, ServerAddress("http://127.0.0.1:7860", TOKEN, 1))
    with TestClient(app, base_url="http://127.0.0.1:7860") as web:
        page = web.get("/")
        assert page.status_code == 200
        assert "Footnote" in page.text
        assert web.get("/api/alive").status_code == 403
        assert web.get("/api/alive", headers={TOKEN_HEADER: TOKEN}).json() == {"footnote": "serving"}
        stranger = web.get("/", headers={"Host": "evil.example"})
        assert stranger.status_code == 400


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("127.0.0.1", {"127.0.0.1", "localhost"}),
        ("::1", {"127.0.0.1", "localhost", "[::1]"}),
        ("pc.example", {"127.0.0.1", "localhost", "pc.example"}),
        ("0.0.0.0", {"*"}),
        ("::", {"*"}),
    ],
)
def test_the_page_answers_under_its_own_names_alone(host: str, names: set[str]) -> None:
    assert set(allowed_hosts(host)) == names


def test_the_examples_are_four_questions_for_the_starter_library() -> None:
    assert len(EXAMPLES) == 4
    assert all(example.endswith(("?", ".")) for example in EXAMPLES)


@pytest.mark.whole
def test_the_page_of_a_changed_library_says_so_beside_an_old_quote(
    synced: TinyWorkshop, articles: Path
) -> None:
    *_, last = WorkshopAnswers(synced).stream(QUESTION)
    assert isinstance(last, AnswerFinished)
    quoted = last.answer.citations[0]
    desk = LocalDesk(synced)
    syncs = ServedSyncs.of(synced, desk)
    check = QuoteCheck(syncs.articles, lambda: synced.library.store)
    assert check.look(quoted).state == "held"
    file = articles / "heron.md"
    file.write_text(file.read_text().replace("12 GB", "16 GB"))
    syncs.runner.sync("page")
    assert check.look(quoted).state == "changed"
    file.unlink()
    syncs.runner.sync("page")
    assert check.look(quoted).state == "removed"


@pytest.mark.whole
def test_chat_and_library_tell_the_next_sync_and_a_handed_over_sync_is_a_run(synced: TinyWorkshop) -> None:
    desk = LocalDesk(synced)
    syncs = ServedSyncs.of(synced, desk)
    app = build_app(synced, desk, ServerAddress("http://127.0.0.1:7860", TOKEN, 1), syncs)
    with TestClient(app, base_url="http://127.0.0.1:7860") as web:
        assert web.post("/api/sync", json={}, headers={TOKEN_HEADER: TOKEN}).status_code == 200
        assert "by command" in web.get("/library").text
        assert "frame-ancestors 'none'" in web.get("/library").headers["content-security-policy"]
        assert web.post("/library/sync", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    status = library_status(synced, syncs)
    coming = syncs.schedule.next
    assert coming is not None
    assert status.next_sync == coming.isoformat()
    assert [run.why for run in syncs.runs.listed()] == ["command"]


def test_the_schedule_follows_the_setting(ready: Home) -> None:
    for hours, every in ((0.5, timedelta(minutes=30)), (0, None)):
        set_up(ready, sources=[], sync_every_hours=hours)
        made = workshop(ready)
        assert ServedSyncs.of(made, LocalDesk(made)).schedule.every == every
