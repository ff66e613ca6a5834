"""What one person asks is not another's to see, to stop, to judge or to delete."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import sleep

import gradio as gr
import pytest
from chat_samples import answer, visible_text
from door_steps import Clock

from assistant.events import AnswerEvent, AnswerFinished, Turn
from ui.accounts.person import Person, Role
from ui.accounts.request_limits import QuestionLimits
from ui.chat.chat_actions import ChatActions
from ui.chat.chat_parts import ChatParts
from ui.chat.chat_turn import ChatTurns
from ui.chat.chat_views import View
from ui.chat.conversation_file import SCHEMA_VERSION, ConversationsUnusable
from ui.chat.conversations import Conversations
from ui.chat.demo_answers import DemoAnswers
from ui.chat.demo_page import demo_parts

ADA, RITA = Person("id-ada", "ada", Role.ADMIN), Person("id-rita", "rita", Role.READER)
QUESTION = "What do we gain by moving from Alder 2 to Alder 3?"


class House:
    """One page, and what each person may do on it."""

    def __init__(self, parts: ChatParts, limits: QuestionLimits | None = None) -> None:
        self.parts = parts
        self.turns = ChatTurns(parts.answers, parts.conversations, parts.log_file, limits=limits)

    def of(self, person: Person) -> ChatActions:
        parts = self.parts.of(person)
        return ChatActions(parts, self.turns.of(person.id, parts.answers, parts.conversations))

    def asked(self, person: Person, conversation: str = "") -> View:
        _, *view = self.of(person).ask(QUESTION, conversation)
        return View(*view)

    def answered(self, person: Person) -> tuple[str, str]:
        """The ids of a conversation and of its answered turn."""
        # It may have been answered before anyone looks.
        conversation = self.asked(person).conversation
        kept = self.parts.conversations.of(person.id)
        running = self.turns.of(person.id, self.parts.answers, kept).running(conversation)
        assert running is None or running.wait(60)
        return conversation, kept.turns(conversation)[-1].id


class HeldAnswers:
    """Answers that come when they are stopped."""

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[AnswerEvent]:
        while not stopped():
            sleep(0.005)
        yield AnswerFinished(answer())


def event(**sent: object) -> gr.EventData:
    return gr.EventData(None, sent)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(demo_parts(tmp_path, pause=0))
    yield made
    made.turns.close()


def test_each_one_sees_their_own_in_the_sidebar_and_who_they_are(house: House) -> None:
    house.answered(ADA)
    assert "Alder" in View(*house.of(ADA).load("")).sidebar
    rita = visible_text(View(*house.of(RITA).load("")).sidebar)
    assert "Alder" not in rita
    assert "rita" in rita
    assert "Log out" in rita
    proxied = View(*house.of(replace(RITA, is_named_by_proxy=True)).load("")).sidebar
    assert "rita" in proxied
    assert "Log out" not in proxied
    local = visible_text(View(*ChatActions(house.parts, house.turns).load("")).sidebar)
    assert "Alder" not in local
    assert "Log out" not in local


def test_anothers_conversation_is_as_if_it_were_not_there(house: House) -> None:
    conversation, turn = house.answered(ADA)
    own = View(*house.of(ADA).load(conversation))
    assert QUESTION in visible_text(own.latest)
    rita = house.of(RITA)
    assert rita.load(conversation) == rita.load("")
    assert rita.open(event(conversation=conversation)) == rita.open(event(conversation=""))
    assert rita.source({"turn": turn, "number": 1}) == rita.source({"turn": "none", "number": 1})
    assert house.of(ADA).source({"turn": turn, "number": 1}) != rita.source({"turn": "none", "number": 1})
    assert house.of(ADA).copy_text({"turn": turn}) != ""
    assert rita.copy_text({"turn": turn}) == ""


def test_anothers_conversation_can_be_changed_by_nothing(house: House) -> None:
    conversation, turn = house.answered(ADA)
    kept = house.parts.conversations.of(ADA.id)
    before = kept.find(conversation), kept.turns(conversation)
    rita = house.of(RITA)
    rita.rename(event(conversation=conversation, title="Mine"), "")
    rita.remove(event(conversation=conversation), "")
    rita.discard({"conversation": conversation})
    rita.judge({"turn": turn, "verdict": "down", "word": "bad"})
    rita.retry(event(turn=turn), conversation)
    assert (kept.find(conversation), kept.turns(conversation)) == before
    with pytest.raises(ConversationsUnusable):
        house.parts.conversations.of(RITA.id).ask(conversation, "Mine?")
    assert kept.turns(conversation) == before[1]


def test_a_question_in_anothers_conversation_begins_one_of_ones_own(house: House) -> None:
    conversation, _ = house.answered(ADA)
    view = house.asked(RITA, conversation)
    assert view.conversation not in ("", conversation)
    assert len(house.parts.conversations.of(ADA.id).turns(conversation)) == 1


def test_an_answer_under_way_is_neither_seen_nor_stopped_by_another(tmp_path: Path) -> None:
    house = House(replace(demo_parts(tmp_path), answers=HeldAnswers()))
    view = house.asked(ADA)
    turn = view.following.partition(":")[0]
    house.of(RITA).stop(view.conversation)
    house.of(RITA).discard({"conversation": view.conversation})
    mine = house.turns.of(ADA.id, house.parts.answers, house.parts.conversations.of(ADA.id))
    theirs = house.turns.of(RITA.id, house.parts.answers, house.parts.conversations.of(RITA.id))
    running = mine.find(turn)
    assert running is not None
    assert not running.progress.stopping
    assert theirs.find(turn) is None
    assert theirs.running(view.conversation) is None
    house.of(ADA).stop(view.conversation)
    assert running.wait(60)
    house.turns.close()


def test_what_is_asked_is_recorded_under_the_name_of_who_asks(house: House) -> None:
    names: list[str] = []

    def answers_for(name: str) -> DemoAnswers:
        names.append(name)
        return DemoAnswers(pause=0)

    told = House(replace(house.parts, answers_for=answers_for))
    told.answered(RITA)
    assert set(names) == {"rita"}
    assert told.parts.of(Person("", None, Role.ADMIN)).answers is told.parts.answers


def test_too_many_questions_at_once_are_a_line_on_the_page_and_leave_no_empty_conversation(
    tmp_path: Path,
) -> None:
    limits = QuestionLimits(at_once=1, per_minute=3, clock=Clock())
    house = House(replace(demo_parts(tmp_path), answers=HeldAnswers()), limits)
    first = house.asked(RITA)
    box, *rest = house.of(RITA).ask(QUESTION, "")
    refused = View(*rest)
    assert isinstance(box, dict)
    assert "1 of your questions is being answered" in visible_text(refused.latest)
    assert refused.announcer
    assert len(house.parts.conversations.of(RITA.id).listed()) == 1
    # Others are not held up.
    assert house.asked(ADA).following
    house.of(RITA).stop(first.conversation)
    house.turns.close()


def test_too_many_questions_in_a_minute_stay_in_their_conversation(tmp_path: Path) -> None:
    house = House(demo_parts(tmp_path, pause=0), QuestionLimits(at_once=0, per_minute=1, clock=Clock()))
    conversation, turn = house.answered(RITA)
    view = house.asked(RITA, conversation)
    assert view.conversation == conversation
    assert QUESTION in visible_text(view.latest)
    assert "again in 60 seconds" in visible_text(view.latest)
    again = View(*house.of(RITA).retry(event(turn=turn), conversation))
    assert "again in 60 seconds" in visible_text(again.latest)
    house.turns.close()


# ---- what was kept before there were accounts ---------------------------------------------------------

_FIRST_SCHEMA = """
CREATE TABLE conversations (id TEXT PRIMARY KEY, title TEXT NOT NULL, created TEXT NOT NULL,
 updated TEXT NOT NULL);
