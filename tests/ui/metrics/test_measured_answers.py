from collections.abc import Callable, Iterator, Sequence

import pytest
from chat_samples import answer, sentence

from assistant.events import (
    AnswerEvent,
    AnswerFinished,
    QuestionUnderstood,
    SentenceChecked,
    TextWritten,
    Turn,
)
from index_store.errors import LibraryUnreachable, UsageError
from ui.metrics.figures import Figures
from ui.metrics.measured_answers import MeasuredAnswers


class Scripted:
    """Gives its events, and raises an exception among them."""

    def __init__(self, *script: AnswerEvent | Exception) -> None:
        self.script = script

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[AnswerEvent]:
        for step in self.script:
            if isinstance(step, Exception):
                raise step
            yield step


class Counted:
    """What is counted of a script."""

    def __init__(self, *script: AnswerEvent | Exception) -> None:
        self.figures = Figures()
        self.answers = MeasuredAnswers(Scripted(*script), self.figures)

    def value(self, name: str, **labels: str) -> float:
        return self.figures.registry.get_sample_value(name, labels) or 0.0

    def status(self, status: str) -> float:
        return self.value("footnote_questions_total", status=status)


@pytest.mark.parametrize("status", ["answered", "partly", "not_in_library"])
def test_a_question_counts_by_the_status_of_its_answer(status: str) -> None:
    counted = Counted(TextWritten("It"), AnswerFinished(answer(status=status)))
    assert len(list(counted.answers.stream("q"))) == 2
    assert counted.status(status) == 1
    assert counted.value("footnote_answer_seconds_count") == 1


def test_the_first_word_counts_once_and_blanks_are_none() -> None:
    counted = Counted(
        QuestionUnderstood("q"),
        TextWritten(" "),
        TextWritten("It"),
        TextWritten(" is"),
        AnswerFinished(answer()),
    )
    events = counted.answers.stream("q")
    for _ in range(2):
        next(events)
    assert counted.value("footnote_first_word_seconds_count") == 0
    list(events)
    assert counted.value("footnote_first_word_seconds_count") == 1


def test_a_quoted_sentence_is_a_first_word_too() -> None:
    counted = Counted(SentenceChecked(sentence("It is."), ()), AnswerFinished(answer()))
    list(counted.answers.stream("q"))
    assert counted.value("footnote_first_word_seconds_count") == 1


def test_what_was_stopped_is_no_answer() -> None:
    counted = Counted(TextWritten("It"), AnswerFinished(answer()))
    list(counted.answers.stream("q", stopped=lambda: True))
    assert (counted.status("stopped"), counted.status("answered")) == (1, 0)


@pytest.mark.parametrize(
    ("error", "kind"), [(LibraryUnreachable("gone"), "LibraryUnreachable"), (KeyError("x"), "unexpected")]
)
def test_a_failure_counts_with_its_kind(error: Exception, kind: str) -> None:
    counted = Counted(TextWritten("It"), error)
    with pytest.raises(type(error)):
        list(counted.answers.stream("q"))
    assert counted.status("failed") == 1
    assert counted.value("footnote_errors_total", kind=kind) == 1


def test_a_question_refused_as_wrong_usage_does_not_count() -> None:
    counted = Counted(UsageError("the question is empty"))
    with pytest.raises(UsageError):
        list(counted.answers.stream(""))
    assert counted.status("failed") == 0


def test_an_answer_that_nobody_takes_to_its_end_counts_as_broken_off() -> None:
    counted = Counted(TextWritten("It"), AnswerFinished(answer()))
    events = counted.answers.stream("q")
    next(events)
    del events
    assert counted.status("broken_off") == 1


def test_what_comes_after_the_answer_changes_nothing() -> None:
    counted = Counted(AnswerFinished(answer()))
    events = counted.answers.stream("q")
    next(events)
    del events
    assert (counted.status("answered"), counted.status("broken_off")) == (1, 0)


def test_two_registries_share_nothing() -> None:
    one, two = Counted(AnswerFinished(answer())), Counted(AnswerFinished(answer()))
    list(one.answers.stream("q"))
    assert (one.status("answered"), two.status("answered")) == (1, 0)
