"""One answer under way: it waits in line, is made event by event, and may be stopped at any time."""

import threading
from dataclasses import replace

from assistant.answer import Answer
from assistant.events import AnswerFinished, Answers, Turn
from ui.chat.conversations import StoredTurn
from ui.chat.progress import Progress, advance
from ui.waiting_line import Place


class RunningTurn:
    """One answer under way. `turn` and `progress` are replaced whole, so that any thread may read them."""

    def __init__(self, turn: StoredTurn, owner: str = "") -> None:
        self.turn = turn
        self.owner = owner
        self.progress = Progress()
        self._stop = threading.Event()
        self._done = threading.Event()

    @property
    def done(self) -> bool:
        """Whether `turn` holds its answer or its error by now."""
        return self._done.is_set()

    def stop(self) -> None:
        """Ask for an end; what was written is kept."""
        self._stop.set()
        self.progress = replace(self.progress, stopping=True)

    def wait_in(self, place: Place) -> bool:
        """Wait until this question's turn has come; False when it was stopped before."""

        def moved(number: int) -> None:
            first = self.progress.first_number or number
            self.progress = replace(self.progress, stage="waiting", number=number, first_number=first)

        if not place.wait(self._stop.is_set, moved):
            return False
        self.progress = replace(self.progress, stage="reading", number=0)
        return True

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end, at most `timeout` seconds; False when it did not come."""
        return self._done.wait(timeout)

    def answer(self, answers: Answers, history: tuple[Turn, ...]) -> tuple[Answer, bool]:
        """Make the answer, event by event; also tells whether it was stopped on the way."""
        answer: Answer | None = None
        for event in answers.stream(self.turn.question, history=history, stopped=self._stop.is_set):
            moved = advance(self.progress, event)
            self.progress = replace(moved, stopping=self._stop.is_set())
            if isinstance(event, AnswerFinished):
                answer = event.answer
        if answer is None:
            raise RuntimeError("the stream of events ended without an answer")
        return answer, self._stop.is_set()

    def end(self, turn: StoredTurn) -> None:
        """Publish what came of it."""
        self.turn = turn
        self._done.set()
