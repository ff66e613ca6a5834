"""The workshop's assistant as something that answers questions, built when it is first asked."""

from collections.abc import Callable, Iterator, Sequence

from assistant.events import AnswerEvent, Turn
from assistant.finding.question import checked_question
from index_store.errors import RunError
from ui.empty_library import empty_library
from ui.settings.in_force import load_settings
from ui.workshop import Workshop


class WorkshopAnswers:
    """The workshop's assistant, built at the first question, so that the page opens without waiting."""

    def __init__(self, workshop: Workshop, model: str | None = None, *, needs_articles: bool = False) -> None:
        """`model` names another one than the setting.

        With `needs_articles`, an empty library is an error, told before seconds go into loading the model.
        """
        self._workshop = workshop
        self._model = model
        self._needs_articles = needs_articles

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[AnswerEvent]:
        """See assistant.events.Answers."""
        assistant = self._workshop.assistant(self._model)
        if self._needs_articles:
            checked_question(question)
            self._refuse_empty_library()
        return assistant.stream(question, history=history, stopped=stopped)

    def _refuse_empty_library(self) -> None:
        # Of a folder of their own, people are told as it is synced.
        library = self._workshop.library
        if self._workshop.folder is None and not library.store.count() and not library.articles():
            raise RunError(empty_library(load_settings(self._workshop.home.settings_file).sources))
