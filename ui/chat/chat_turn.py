"""Running turns: each answer is made in its own thread, so that it outlives a closed or reloaded page."""

import logging
import threading
from copy import copy
from dataclasses import replace
from pathlib import Path
from time import monotonic

from assistant.events import Answers, Turn
from index_store.errors import FootnoteError, UsageError
from ui.accounts.request_limits import QuestionLimits
from ui.chat.conversations import Conversations, StoredTurn
from ui.chat.running_turn import RunningTurn
from ui.chat.turn_history import history_of
from ui.chat.unkept_answers import UnkeptAnswers
from ui.waiting_line import LineFull, Place, WaitingLine

INTERRUPTED = "This answer was interrupted before it was finished: ask again"
STOPPED_WAITING = "Stopped before its turn came: ask again"

_logger = logging.getLogger(__name__)


class StillAnswering(UsageError):
    """A conversation has one answer under way at most."""


class ChatTurns:
    """Starts, finds and stops the turns of one owner's conversations, and stores what comes of them."""

    def __init__(
        self,
        answers: Answers,
        conversations: Conversations,
        log_file: Path,
        line: WaitingLine | None = None,
        *,
        limits: QuestionLimits | None = None,
    ) -> None:
        """Those of the user of this machine; `limits` are for everybody else.

        `line` is where questions wait for their turn; without, it has one of its own.
        """
        self._answers = answers
        self._conversations = conversations
        self._unkept = UnkeptAnswers()
        self._log_file = log_file
        self._line = line or WaitingLine()
        self._limits = limits
        self._owner = ""
        self._lock = threading.Lock()
        self._running: dict[str, RunningTurn] = {}

    def of(self, owner: str, answers: Answers, conversations: Conversations) -> "ChatTurns":
        """Those of another owner, whose conversations these are; what runs is known to both."""
        others = copy(self)
        others._owner, others._answers, others._conversations = owner, answers, conversations
        return others

    def ask(
        self, conversation: str, question: str, *, replaces: str | None = None, person: str | None = None
    ) -> RunningTurn:
        """Start to answer, or to wait for that; returns at once. Raises StillAnswering when this one is busy.

        `person` asks, whose further questions wait behind others'; by default it is the owner, and of the
        user of this machine each conversation. Where too many wait already, the turn ends with that as its
        error.
        Raises TooMuch when this owner has asked more than one may.
        """
        with self._lock:
            if self._of(conversation):
                raise StillAnswering("this conversation is still being answered: wait, or stop it")
            if self._limits is not None:
                mine = sum(one.owner == self._owner for one in self._running.values())
                self._limits.take(self._owner, running=mine)
            stored = self._unkept.filled_in(self._conversations.turns(conversation))
            earlier = [turn for turn in stored if turn.id != replaces]
            asked = self._conversations.ask(conversation, question, replaces=replaces)
            running = RunningTurn(asked, self._owner)
            try:
                # Here and not in the thread: who came first stands first.
                place = self._line.enter(person or self._owner or conversation)
            except LineFull as error:
                running.end(self._failed(running.turn, str(error)))
                return running
            self._running[running.turn.id] = running
        thread = threading.Thread(
            target=self._answer,
            args=(running, history_of(earlier), place),
            name=f"turn-{running.turn.id}",
            daemon=True,
        )
        try:
            thread.start()
        except RuntimeError as error:
            self._give_up(running, place, f"No thread for this answer ({error}): ask again in a few minutes")
        return running

    def running(self, conversation: str) -> RunningTurn | None:
        """The turn that is under way in a conversation."""
        with self._lock:
            return self._of(conversation)

    def find(self, turn: str) -> RunningTurn | None:
        """A turn that is under way, by its id."""
        with self._lock:
            running = self._running.get(turn)
        return running if running is not None and running.owner == self._owner else None

    def shown(self, conversation: str) -> tuple[StoredTurn, ...]:
        """The turns to show, oldest first: without those that were tried again, interrupted ones marked."""
        self._unkept.try_again()
        stored = self._unkept.filled_in(self._conversations.turns(conversation))
        with self._lock:
            running = set(self._running)
        replaced = {turn.replaces for turn in stored if turn.answer or turn.id in running}
        return tuple(
            replace(turn, error=INTERRUPTED)
            if not (turn.answer or turn.error or turn.id in running)
            else turn
            for turn in stored
            if turn.id not in replaced
        )

    def stop(self, conversation: str) -> None:
        """Stop what is under way in a conversation, if anything is."""
        running = self.running(conversation)
        if running:
            running.stop()

    def close(self, timeout: float = 5.0) -> None:
        """Stop everything, whoever asked it; wait `timeout` seconds at most, until the turns are stored."""
        with self._lock:
            running = tuple(self._running.values())
        for turn in running:
            turn.stop()
        end = monotonic() + timeout
        for turn in running:
            turn.wait(max(0.0, end - monotonic()))
        self._unkept.try_again()

    def _of(self, conversation: str) -> RunningTurn | None:
        return next(
            (
                one
                for one in self._running.values()
                if one.turn.conversation == conversation and one.owner == self._owner
            ),
            None,
        )

    def _answer(self, running: RunningTurn, history: tuple[Turn, ...], place: Place) -> None:
        turn = running.turn
        try:
            with place:
                turn = self._answered(running, history, place)
        except FootnoteError as error:
            turn = self._failed(turn, str(error))
        except Exception:
            _logger.exception("turn %s failed", turn.id)
            turn = self._failed(turn, f"Something went wrong; details in the log: {self._log_file}")
        finally:
            with self._lock:
                self._running.pop(turn.id, None)
            running.end(turn)

    def _answered(self, running: RunningTurn, history: tuple[Turn, ...], place: Place) -> StoredTurn:
        turn = running.turn
        if not running.wait_in(place):
            return self._failed(turn, STOPPED_WAITING)
        answer, stopped = running.answer(self._answers, history)
        self._unkept.finish(self._conversations, turn.id, answer, stopped=stopped)
        return replace(turn, answer=answer, stopped=stopped, standalone_question=answer.standalone_question)

    def _give_up(self, running: RunningTurn, place: Place, why: str) -> None:
        place.leave()
        with self._lock:
            self._running.pop(running.turn.id, None)
        running.end(self._failed(running.turn, why))

    def _failed(self, turn: StoredTurn, message: str) -> StoredTurn:
        try:
            self._conversations.fail(turn.id, message)
        except FootnoteError:
            _logger.exception("the error of turn %s could not be stored", turn.id)
        return replace(turn, error=message)
