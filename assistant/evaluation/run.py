"""Asks every question and keeps what came back, whatever goes wrong on the way."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answer import Answer
from assistant.evaluation.questions import Question
from assistant.events import AnswerFinished, Answers
from index_store.errors import FootnoteError
from index_store.passage import ScoredPassage

SEARCH_DEPTH = 10
"""How many passages each search ranks; the deepest hit measured is hit@10."""

Search = Callable[[str, int], Sequence[ScoredPassage]]
"""Searches the library: question and depth in, ranked passages out, best first."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question.

    `ranked` are the passages that a search with the standalone question finds, best first. After a
    failure `error` says what went wrong, `answer` is None and `ranked` is empty.
    """

    question: Question
    answer: Answer | None
    ranked: tuple[ScoredPassage, ...] = ()
    error: str | None = None


def evaluate(
    questions: Sequence[Question],
    answers: Answers,
    search: Search,
    on_progress: Callable[[int, int], None] = lambda *_: None,
) -> Iterator[Outcome]:
    """Answer the questions one by one, each outcome as soon as it is there.

    A question that fails becomes an outcome with its error, and the run goes on. `on_progress` is told
    how many are done, and how many there are: first (0, total), then after each question.
    """
    on_progress(0, len(questions))
    for done, question in enumerate(questions, start=1):
        outcome = _ask(question, answers, search)
        on_progress(done, len(questions))
        yield outcome


def result_line(outcome: Outcome) -> str:
    """One line of the results file: {"id", "answer"}, and "error" where there is no answer."""
    line: dict[str, object] = {"id": outcome.question.id, "answer": None}
    if outcome.answer is not None:
        line["answer"] = outcome.answer.to_json()
    if outcome.error is not None:
        line["error"] = outcome.error
    return json.dumps(line, ensure_ascii=False)


def result_lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """The lines of the results file, without line ends."""
    return map(result_line, outcomes)


def _ask(question: Question, answers: Answers, search: Search) -> Outcome:
    try:
        answer = _finished(question, answers)
        if answer is None:
            return Outcome(question, None, error="the assistant stopped without an answer; ask it again")
        # What the assistant searched with is what retrieval is measured on, follow-ups above all.
        return Outcome(question, answer, tuple(search(answer.standalone_question, SEARCH_DEPTH)))
    except FootnoteError as error:
        return Outcome(question, None, error=str(error))


def _finished(question: Question, answers: Answers) -> Answer | None:
    answer = None
    for event in answers.stream(question.question, history=question.history):
        if isinstance(event, AnswerFinished):
            answer = event.answer
    return answer
