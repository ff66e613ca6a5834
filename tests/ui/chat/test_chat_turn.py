import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic

import pytest
from chat_samples import answer
from tiny_footnote import wait_until

from assistant.answer import Answer
from assistant.events import (
    AnswerEvent,
    AnswerFinished,
    TextWritten,
    Turn,
)
from index_store.errors import RunError
from ui.chat.chat_turn import INTERRUPTED, STOPPED_WAITING, ChatTurns, StillAnswering
from ui.chat.conversations import Conversations
from ui.chat.running_turn import RunningTurn
from ui.waiting_line import WaitingLine


class ScriptedAnswers:
    """Answers with given events; an exception among them is raised, a callable called."""

    def __init__(self, *script: AnswerEvent | Exception | Callable[[], object]) -> None:
        self.script = script
        self.history: Sequence[Turn] = ()
        self.stopped: Callable[[], bool] = lambda: False

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[AnswerEvent]:
        self.history, self.stopped = history, stopped
        for step in self.script:
            if isinstance(step, Exception):
                raise step
            if callable(step):
                step()
            else:
                yield step


@pytest.fixture
def kept(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "conversations.sqlite")


def turns_with(kept: Conversations, answers: ScriptedAnswers) -> ChatTurns:
    return ChatTurns(answers, kept, Path("footnote.log"))


def test_an_answer_is_stored_when_it_is_finished(kept: Conversations) -> None:
    conversation = kept.start("q").id
    turns = turns_with(kept, ScriptedAnswers(TextWritten("It rained."), AnswerFinished(answer())))
    running = turns.ask(conversation, "How long?")
    assert running.wait(60)
    assert running.turn.answer == answer()
    (stored,) = kept.turns(conversation)
    assert stored.answer == answer()
    assert turns.running(conversation) is None


def test_a_failure_is_kept_as_its_one_line(kept: Conversations) -> None:
    conversation = kept.start("q").id
    turns = turns_with(kept, ScriptedAnswers(RunError("model 'x' is missing: fetch it")))
    running = turns.ask(conversation, "q")
    assert running.wait(60)
    assert running.turn.error == "model 'x' is missing: fetch it"
    assert kept.turns(conversation)[0].error == "model 'x' is missing: fetch it"


def test_an_unexpected_failure_names_the_log_and_is_logged(
    kept: Conversations, caplog: pytest.LogCaptureFixture
) -> None:
    turns = turns_with(kept, ScriptedAnswers(KeyError("secret detail")))
    with caplog.at_level(logging.ERROR):
        running = turns.ask(kept.start("q").id, "q")
        assert running.wait(60)
    assert running.turn.error == "Something went wrong; details in the log: footnote.log"
    assert "secret detail" in caplog.text


def test_events_that_end_without_an_answer_are_a_failure(
    kept: Conversations, caplog: pytest.LogCaptureFixture
) -> None:
    running = turns_with(kept, ScriptedAnswers(TextWritten("It"))).ask(kept.start("q").id, "q")
    assert running.wait(60)
    assert running.turn.error is not None


def test_stopping_reaches_the_assistant_and_keeps_what_was_written(kept: Conversations) -> None:
    conversation = kept.start("q").id
    started, go_on = threading.Event(), threading.Event()
    answers = ScriptedAnswers(started.set, lambda: go_on.wait(60), AnswerFinished(answer()))
    turns = turns_with(kept, answers)
    running = turns.ask(conversation, "q")
    assert started.wait(60)
    assert not answers.stopped()
    turns.stop(conversation)
    assert answers.stopped()
    assert running.progress.stopping
    go_on.set()
    assert running.wait(60)
    (stored,) = kept.turns(conversation)
    assert stored.stopped
    assert stored.answer == answer()


def test_a_conversation_answers_one_question_at_a_time_and_others_go_on(kept: Conversations) -> None:
    first, second = kept.start("q").id, kept.start("q").id
    go_on = threading.Event()
    turns = turns_with(kept, ScriptedAnswers(lambda: go_on.wait(60), AnswerFinished(answer())))
    one = turns.ask(first, "q")
    with pytest.raises(StillAnswering, match="wait, or stop it"):
        turns.ask(first, "another")
    two = turns.ask(second, "q")
    assert turns.running(first) is one
    assert turns.running(second) is two
    assert turns.find(two.turn.id) is two
    go_on.set()
    assert one.wait(60)
    assert two.wait(60)
    assert len(kept.turns(first)) == 1


def test_the_assistant_hears_of_earlier_turns_but_not_of_the_one_it_tries_again(kept: Conversations) -> None:
    conversation = kept.start("q").id
    for question in ("first", "second"):
        kept.finish(kept.ask(conversation, question).id, answer())
    last = kept.turns(conversation)[-1]
    answers = ScriptedAnswers(AnswerFinished(answer()))
    assert turns_with(kept, answers).ask(conversation, "second", replaces=last.id).wait(60)
    assert answers.history == (("first", "It rained for six hours."),)


def test_what_a_dead_server_left_behind_is_shown_as_interrupted(kept: Conversations) -> None:
    conversation = kept.start("q").id
    kept.ask(conversation, "q")
    (shown,) = turns_with(kept, ScriptedAnswers()).shown(conversation)
    assert shown.error == INTERRUPTED


def test_a_try_that_failed_leaves_the_earlier_answer_in_sight(kept: Conversations) -> None:
    conversation = kept.start("q").id
    first = kept.ask(conversation, "q")
    kept.finish(first.id, answer())
    turns = turns_with(kept, ScriptedAnswers(RunError("no")))
    again = turns.ask(conversation, "q", replaces=first.id)
    assert again.wait(60)
    assert [one.id for one in turns.shown(conversation)] == [first.id, again.turn.id]


