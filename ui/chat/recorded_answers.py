"""Answers that are recorded: the question, the passages shown, what was answered, the model, how fast."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from time import perf_counter
from typing import Any, Literal

from assistant.answer import Answer, Citation
from assistant.events import AnswerEvent, AnswerFinished, Answers, EvidenceFound, QuestionUnderstood, Turn
from index_store.errors import UsageError
from index_store.passage import ScoredPassage
from ui.record.record import Record

Via = Literal["chat", "command"]
"""Where a question came from. A command's is one also when a serving process answers it."""

Surroundings = Callable[[], Mapping[str, object]]
"""The settings that an answer depends on, as JSON values."""


class RecordedAnswers:
    """Passes on what another makes, and records each question once, whatever becomes of it.

    A question that is refused as wrong usage (empty, too long) was not asked and is not recorded.
    """

    def __init__(
        self, answers: Answers, record: Record, *, via: Via, model: str, surroundings: Surroundings
    ) -> None:
        """`model` is the one that is asked; its name stands where no answer tells of it."""
        self._answers = answers
        self._record = record
        self._via = via
        self._model = model
        self._surroundings = surroundings

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[AnswerEvent]:
        """See assistant.events.Answers."""
        began = perf_counter()
        asked: dict[str, Any] = {
            "via": self._via,
            "question": self._record.words(question),
            "turns_before": len(history),
        }
        shown: tuple[ScoredPassage, ...] = ()
        is_recorded = False

        def record(**outcome: Any) -> None:
            nonlocal is_recorded
            if not is_recorded:
                is_recorded = True
                self._add(asked, outcome, shown, began)

        try:
            for event in self._answers.stream(question, history=history, stopped=stopped):
                match event:
                    case QuestionUnderstood(standalone_question=standalone):
                        asked["standalone_question"] = self._record.words(standalone)
                    case EvidenceFound(passages=passages):
                        shown = passages
                    case AnswerFinished(answer=answer):
                        # Before it is passed on: whoever has the last event need not come back for more.
                        record(stopped=stopped(), **self._outcome(answer, shown))
                yield event
        except UsageError:
            raise
        except Exception as error:
            record(status="failed", error=told(error, self._record))
            raise
        except BaseException:
            record(status="broken_off")
            raise

    def _outcome(self, answer: Answer, shown: Sequence[ScoredPassage]) -> dict[str, Any]:
        return {
            "status": answer.status,
            "answer": self._record.words(answer.text),
            "citations": [_cited(one, shown) for one in answer.citations],
            "model": {"id": answer.model.id, "sha256": answer.model.sha256},
            "first_token_ms": round(answer.timings.first_token_ms),
        }

    def _add(
        self,
        asked: Mapping[str, Any],
        outcome: Mapping[str, Any],
        shown: Sequence[ScoredPassage],
        began: float,
    ) -> None:
        model = {"id": self._model, "sha256": None}
        without: dict[str, Any] = {
            "status": None,
            "stopped": False,
            "answer": None,
            "citations": [],
            "model": model,
        }
        self._record.add(
            "question",
            **asked,
            **{**without, **outcome},
            shown=places_of(shown),
            settings=dict(self._surroundings()),
            took_ms=round(1000 * (perf_counter() - began)),
        )


def told(error: Exception, record: Record) -> str:
    """An error as it is recorded: its words may be a person's, so where those are not kept, its kind."""
    return f"{type(error).__name__}: {error}" if record.keeps_content else type(error).__name__


def places_of(found: Sequence[ScoredPassage]) -> list[dict[str, object]]:
    """Where passages stand: source and path, which name an article, and the span in its clean text."""
    return [
        {
            "source": hit.passage.source,
            "article": hit.passage.article,
            "start": hit.passage.start,
            "end": hit.passage.end,
        }
        for hit in found
    ]


def _cited(citation: Citation, shown: Sequence[ScoredPassage]) -> dict[str, object]:
    """Where a quote stands; its source is that of the passage shown that holds it."""
    holding = (hit.passage for hit in shown if hit.passage.article == citation.article)
    passage = next((one for one in holding if one.start <= citation.start and citation.end <= one.end), None)
    return {
        "number": citation.number,
        "source": passage.source if passage else None,
        "article": citation.article,
        "start": citation.start,
        "end": citation.end,
    }
