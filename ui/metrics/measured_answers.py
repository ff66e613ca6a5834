"""Answers that are counted: what became of each question, and how long it took."""

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

from assistant.events import AnswerEvent, AnswerFinished, Answers, SentenceChecked, TextWritten, Turn
from index_store.errors import UsageError
from ui.metrics.figures import Figures, Outcome


class MeasuredAnswers:
    """Passes on what another makes, and counts each question once, whatever becomes of it.

    A question that is refused as wrong usage (empty, too long) was not asked and does not count.
    """

    def __init__(self, answers: Answers, figures: Figures) -> None:
        self._answers = answers
        self._figures = figures

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[AnswerEvent]:
        """See assistant.events.Answers."""
        began = perf_counter()
        outcome: Outcome | None = None
        is_silent = True
        try:
            for event in self._answers.stream(question, history=history, stopped=stopped):
                match event:
                    case TextWritten(text=text) if is_silent and text.strip():
                        is_silent = False
                        self._figures.first_word(perf_counter() - began)
                    case SentenceChecked() if is_silent:
                        is_silent = False
                        self._figures.first_word(perf_counter() - began)
                    case AnswerFinished(answer=answer) if outcome is None:
                        # Before it is passed on: whoever has the last event need not come back for more.
                        outcome = "stopped" if stopped() else answer.status
                        self._figures.ended(outcome, perf_counter() - began)
                yield event
        except UsageError:
            raise
        except Exception as error:
            if outcome is None:
                self._figures.failed(error)
                self._figures.ended("failed", perf_counter() - began)
            raise
        except BaseException:
            if outcome is None:
                self._figures.ended("broken_off", perf_counter() - began)
            raise
