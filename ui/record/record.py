"""The record of what was asked and changed: who, when, what, from which passages. It is only added to."""

import json
import logging
import os
import pwd
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal, get_args

from ui.home import Home
from ui.library.sync_runner import Clock, utc_now
from ui.record.record_files import RecordFiles
from ui.settings.settings import Settings

_logger = logging.getLogger(__name__)

Kind = Literal[
    "question", "search", "sync", "rebuild", "article", "source", "upload", "model", "embedder", "user", "gap"
]
"""What an entry is about. A gap tells how many entries before it could not be written."""

KINDS: tuple[Kind, ...] = get_args(Kind)

Content = Literal["full", "none"]
"""Whether words are kept as they are, or as their length and hash alone."""

Change = Literal["added", "removed", "scheduled"]
OnChange = Callable[[Change, str], None]
"""Hears that something of this name was added or removed, or gets other times."""


def unheard(_: Change, __: str) -> None:
    """Nobody who would keep it."""


def local_user() -> str:
    """Who this process works for, as the operating system knows them, whatever the environment says."""
    number = os.geteuid()
    try:
        return f"local:{pwd.getpwuid(number).pw_name}"
    except KeyError:
        return f"local:{number}"


@dataclass(slots=True)
class _Gap:
    """How many entries were lost since the last one that was written."""

    lost: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Record:
    """Adds entries, each a JSON line. Safe to use from several threads and processes; raises nothing.

    Where an entry cannot be written (a full disk), that is said once in the log, and what is recorded goes
    on; the next entry that can be written comes behind one that counts those that were lost.
    """

    def __init__(
        self,
        files: RecordFiles | None,
        *,
        content: Content = "full",
        who: str,
        account: str | None = None,
        clock: Clock = utc_now,
    ) -> None:
        """Without `files` nothing is recorded. `account` is the one that a person has logged in to."""
        self._files = files
        self._content = content
        self._who = who
        self._account = account
        self._clock = clock
        self._gap = _Gap()

    @classmethod
    def of(cls, home: Home, settings: Settings) -> "Record":
        """The user's own, on or off and with the content that the settings say."""
        files = record_files(home, settings) if settings.record else None
        return cls(files, content=settings.record_content, who=local_user())

    def of_account(self, account: str) -> "Record":
        """The same record, for what the person with this account does."""
        other = Record(self._files, content=self._content, who=self._who, account=account, clock=self._clock)
        other._gap = self._gap
        return other

    @property
    def keeps_content(self) -> bool:
        """Whether words are kept as they are."""
        return self._content == "full"

    def words(self, text: str | None) -> object:
        """A person's or a model's words as they are kept: themselves, or their length and hash."""
        if text is None or self.keeps_content:
            return text
        return {"length": len(text), "sha256": sha256(text.encode("utf-8", "surrogatepass")).hexdigest()}

    def add(self, kind: Kind, **facts: Any) -> None:
        """Add an entry with these facts, JSON values."""
        if self._files is None:
            return
        entry = self._entry(kind, facts)
        with self._gap.lock:
            try:
                if self._gap.lost:
                    self._files.append(self._entry("gap", {"lost": self._gap.lost}))
                    self._gap.lost = 0
                self._files.append(entry)
            except OSError as error:
                if not self._gap.lost:
                    _logger.warning("the record in %s cannot be written: %s", self._files.folder, error)
                self._gap.lost += 1

    def changes(self, kind: Kind, *, via: str) -> OnChange:
        """What records each change that it hears of as an entry of this kind."""
        return lambda change, name: self.add(kind, action=change, name=name, via=via)

    def _entry(self, kind: Kind, facts: dict[str, Any]) -> bytes:
        head = {
            "at": self._clock().isoformat(timespec="milliseconds"),
            "who": self._who,
            "account": self._account,
            "process": os.getpid(),
            "kind": kind,
        }
        # Half a character becomes the very escape that JSON has for it.
        return json.dumps({**head, **facts}, ensure_ascii=False).encode("utf-8", "backslashreplace")


def record_files(home: Home, settings: Settings) -> RecordFiles:
    """The files of the user's record, whether it is on or off."""
    return RecordFiles(home.record, largest=int(settings.record_mb * 1e6))
