import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from assistant.answer import Answer
from assistant.errors import ModelMissing, QuestionTooLong
from assistant.evaluation.questions import Question
from assistant.evaluation.run import Outcome, evaluate, result_lines
from assistant.events import AnswerEvent, AnswerFinished, TextWritten, Turn
from index_store.errors import LibraryLocked
from index_store.passage import ScoredPassage

_QUESTIONS = (
    Question("a", "single", "First?"),
    Question("b", "followup", "And then?", history=(("First?", "Yes."),)),
    Question("c", "single", "Last?"),
)


class _Scripted:
    """Answers every question with the same answer, or fails on the questions named."""

    def __init__(self, answer: Answer, failures: Mapping[str, Exception] | None = None) -> None:
        self.answer, self.failures = answer, failures or {}
        self.asked: list[tuple[str, tuple[Turn, ...]]] = []

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[AnswerEvent]:
        self.asked.append((question, tuple(history)))
        yield TextWritten("So")
        if question in self.failures:
            raise self.failures[question]
        yield AnswerFinished(self.answer)


def _nothing(question: str, depth: int) -> Sequence[ScoredPassage]:
    return ()


def test_every_question_is_asked_with_its_history(make_answer: Callable[..., Answer]) -> None:
    answers = _Scripted(make_answer("So it is."))
    outcomes = list(evaluate(_QUESTIONS, answers, _nothing))
    assert [outcome.question.id for outcome in outcomes] == ["a", "b", "c"]
    assert answers.asked == [("First?", ()), ("And then?", (("First?", "Yes."),)), ("Last?", ())]
    assert all(outcome.answer is answers.answer and outcome.error is None for outcome in outcomes)


def test_the_standalone_question_is_searched_for_ten_deep(
    make_answer: Callable[..., Answer], ranked: Callable[..., tuple[ScoredPassage, ...]]
) -> None:
    searched: list[tuple[str, int]] = []
    found = ranked(("x.md", "text"))

    def search(question: str, depth: int) -> Sequence[ScoredPassage]:
        searched.append((question, depth))
        return list(found)

    (outcome,) = evaluate(_QUESTIONS[:1], _Scripted(make_answer()), search)
    assert searched == [("stands alone", 10)]
    assert outcome.ranked == found


def test_a_question_that_fails_is_recorded_and_the_run_goes_on(make_answer: Callable[..., Answer]) -> None:
    failures = {"First?": ModelMissing("No file."), "Last?": QuestionTooLong("Too long.")}
    outcomes = list(evaluate(_QUESTIONS, _Scripted(make_answer(), failures), _nothing))
    assert [outcome.error for outcome in outcomes] == ["No file.", None, "Too long."]
    assert [outcome.answer is None for outcome in outcomes] == [True, False, True]


def test_a_search_that_fails_fails_the_question(make_answer: Callable[..., Answer]) -> None:
    def search(question: str, depth: int) -> Sequence[ScoredPassage]:
        raise LibraryLocked("Locked.")

    outcomes = list(evaluate(_QUESTIONS, _Scripted(make_answer()), search))
    assert [outcome.error for outcome in outcomes] == ["Locked."] * 3
    assert all(outcome.answer is None for outcome in outcomes)


def test_a_stream_without_an_end_is_a_failure() -> None:
    class Silent:
        def stream(
            self, question: str, *, history: Sequence[Turn] = (), stopped: Callable[[], bool] = lambda: False
        ) -> Iterator[AnswerEvent]:
            yield TextWritten("So")

    (outcome,) = evaluate(_QUESTIONS[:1], Silent(), _nothing)
    assert outcome.answer is None
    assert outcome.error is not None


def test_outcomes_come_one_by_one_with_progress(make_answer: Callable[..., Answer]) -> None:
    progress: list[tuple[int, int]] = []
    answers = _Scripted(make_answer())
    outcomes = evaluate(_QUESTIONS, answers, _nothing, lambda done, total: progress.append((done, total)))
    next(outcomes)
    assert len(answers.asked) == 1
    assert progress == [(0, 3), (1, 3)]
    assert len(list(outcomes)) == 2
    assert progress[-1] == (3, 3)


def test_a_result_line_holds_the_id_and_the_answer_as_json(make_answer: Callable[..., Answer]) -> None:
    answer = make_answer("Größer als\nzuvor. [1]", cites=["x.md"])
    (line,) = result_lines([Outcome(_QUESTIONS[0], answer)])
    assert "\n" not in line
    assert "Größer" in line
    assert json.loads(line) == {"id": "a", "answer": json.loads(json.dumps(answer.to_json()))}


def test_a_result_line_of_a_failure_says_why() -> None:
    (line,) = result_lines([Outcome(_QUESTIONS[0], None, error="No file.")])
    assert json.loads(line) == {"id": "a", "answer": None, "error": "No file."}
