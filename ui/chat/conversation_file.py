"""The SQLite file behind the conversations: its schema, its version, and how it is opened."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from index_store.errors import RunError

SCHEMA_VERSION = 2
# How long others may hold the file, and how often that is looked at, seconds.
_LOCKED_FOR = 10.0
_LOOK = 0.02

_SCHEMA = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    owner TEXT NOT NULL DEFAULT ''
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
CREATE INDEX conversations_by_time ON conversations (owner, updated);
"""

# By the version that they lead on from. What had no owner stays with the user of this machine.
_CHANGES = {
    1: """
ALTER TABLE conversations ADD COLUMN owner TEXT NOT NULL DEFAULT '';
DROP INDEX IF EXISTS conversations_by_time;
CREATE INDEX conversations_by_time ON conversations (owner, updated);
""",
}


class ConversationsUnusable(RunError):
    """The file with the conversations cannot be read or written."""


class ConversationFile:
    """Opens the file anew for every use: SQLite's write-ahead log lets readers go on while one writes.

    Raises ConversationsUnusable when the file is damaged, locked for long, or of a newer Footnote.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ready = False
        self._preparing = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that is closed afterwards. What was kept is read also while the disk is full."""
        try:
            with closing(self._connect_to_read()) as db:
                yield db
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are kept when the block ends well, and undone otherwise."""
        try:
            with closing(self._connect()) as db, db:
                yield db
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from error

    def _connect_to_read(self) -> sqlite3.Connection:
        try:
            db = self._connect()
        except sqlite3.OperationalError:
            return self._connect_as_it_is()
        try:
            _version(db)
        except sqlite3.OperationalError:
            db.close()
            return self._connect_as_it_is()
        return db

    def _connect_as_it_is(self) -> sqlite3.Connection:
        """Even to read, SQLite makes files beside this one, for which a full disk has no room.

        Raises sqlite3.OperationalError where something may not have been written into the file itself yet.
        """
        log = Path(f"{self._path}-wal")
        if log.exists() and log.stat().st_size:
            raise sqlite3.OperationalError("disk I/O error")
        db = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            if _version(db) != SCHEMA_VERSION:
                raise sqlite3.OperationalError("disk I/O error")
        except BaseException:
            db.close()
            raise
        return db

    def _connect(self) -> sqlite3.Connection:
        if not self._path.exists():  # not made yet, or moved away to start anew
            self._ready = False
            self._path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self._path, timeout=_LOCKED_FOR)
        try:
            db.execute("PRAGMA foreign_keys = ON")
            with self._preparing:
                if not self._ready:
                    self._prepare(db)
                    self._ready = True
        except BaseException:
            db.close()
            raise
        return db

    def _prepare(self, db: sqlite3.Connection) -> None:
        _log_ahead(db)
        if _version(db) < SCHEMA_VERSION:
            # The lock comes before the second look: two processes may start at the same moment.
            db.execute("BEGIN IMMEDIATE")
            while (version := _version(db)) < SCHEMA_VERSION:
                for statement in (_CHANGES[version] if version else _SCHEMA).split(";"):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {version + 1 if version else SCHEMA_VERSION}")
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


def _log_ahead(db: sqlite3.Connection) -> None:
    """Have changes written ahead. While another process does the same, SQLite says so without waiting."""
    until = time.monotonic() + _LOCKED_FOR
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_LOOK)


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])