CREATE TABLE turns (id TEXT PRIMARY KEY,
 conversation TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
 position INTEGER NOT NULL, question TEXT NOT NULL, standalone_question TEXT, answer TEXT,
 stopped INTEGER NOT NULL DEFAULT 0, error TEXT, replaces TEXT, verdict TEXT, word TEXT, asked TEXT NOT NULL,
 finished TEXT);
CREATE INDEX turns_of_conversation ON turns (conversation, position);
CREATE INDEX conversations_by_time ON conversations (updated);
INSERT INTO conversations VALUES ('c1', 'On rain', '2026-01-01', '2026-01-01');
INSERT INTO turns (id, conversation, position, question, asked) VALUES ('t1', 'c1', 1, 'Rain?', '2026-01-01');
PRAGMA user_version = 1;
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "conversations.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(_FIRST_SCHEMA)
    return path


def test_earlier_conversations_belong_to_the_user_of_this_machine(old: Path) -> None:
    kept = Conversations(old)
    assert [one.title for one in kept.listed()] == ["On rain"]
    assert [one.question for one in kept.turns("c1")] == ["Rain?"]
    assert kept.of(ADA.id).listed() == ()
    with closing(sqlite3.connect(old)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    # Another process finds it done.
    assert len(Conversations(old).listed()) == 1


def test_they_can_be_handed_over_and_all_of_one_owner_deleted(old: Path) -> None:
    kept = Conversations(old)
    assert kept.hand_over(ADA.id) == 1
    assert kept.listed() == ()
    own = kept.of(ADA.id)
    asked = own.ask("c1", "And snow?")
    own.finish(asked.id, answer())
    kept.of(RITA.id).start("Hail?")
    assert own.delete_all() == 1
    assert own.turn(asked.id) is None
    assert len(kept.of(RITA.id).listed()) == 1
