"""The log file in the user directory: the details behind the one-line errors."""

import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

_FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"
_LARGEST = 5 * 2**20
_OURS = ("assistant", "ingest", "index_store", "ui")


# What would end a line, or be obeyed by whoever shows it.
_ORDERS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")


class _OneLine(logging.Formatter):
    """An entry's line stays one, whatever names stand in it; a traceback stands behind it, moved in.

    So nothing that a person, a page or a file calls itself reads like another entry.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, with what follows it."""
        head, *rest = super().format(record).split("\n" if record.exc_info or record.stack_info else "\0")
        return "\n  ".join(_ORDERS.sub(_written_out, line) for line in (head, *rest))


def _written_out(sign: re.Match[str]) -> str:
    return sign[0].encode("unicode_escape").decode()


class _LogFile(RotatingFileHandler):
    """The log file. That it cannot be written to, on a full disk say, is no reason to spoil the terminal."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Leave the record out."""


def _is_news(record: logging.LogRecord) -> bool:
    """Not the end of an open page's stream, which the web server logs as an error when it is told to end."""
    if not record.exc_info:
        return True
    from asyncio import CancelledError

    return not isinstance(record.exc_info[1], CancelledError)


def log_to_file(file: Path) -> None:
    """Send this program's log, and others' warnings, to `file`: 5 MB, then a new one; three are kept.

    A directory that cannot be written to leaves the program without a log, not without an answer.
    """
    root = logging.getLogger()
    for earlier in [handler for handler in root.handlers if isinstance(handler, _LogFile)]:
        root.removeHandler(earlier)
        earlier.close()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = _LogFile(file, maxBytes=_LARGEST, backupCount=2, encoding="utf-8", delay=True)
    except OSError:
        root.addHandler(logging.NullHandler())
        return
    handler.setFormatter(_OneLine(_FORMAT))
    handler.addFilter(_is_news)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)
