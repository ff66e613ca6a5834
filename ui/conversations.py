"""Conversations on disk: questions, whole answers, errors and feedback, in one SQLite file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError

from assistant.answer import Answer
from index_store.errors import RunError

Verdict = Literal["up", "down"]

SCHEMA_VERSION = 1
TITLE_LENGTH = 60
WORD_LENGTH = 300

_SCHEMA = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL
);
CREATE TABLE turns (
    id TEXT PRIMARY KEY,
    conversation TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    question TEXT NOT NULL,
    standalone_question TEXT,
    answer TEXT,
    stopped INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    replaces TEXT,
    verdict TEXT,
    word TEXT,
    asked TEXT NOT NULL,
    finished TEXT
);
CREATE INDEX turns_of_conversation ON turns (conversation, position);
CREATE INDEX conversations_by_time ON conversations (updated);
"""

_TURN = (
    "id, conversation, question, standalone_question, answer, stopped, error, replaces, verdict, word,"
    " asked, finished"
)
_ANSWER = TypeAdapter(Answer)


class ConversationsUnusable(RunError):
    """The file with the conversations cannot be read or written."""


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
    line = " ".join(question.split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    # The character behind the cut is looked at too: the cut may stand at a word's end already.
    head, _, _ = line[:length].rpartition(" ")
    return (head if len(head) > length // 2 else cut).rstrip(" ,;:.") + "…"


class Conversations:
    """All conversations of one data directory. Safe to use from several threads and processes.

    Every call opens its own connection: SQLite's write-ahead log lets readers go on while one writes.
    Raises ConversationsUnusable when the file is damaged, locked for long, or of a newer Footnote.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ready = False

    def start(self, question: str) -> Conversation:
        """Make a conversation named after its first question."""
        now = _now()
        conversation = Conversation(uuid4().hex, short_title(question), now, now)
        with self._writing() as db:
            db.execute(
                "INSERT INTO conversations (id, title, created, updated) VALUES (?, ?, ?, ?)",
                (conversation.id, conversation.title, conversation.created, conversation.updated),
            )
        return conversation

    def listed(self) -> tuple[Conversation, ...]:
        """Every conversation, the most recently used first."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT id, title, created, updated FROM conversations ORDER BY updated DESC, rowid DESC"
            )
            return tuple(Conversation(*row) for row in rows)

    def find(self, conversation: str) -> Conversation | None:
        """One conversation, or None when there is none of that id."""
        with self._reading() as db:
            row = db.execute(
                "SELECT id, title, created, updated FROM conversations WHERE id = ?", (conversation,)
            ).fetchone()
        return Conversation(*row) if row else None

    def rename(self, conversation: str, title: str) -> None:
        """Give it another title; an empty one changes nothing."""
        title = short_title(title, 2 * TITLE_LENGTH)
        if title:
            with self._writing() as db:
                db.execute("UPDATE conversations SET title = ? WHERE id = ?", (title, conversation))

    def delete(self, conversation: str) -> None:
        """Remove it with all its turns, for good."""
        with self._writing() as db:
            db.execute("DELETE FROM conversations WHERE id = ?", (conversation,))

    def ask(self, conversation: str, question: str, *, replaces: str | None = None) -> StoredTurn:
        """Add a question that is being answered; it is there whatever happens to the answer."""
        turn = StoredTurn(uuid4().hex, conversation, question, _now(), replaces=replaces)
        with self._writing() as db:
            db.execute(
                "INSERT INTO turns (id, conversation, position, question, replaces, asked) VALUES"
                " (?, ?, (SELECT COALESCE(MAX(position), 0) + 1 FROM turns WHERE conversation = ?), ?, ?, ?)",
                (turn.id, conversation, conversation, question, replaces, turn.asked),
            )
            db.execute("UPDATE conversations SET updated = ? WHERE id = ?", (turn.asked, conversation))
        return turn

    def finish(self, turn: str, answer: Answer, *, stopped: bool = False) -> None:
        """Keep a turn's answer whole, with the words it quotes; the tries it replaces go."""
        with self._writing() as db:
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
        with self._writing() as db:
            db.execute("UPDATE turns SET error = ?, finished = ? WHERE id = ?", (error, _now(), turn))

    def judge(self, turn: str, verdict: Verdict | None, word: str | None = None) -> None:
        """Keep what the reader thought of an answer; None takes it back."""
        kept = (word or "").strip()[:WORD_LENGTH] or None
        with self._writing() as db:
            db.execute("UPDATE turns SET verdict = ?, word = ? WHERE id = ?", (verdict, kept, turn))

    def turn(self, turn: str) -> StoredTurn | None:
        """One turn, or None when there is none of that id."""
        with self._reading() as db:
            row = db.execute(f"SELECT {_TURN} FROM turns WHERE id = ?", (turn,)).fetchone()
        return _turn(row) if row else None

    def turns(self, conversation: str) -> tuple[StoredTurn, ...]:
        """The turns of one conversation in the order they were asked."""
        with self._reading() as db:
            rows = db.execute(
                f"SELECT {_TURN} FROM turns WHERE conversation = ? ORDER BY position", (conversation,)
            ).fetchall()
        return tuple(_turn(row) for row in rows)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(self._connect()) as db:
                yield db
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as db, db:
            yield db

    def _connect(self) -> sqlite3.Connection:
        if not self._ready:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self._path, timeout=10)
        try:
            db.execute("PRAGMA foreign_keys = ON")
            if not self._ready:
                self._prepare(db)
                self._ready = True
        except BaseException:
            db.close()
            raise
        return db

    def _prepare(self, db: sqlite3.Connection) -> None:
        db.execute("PRAGMA journal_mode = WAL")
        if _version(db) == 0:
            # The lock comes before the second look: two processes may start at the same moment.
            db.execute("BEGIN IMMEDIATE")
            if _version(db) == 0:
                for statement in _SCHEMA.split(";"):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            db.commit()
        version = _version(db)
        if version != SCHEMA_VERSION:
            raise ConversationsUnusable(
                f"conversations at {str(self._path)!r} have schema {version}, this Footnote knows"
                f" {SCHEMA_VERSION}: update Footnote, or move the file away to start anew"
            )

    def _unusable(self, error: Exception) -> ConversationsUnusable:
        return ConversationsUnusable(
            f"conversations at {str(self._path)!r} cannot be used ({error}): check the file and the disk,"
            " or move it away to start anew"
        )


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


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
