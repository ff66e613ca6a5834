"""The log file in the user directory: the details behind the one-line errors."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

_FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"
_LARGEST = 5 * 2**20
_OURS = ("assistant", "ingest", "index_store", "ui")


class _LogFile(RotatingFileHandler):
    """The log file. That it cannot be written to, on a full disk say, is no reason to spoil the terminal."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Leave the record out."""


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
    handler.setFormatter(logging.Formatter(_FORMAT))
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)
