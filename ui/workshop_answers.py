"""The workshop's assistant as something that answers questions, built when it is first asked."""

from collections.abc import Callable, Iterator, Sequence

from assistant.events import AnswerEvent, Turn
from ui.workshop import Workshop


class WorkshopAnswers:
    """The workshop's assistant, built at the first question, so that the page opens without waiting."""

    def __init__(self, workshop: Workshop, model: str | None = None) -> None:
        """`model` names another one than the setting."""
        self._workshop = workshop
        self._model = model

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[AnswerEvent]:
        """See assistant.events.Answers."""
        return self._workshop.assistant(self._model).stream(question, history=history, stopped=stopped)
