"""Files that a serving process works with are damaged or replaced under it."""

import logging
from pathlib import Path

import pytest
from tiny_footnote import QUESTION, TinyWorkshop, write_articles

from index_store.errors import UsageError
from ui.chat.chat_turn import ChatTurns
from ui.chat.conversation_file import ConversationsUnusable
from ui.chat.conversations import Conversations
from ui.home import Home
from ui.library.sync_runs import SyncRun, SyncRuns
from ui.local_desk import LocalDesk
from ui.serving.server_file import serving_process
from ui.workshop_answers import WorkshopAnswers

pytestmark = [pytest.mark.whole, pytest.mark.usefixtures("tiny_catalogue")]
GARBAGE = b"\x00\xff[[[not what it was\n" * 50


def test_damaged_settings_stop_a_sync_in_one_line_and_no_answer(
    served: TinyWorkshop, home: Home, articles: Path
) -> None:
    desk = LocalDesk(served)
    right = home.settings_file.read_bytes()
    home.settings_file.write_bytes(GARBAGE)
    with pytest.raises(UsageError, match=f"settings file {home.settings_file}: not readable"):
        desk.sync((), dry_run=False, on_step=lambda *_: None)
    assert desk.ask(QUESTION).status == "answered"
    assert len(desk.articles()) == 2
    home.settings_file.write_bytes(right)
    write_articles(articles, {"crane.md": "# Crane\n\nA third bird.\n"})
    assert desk.sync((), dry_run=False, on_step=lambda *_: None).added == 1


def test_a_settings_file_that_lists_no_more_sources_by_damage_deletes_nothing(
    served: TinyWorkshop, home: Home
) -> None:
    desk = LocalDesk(served)
    for content in (b"sources = [\n", b"sources = 'starter'\n", GARBAGE):
        home.settings_file.write_bytes(content)
        with pytest.raises(UsageError):
            desk.sync((), dry_run=False, on_step=lambda *_: None)
        assert len(desk.articles()) == 2


def test_a_damaged_file_of_conversations_is_told_and_can_be_moved_away(
    served: TinyWorkshop, home: Home
) -> None:
    kept = Conversations(home.conversations)
    turns = ChatTurns(WorkshopAnswers(served), kept, home.log_file)
    assert turns.ask(kept.start(QUESTION).id, QUESTION).wait(60)
    home.conversations.write_bytes(GARBAGE)
    with pytest.raises(ConversationsUnusable, match="move it away to start anew"):
        kept.start(QUESTION)
    home.conversations.rename(home.root / "damaged.sqlite")
    assert turns.ask(kept.start(QUESTION).id, QUESTION).wait(60)
    assert len(kept.listed()) == 1


def test_a_model_file_that_differs_now_is_not_what_answers(served: TinyWorkshop, home: Home) -> None:
    desk = LocalDesk(served)
    assert desk.ask(QUESTION).status == "answered"
    (home.models / "writer.gguf").write_bytes(GARBAGE)
    # What was loaded is in memory, and it is what the answers name.
    assert desk.ask(QUESTION).model.sha256 == served.catalogue.writer("qwen2.5-coder-1.5b").sha256


def test_damaged_runs_and_a_damaged_server_file_are_as_good_as_none(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    home.root.mkdir(parents=True)
    runs = SyncRuns(home.sync_runs)
    runs.keep(SyncRun("page", "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:01+00:00"))
    home.sync_runs.write_bytes(GARBAGE)
    assert runs.listed() == ()
    home.server_file.write_bytes(GARBAGE)
    with caplog.at_level(logging.ERROR):
        assert serving_process(home.server_file) is None
    assert caplog.text == ""
