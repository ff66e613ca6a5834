"""Conversations on disk: questions, whole answers, errors and feedback, in one SQLite file."""

from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError

from assistant.answer import Answer
from ui.chat.conversation_file import ConversationFile

Verdict = Literal["up", "down"]

TITLE_LENGTH = 60
WORD_LENGTH = 300

_TURN = (
    "id, conversation, question, standalone_question, answer, stopped, error, replaces, verdict, word,"
    " asked, finished"
)
_OWN = "conversation IN (SELECT id FROM conversations WHERE owner = :owner)"
_ANSWER = TypeAdapter(Answer)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation as the sidebar lists it; times are ISO 8601 in UTC."""

    id: str
    title: str
    created: str
    updated: str


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """One question and what came of it: an answer, an error, or (unfinished) neither.

    `replaces` names the earlier turn that this one tries again.
    """

    id: str
    conversation: str
    question: str
    asked: str
    standalone_question: str | None = None
    answer: Answer | None = None
    stopped: bool = False
    error: str | None = None
    replaces: str | None = None
    verdict: Verdict | None = None
    word: str | None = None
    finished: str | None = None


def short_title(question: str, length: int = TITLE_LENGTH) -> str:
    """The first question on one line, cut at a word where it is longer than `length` characters."""
    line = " ".join(_storable(question).split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    # The character behind the cut is looked at too: the cut may stand at a word's end already.
    head, _, _ = line[:length].rpartition(" ")
    return (head if len(head) > length // 2 else cut).rstrip(" ,;:.") + "…"


class Conversations:
    """The conversations of one owner, among those of a data directory. What is another's is not there.

    Safe to use from several threads and processes. Every method raises ConversationsUnusable when the file
    cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        """Those of the user of this machine, whose name as an owner is empty."""
        self._file = ConversationFile(path)
        self._owner = ""

    def of(self, owner: str) -> "Conversations":
        """Those of another owner: the id of an account."""
        others = copy(self)
        others._owner = owner
        return others

    def hand_over(self, owner: str) -> int:
        """Give all of them to another owner; how many there were."""
        with self._file.writing() as db:
            return db.execute(
                "UPDATE conversations SET owner = ? WHERE owner = ?", (owner, self._owner)
            ).rowcount

    def delete_all(self) -> int:
        """Remove all of them with their turns, for good; how many there were."""
        with self._file.writing() as db:
            return db.execute("DELETE FROM conversations WHERE owner = ?", (self._owner,)).rowcount

    def start(self, question: str) -> Conversation:
        """Make a conversation named after its first question."""
        now = _now()
        conversation = Conversation(uuid4().hex, short_title(question), now, now)
        with self._file.writing() as db:
            db.execute(
                "INSERT INTO conversations (id, title, created, updated, owner) VALUES (?, ?, ?, ?, ?)",
                (
                    conversation.id,
                    conversation.title,
                    conversation.created,
                    conversation.updated,
                    self._owner,
                ),
            )
        return conversation

    def listed(self) -> tuple[Conversation, ...]:
        """Every conversation, the most recently used first."""
        with self._file.reading() as db:
            rows = db.execute(
                "SELECT id, title, created, updated FROM conversations WHERE owner = ?"
                " ORDER BY updated DESC, rowid DESC",
                (self._owner,),
            )
            return tuple(Conversation(*row) for row in rows)

    def find(self, conversation: str) -> Conversation | None:
        """One conversation, or None when there is none of that id."""
        with self._file.reading() as db:
            row = db.execute(
                "SELECT id, title, created, updated FROM conversations WHERE id = ? AND owner = ?",
                (conversation, self._owner),
            ).fetchone()
        return Conversation(*row) if row else None

    def rename(self, conversation: str, title: str) -> None:
        """Give it another title; an empty one changes nothing."""
        title = short_title(title, 2 * TITLE_LENGTH)
        if title:
            with self._file.writing() as db:
                db.execute(
                    "UPDATE conversations SET title = ? WHERE id = ? AND owner = ?",
                    (title, conversation, self._owner),
                )

    def delete(self, conversation: str) -> None:
        """Remove it with all its turns, for good."""
        with self._file.writing() as db:
            db.execute("DELETE FROM conversations WHERE id = ? AND owner = ?", (conversation, self._owner))

    def ask(self, conversation: str, question: str, *, replaces: str | None = None) -> StoredTurn:
        """Add a question that is being answered; it is there whatever happens to the answer."""
        question = _storable(question)
        turn = StoredTurn(uuid4().hex, conversation, question, _now(), replaces=replaces)
        with self._file.writing() as db:
            db.execute(
                # Into another's conversation it would belong to none, which the table refuses.
                "INSERT INTO turns (id, conversation, position, question, replaces, asked) VALUES"
                " (?, (SELECT id FROM conversations WHERE id = ? AND owner = ?),"
                " (SELECT COALESCE(MAX(position), 0) + 1 FROM turns WHERE conversation = ?), ?, ?, ?)",
                (turn.id, conversation, self._owner, conversation, question, replaces, turn.asked),
            )
            db.execute("UPDATE conversations SET updated = ? WHERE id = ?", (turn.asked, conversation))
        return turn

    def finish(self, turn: str, answer: Answer, *, stopped: bool = False) -> None:
        """Keep a turn's answer whole, with the words it quotes; the tries it replaces go."""
        with self._file.writing() as db:
            db.execute(
                "UPDATE turns SET answer = ?, stopped = ?, standalone_question = ?, error = NULL,"
                " finished = ? WHERE id = ?",
                (
                    _ANSWER.dump_json(answer).decode(),
                    int(stopped),
                    answer.standalone_question,
                    _now(),
                    turn,
                ),
            )
            db.execute(
                "WITH RECURSIVE replaced(id) AS (SELECT replaces FROM turns WHERE id = ? UNION"
                " SELECT turns.replaces FROM turns JOIN replaced ON turns.id = replaced.id)"
                " DELETE FROM turns WHERE id IN (SELECT id FROM replaced)",
                (turn,),
            )

    def fail(self, turn: str, error: str) -> None:
        """Keep why a turn has no answer, in one line for the reader."""
        with self._file.writing() as db:
            db.execute(
                "UPDATE turns SET error = ?, finished = ? WHERE id = ?", (_storable(error), _now(), turn)
            )

    def judge(self, turn: str, verdict: Verdict | None, word: str | None = None) -> None:
        """Keep what the reader thought of an answer; None takes it back."""
        kept = _storable(word or "").strip()[:WORD_LENGTH] or None
        with self._file.writing() as db:
            db.execute(
                f"UPDATE turns SET verdict = :verdict, word = :word WHERE id = :turn AND {_OWN}",
                {"verdict": verdict, "word": kept, "turn": turn, "owner": self._owner},
            )

    def turn(self, turn: str) -> StoredTurn | None:
        """One turn, or None when there is none of that id."""
        with self._file.reading() as db:
            row = db.execute(
                f"SELECT {_TURN} FROM turns WHERE id = :turn AND {_OWN}", {"turn": turn, "owner": self._owner}
            ).fetchone()
        return _turn(row) if row else None

    def articles_shown(self) -> dict[str, int]:
        """How often each article, by its path, was evidence for an answer, whoever asked."""
        with self._file.reading() as db:
            rows = db.execute(
                "SELECT json_extract(shown.value, '$.article'), COUNT(*)"
                " FROM turns, json_each(turns.answer, '$.evidence') AS shown"
                " WHERE json_valid(turns.answer) GROUP BY 1"
            )
            return {str(article): int(times) for article, times in rows}

    def turns(self, conversation: str) -> tuple[StoredTurn, ...]:
        """The turns of one conversation in the order they were asked."""
        with self._file.reading() as db:
            rows = db.execute(
                f"SELECT {_TURN} FROM turns WHERE conversation = :conversation AND {_OWN} ORDER BY position",
                {"conversation": conversation, "owner": self._owner},
            ).fetchall()
        return tuple(_turn(row) for row in rows)


def _storable(text: str) -> str:
    """The text without halves of characters, which a browser may send and no file can hold."""
    return text.encode("utf-8", errors="replace").decode()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _turn(row: tuple[str | None, ...]) -> StoredTurn:
    (
        ident,
        conversation,
        question,
        standalone,
        answer,
        stopped,
        error,
        replaces,
        verdict,
        word,
        asked,
        done,
    ) = row
    read: Answer | None = None
    if answer is not None:
        try:
            read = _ANSWER.validate_json(answer)
        except ValidationError:
            error = "This answer is stored in a form that this version cannot read: ask the question again"
    return StoredTurn(
        id=str(ident),
        conversation=str(conversation),
        question=str(question),
        asked=str(asked),
        standalone_question=standalone,
        answer=read,
        stopped=bool(stopped),
        error=error,
        replaces=replaces,
        verdict="up" if verdict == "up" else "down" if verdict == "down" else None,
        word=word,
        finished=done,
    )