def test_while_a_question_is_tried_again_the_earlier_answer_is_out_of_sight(kept: Conversations) -> None:
    conversation = kept.start("q").id
    first = kept.ask(conversation, "q")
    kept.finish(first.id, answer())
    go_on = threading.Event()
    turns = turns_with(kept, ScriptedAnswers(lambda: go_on.wait(60), AnswerFinished(answer())))
    again = turns.ask(conversation, "q", replaces=first.id)
    assert [one.id for one in turns.shown(conversation)] == [again.turn.id]
    go_on.set()
    assert again.wait(60)


def test_closing_stops_every_answer_and_waits_for_it(kept: Conversations) -> None:
    conversation = kept.start("q").id
    answers = ScriptedAnswers()
    ended: list[Answer] = []

    def until_stopped() -> None:
        while not answers.stopped():
            threading.Event().wait(0.01)
        ended.append(answer())

    answers.script = (TextWritten("It"), until_stopped, AnswerFinished(answer()))
    turns = turns_with(kept, answers)
    turns.ask(conversation, "q")
    turns.close()
    assert ended
    assert kept.turns(conversation)[0].stopped


def held_up(kept: Conversations, *, at_once: int = 1, longest: int = 9) -> tuple[ChatTurns, threading.Event]:
    """Turns whose answers all end when the event is set."""
    go_on = threading.Event()
    answers = ScriptedAnswers(lambda: go_on.wait(60), AnswerFinished(answer()))
    line = WaitingLine(at_once=at_once, longest=longest)
    return ChatTurns(answers, kept, Path("footnote.log"), line), go_on


def numbers(*turns: RunningTurn) -> list[int]:
    return [turn.progress.number for turn in turns]


def test_who_has_to_wait_sees_the_number_in_line_and_is_answered_in_turn(kept: Conversations) -> None:
    turns, go_on = held_up(kept)
    first, second, third = (turns.ask(kept.start("q").id, "q") for _ in range(3))
    wait_until(lambda: numbers(first, second, third) == [0, 1, 2])
    assert (first.progress.stage, third.progress.stage) == ("reading", "waiting")
    go_on.set()
    assert all(turn.wait(60) for turn in (first, second, third))
    assert third.turn.answer == answer()
    assert (third.progress.stage, numbers(third), third.progress.first_number) == ("reading", [0], 2)


def test_a_persons_second_question_waits_behind_anothers_first(kept: Conversations) -> None:
    turns, go_on = held_up(kept)
    ann = [turns.ask(kept.start("q").id, "q", person="ann") for _ in range(2)]
    bob = turns.ask(kept.start("q").id, "q", person="bob")
    wait_until(lambda: numbers(*ann, bob) == [0, 2, 1])
    go_on.set()
    assert all(turn.wait(60) for turn in (*ann, bob))


def test_where_too_many_wait_the_question_is_kept_and_can_be_tried_again(kept: Conversations) -> None:
    turns, go_on = held_up(kept, longest=1)
    first, second = (turns.ask(kept.start("q").id, "q") for _ in range(2))
    conversation = kept.start("too many").id
    refused = turns.ask(conversation, "too many")
    assert refused.done
    assert refused.turn.error == "1 questions are waiting already; ask again in a few minutes"
    assert turns.running(conversation) is None
    assert turns.shown(conversation)[0].error == refused.turn.error
    go_on.set()
    assert first.wait(60)
    assert second.wait(60)
    again = turns.ask(conversation, "too many", replaces=refused.turn.id)
    assert again.wait(60)
    (shown,) = turns.shown(conversation)
    assert shown.answer == answer()


def test_who_stops_while_waiting_leaves_the_line_and_is_told_so(kept: Conversations) -> None:
    turns, go_on = held_up(kept)
    conversations = [kept.start("q").id for _ in range(3)]
    first, second, third = (turns.ask(conversation, "q") for conversation in conversations)
    wait_until(lambda: numbers(third) == [2])
    turns.stop(conversations[1])
    assert second.wait(60)
    assert second.turn.error == STOPPED_WAITING
    assert kept.turns(conversations[1])[0].error == STOPPED_WAITING
    wait_until(lambda: numbers(third) == [1])
    go_on.set()
    assert first.wait(60)
    assert third.wait(60)


def test_an_answer_that_fails_gives_its_place_to_the_next(
    kept: Conversations, caplog: pytest.LogCaptureFixture
) -> None:
    answers = ScriptedAnswers(KeyError("x"))
    turns = ChatTurns(answers, kept, Path("footnote.log"), WaitingLine(at_once=1))
    assert all(turns.ask(kept.start("q").id, "q").wait(60) for _ in range(3))


def test_without_a_thread_to_spare_the_place_is_free_again(
    kept: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = ChatTurns(ScriptedAnswers(AnswerFinished(answer())), kept, Path("x"), WaitingLine(at_once=1))
    conversation = kept.start("q").id
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", no_thread)
        refused = turns.ask(conversation, "q")
    assert refused.done
    assert "can't start new thread" in str(refused.turn.error)
    assert turns.ask(conversation, "q").wait(60)


def no_thread(_: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def test_closing_ends_those_who_wait_too_and_takes_no_longer_than_it_may(kept: Conversations) -> None:
    turns, go_on = held_up(kept)
    conversations = [kept.start("q").id for _ in range(8)]
    running = [turns.ask(conversation, "q") for conversation in conversations]
    began = monotonic()
    turns.close(timeout=0.5)
    assert monotonic() - began < 3
    assert all(turn.wait(60) for turn in running[1:])
    assert {kept.turns(one)[0].error for one in conversations[1:]} == {STOPPED_WAITING}
    go_on.set()
    assert running[0].wait(60)
