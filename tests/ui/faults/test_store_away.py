"""The Qdrant server is killed and comes back: answers say so meanwhile, and no restart is needed."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from real_parts import QdrantProcess
from tiny_footnote import QUESTION, TOKEN, TinyWorkshop, install_models, set_up, workshop, write_articles

from assistant.events import (
    AnswerEvent,
    Answers,
    EvidenceFound,
    QuestionUnderstood,
    TextWritten,
    Turn,
)
from index_store.errors import LibraryError, LibraryUnreachable
from ui.chat.chat_turn import ChatTurns
from ui.chat.conversations import Conversations
from ui.desk import SyncStep
from ui.home import Home
from ui.local_desk import LocalDesk
from ui.serving.server_file import ServerAddress
from ui.serving.serving import ServedSyncs, build_app
from ui.workshop_answers import WorkshopAnswers

pytestmark = pytest.mark.usefixtures("tiny_catalogue")


@pytest.fixture
def store(qdrant_binary: Path, tmp_path: Path) -> Iterator[QdrantProcess]:
    """A server of the test's own, to be killed."""
    made = QdrantProcess(qdrant_binary, tmp_path / "qdrant")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def served(store: QdrantProcess, home: Home, articles: Path) -> Iterator[TinyWorkshop]:
    install_models(home)
    set_up(home, sources=[str(articles)], qdrant_url=store.url, sync_every_hours=0)
    made = workshop(home)
    LocalDesk(made).sync((), dry_run=False, on_step=lambda *_: None)
    yield made
    made.close()


def test_answers_say_that_it_is_away_and_come_again_when_it_is_back(
    served: TinyWorkshop, store: QdrantProcess, home: Home
) -> None:
    turns = ChatTurns(WorkshopAnswers(served), Conversations(home.conversations), home.log_file)
    conversation = Conversations(home.conversations).start(QUESTION).id

    def ask() -> tuple[str | None, str | None]:
        running = turns.ask(conversation, QUESTION)
        assert running.wait(60)
        return running.turn.answer and running.turn.answer.status, running.turn.error

    assert ask() == ("answered", None)
    store.stop()
    status, error = ask()
    assert status is None
    assert error is not None
    assert "the Qdrant server failed" in error
    assert "check that it runs, then try again" in error
    assert "\n" not in error
    store.start()
    assert ask() == ("answered", None)
    # Nothing that was asked is lost, and the refused question can be tried again.
    assert [turn.error is None for turn in turns.shown(conversation)] == [True, False, True]


def test_a_sync_meanwhile_fails_in_one_line_and_the_next_one_makes_up_for_it(
    served: TinyWorkshop, store: QdrantProcess, articles: Path
) -> None:
    desk = LocalDesk(served)
    write_articles(articles, {"crane.md": "# Crane\n\nA third bird.\n"})
    store.stop()
    with pytest.raises(LibraryUnreachable):
        desk.sync((), dry_run=False, on_step=lambda *_: None)
    store.start()
    assert desk.sync((), dry_run=False, on_step=lambda *_: None).added == 1
    assert {row.path for row in desk.articles()} == {"crane.md", "heron.md", "stork.md"}


class StoreKilledUnderWay:
    """Answers as Footnote does, and kills the store once the first event of a kind has come."""

    def __init__(self, answers: Answers, store: QdrantProcess, at: type[AnswerEvent]) -> None:
        self._answers = answers
        self._store = store
        self._at: type[AnswerEvent] | None = at

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[AnswerEvent]:
        for event in self._answers.stream(question, history=history, stopped=stopped):
            yield event
            if self._at is not None and isinstance(event, self._at):
                self._at = None
                self._store.stop()


@pytest.mark.parametrize("at", [QuestionUnderstood, EvidenceFound, TextWritten])
def test_killed_in_mid_answer_the_turn_ends_with_its_answer_or_a_line_that_says_why(
    served: TinyWorkshop, store: QdrantProcess, home: Home, at: type[AnswerEvent]
) -> None:
    kept = Conversations(home.conversations)
    answers = StoreKilledUnderWay(WorkshopAnswers(served), store, at)
    turns = ChatTurns(answers, kept, home.log_file)
    conversation = kept.start(QUESTION).id
    first = turns.ask(conversation, QUESTION)
    assert first.wait(60)
    if first.turn.answer is None:
        assert first.turn.error is not None
        assert "the Qdrant server failed" in first.turn.error
        assert "\n" not in first.turn.error
    else:
        # What was found before needs the store no more.
        assert at is not QuestionUnderstood
        assert first.turn.answer.status == "answered"
    store.start()
    again = turns.ask(conversation, QUESTION)
    assert again.wait(60)
    assert again.turn.answer is not None
    assert again.turn.answer.status == "answered"
    assert len(kept.turns(conversation)) == 2


@pytest.mark.parametrize("after", [1, 4])
def test_killed_within_a_sync_it_is_told_and_the_next_one_makes_the_library_whole(
    served: TinyWorkshop, store: QdrantProcess, articles: Path, after: int
) -> None:
    desk = LocalDesk(served)
    names = [f"bird-{number}.md" for number in range(8)]
    write_articles(articles, {name: f"# {name}\n\nIt weighs {len(name)} kg.\n" for name in names})
    (articles / "stork.md").unlink()
    written: list[str | None] = []

    def on_step(step: SyncStep, *_: int) -> None:
        if step.action == "add":
            written.append(step.path)
            if len(written) == after:
                store.stop()

    told: list[str] = []
    try:
        told += [step.why or "" for step in desk.sync((), dry_run=False, on_step=on_step).failed]
    except LibraryError as error:
        told.append(str(error))
    assert len(written) >= after
    assert told
    assert all("\n" not in line for line in told)
    store.start()
    summary = desk.sync((), dry_run=False, on_step=lambda *_: None)
    assert summary.failed == ()
    rows = desk.articles()
    assert {row.path for row in rows} == {"heron.md", *names}
    for row in rows:
        assert row.passages == len(served.library.store.passages(row.key)) > 0
    assert desk.ask(QUESTION).status == "answered"
    # There is nothing left to do, and nothing twice.
    assert desk.sync((), dry_run=False, on_step=lambda *_: None).kept == len(rows)


def test_supervisors_see_it_and_the_page_stays(
    served: TinyWorkshop, store: QdrantProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = LocalDesk(served)
    syncs = ServedSyncs.of(served, desk)
    # The list of articles may be some seconds old.
    monkeypatch.setattr("ui.library.article_list.KEPT_SECONDS", 0.0)
    app = build_app(served, desk, ServerAddress("http://127.0.0.1:7860", TOKEN, 1), syncs)
    with TestClient(app, base_url="http://127.0.0.1:7860", client=("127.0.0.1", 1)) as web:

        def library_up() -> float:
            families = text_string_to_metric_families(web.get("/metrics").text)
            values = {sample.name: sample.value for one in families for sample in one.samples}
            return values["footnote_library_up"]

        assert (web.get("/readyz").status_code, library_up()) == (200, 1)
        store.stop()
        assert web.get("/readyz").json() == {"status": "not ready", "lacking": ["library"]}
        assert (web.get("/healthz").status_code, web.get("/").status_code, library_up()) == (200, 200, 0)
        store.start()
        assert (web.get("/readyz").status_code, library_up()) == (200, 1)
