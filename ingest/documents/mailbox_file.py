"""A mailbox (.mbox): where each of its mails lies, and the name that a mail keeps when others come or go.

Only found here, line by line and within bounds; each mail is read like any other, by itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from hashlib import sha256
from pathlib import Path

from ingest.errors import ArticleUnreadable

MAILBOX_SUFFIX = ".mbox"
LARGEST_MAILBOX = 1000 * 2**20
MOST_MAILS = 20_000
# Lines of a mail have 998 bytes at most (RFC 5322); longer ones are taken piece by piece.
_LONGEST_LINE = 2**16
_LONGEST_HEAD = 2**16
_LONGEST_ID = 200
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class MailPlace:
    """One mail of a mailbox: its name there, and where its bytes lie, from `start` up to `end`."""

    name: str
    start: int
    end: int


def mails_in(file: Path) -> Iterator[MailPlace]:
    """The mails in order, at most MOST_MAILS and one. Raises ArticleUnreadable.

    A mail is named by its Message-ID, else by what it holds: the name stays when other mails come or go.
    """
    try:
        size = file.stat().st_size
        if size > LARGEST_MAILBOX:
            raise ArticleUnreadable(
                f"{size / 2**20:.0f} MB is over the {LARGEST_MAILBOX // 2**20} MB limit; split it"
            )
        names: dict[str, int] = {}
        for number, (start, end) in enumerate(_spans(file)):
            if number > MOST_MAILS:
                return
            name = _name(mail_bytes(file, start, end))
            names[name] = names.get(name, 0) + 1
            yield MailPlace(name if names[name] == 1 else f"{name}~{names[name]}", start, end)
    except OSError as error:
        raise ArticleUnreadable(f"{error.strerror}; check that the file can be read") from error


def mail_bytes(file: Path, start: int, end: int) -> bytes:
    """One mail as it would stand in a file of its own. Raises OSError."""
    with file.open("rb") as box:
        box.seek(start)
        data = box.read(end - start)
    # Its first line tells of its sending alone; a line that would begin a mail was quoted in it.
    return _QUOTED.sub(rb"\1", data.partition(b"\n")[2])


def mailbox_of(path: str) -> str:
    """The path of the file that an article lies in: a mail's is that of its mailbox."""
    box, mark, _ = path.partition(f"{MAILBOX_SUFFIX}#")
    return box + MAILBOX_SUFFIX if mark else path


def _spans(file: Path) -> Iterator[tuple[int, int]]:
    """Where mails begin and end: each begins with "From " at the start, or behind an empty line."""
    began: int | None = None
    at, is_after_empty, is_whole_line = 0, True, True
    with file.open("rb") as box:
        while line := box.readline(_LONGEST_LINE):
            if is_whole_line and is_after_empty and line.startswith(b"From "):
                if began is not None:
                    yield began, at
                began = at
            elif began is None and line.strip():
                raise ArticleUnreadable("it does not begin like a mailbox; save it as mbox again")
            is_after_empty = is_whole_line and not line.strip()
            is_whole_line = line.endswith(b"\n")
            at += len(line)
    if began is not None:
        yield began, at


def _name(mail: bytes) -> str:
    try:
        said = str(BytesHeaderParser().parsebytes(mail[:_LONGEST_HEAD]).get("Message-ID") or "")
    except (ValueError, LookupError, IndexError, AttributeError):
        said = ""
    id = "".join(letter for letter in said if letter.isprintable() and not letter.isspace()).strip("<>")
    if id and len(id) <= _LONGEST_ID and id.isascii():
        return id
    return sha256(mail).hexdigest()[:16]
