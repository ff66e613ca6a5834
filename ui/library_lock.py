"""Whether another process holds an embedded library, told before anything large is loaded."""

from pathlib import Path

import portalocker

LOCK_WAIT_SECONDS = 60.0
"""How long a process waits for another one to leave the library."""

LOCK_FILE = ".footnote.lock"
"""The file in a library's folder that the process which holds it keeps locked."""


def is_in_use(folder: Path) -> bool:
    """Whether another process holds the library in `folder` right now."""
    try:
        with (folder / LOCK_FILE).open("a") as stream:
            portalocker.lock(stream, portalocker.LOCK_EX | portalocker.LOCK_NB)
            portalocker.unlock(stream)
    except portalocker.AlreadyLocked:
        return True
    except (OSError, portalocker.LockException):
        return False
    return False
