"""Answers that could not be written to the disk: shown all the same, and kept once there is room."""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.answer import Answer
from ui.chat.conversation_file import ConversationsUnusable
from ui.chat.conversations import Conversations, StoredTurn

_logger = logging.getLogger(__name__)

MOST = 200
"""How many answers wait for room on the disk; beyond that the oldest are given up."""


@dataclass(frozen=True, slots=True)
class _Held:
    conversations: Conversations
    answer: Answer
    stopped: bool


class UnkeptAnswers:
    """Holds finished answers in memory until their file can be written. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, _Held] = {}

    def finish(self, conversations: Conversations, turn: str, answer: Answer, *, stopped: bool) -> None:
        """Keep a turn's answer in these conversations now, or as soon as that is possible."""
        self.try_again()
        try:
            conversations.finish(turn, answer, stopped=stopped)
        except ConversationsUnusable as error:
            _logger.warning("an answer waits to be kept: %s", error)
            with self._lock:
                self._held[turn] = _Held(conversations, answer, stopped)
                while len(self._held) > MOST:
                    self._held.pop(next(iter(self._held)))

    def try_again(self) -> None:
        """Keep what waits, if that is possible by now; what is kept is let go."""
        with self._lock:
            held = dict(self._held)
        for turn, one in held.items():
            try:
                one.conversations.finish(turn, one.answer, stopped=one.stopped)
            except ConversationsUnusable:
                return
            with self._lock:
                self._held.pop(turn, None)

    def filled_in(self, turns: Iterable[StoredTurn]) -> tuple[StoredTurn, ...]:
        """The turns as they are stored, with the answers that wait to be stored."""
        with self._lock:
            held = dict(self._held)
        return tuple(
            replace(
                turn,
                answer=held[turn.id].answer,
                stopped=held[turn.id].stopped,
                standalone_question=held[turn.id].answer.standalone_question,
            )
            if turn.id in held
            else turn
            for turn in turns
        )
