"""The log file in the user directory: the details behind the one-line errors."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

_FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"
_LARGEST = 5 * 2**20
_OURS = ("assistant", "ingest", "index_store", "ui")


def log_to_file(file: Path) -> None:
    """Send this program's log, and others' warnings, to `file`: 5 MB, then a new one; three are kept.

    A directory that cannot be written to leaves the program without a log, not without an answer.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(file, maxBytes=_LARGEST, backupCount=2, encoding="utf-8", delay=True)
    except OSError:
        logging.getLogger().addHandler(logging.NullHandler())
        return
    handler.setFormatter(logging.Formatter(_FORMAT))
    root = logging.getLogger()
    root.handlers.clear()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)
