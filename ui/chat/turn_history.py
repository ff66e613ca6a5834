"""What the assistant hears of a conversation's earlier turns: questions, each with its answer in short."""

from collections.abc import Iterable

from assistant.answer import Answer
from assistant.events import Turn
from ui.chat.conversations import StoredTurn

HISTORY_TURNS = 10
"""The latest turns that are told of."""
SHORT_ANSWER_LENGTH = 600
"""Characters of an answer at the most."""


def history_of(turns: Iterable[StoredTurn]) -> tuple[Turn, ...]:
    """Earlier questions, each with a short form of its answer; turns without an answer are left out."""
    answered = [(turn.question, _short(turn.answer)) for turn in turns if turn.answer is not None]
    return tuple(answered[-HISTORY_TURNS:])


def _short(answer: Answer) -> str:
    if answer.status == "not_in_library":
        return "The articles do not answer this."
    text = " ".join(sentence.text for sentence in answer.sentences) or answer.text
    return text if len(text) <= SHORT_ANSWER_LENGTH else text[: SHORT_ANSWER_LENGTH - 1].rstrip() + "…"
