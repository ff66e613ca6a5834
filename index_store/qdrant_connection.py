"""Opens Qdrant: a folder on this machine, or a server. Both are used through the same client."""

import time
import warnings
from collections.abc import Callable
from pathlib import Path

import httpx
from qdrant_client import QdrantClient
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from index_store.errors import LibraryDamaged, LibraryLocked, LibraryUnreachable

UNREACHABLE = (ResponseHandlingException, UnexpectedResponse, httpx.TransportError, ConnectionError)


def open_folder(
    folder: Path,
    *,
    wait_seconds: float = 0.0,
    on_wait: Callable[[str], None] = lambda _: None,
) -> QdrantClient:
    """Open the embedded store in `folder`, waiting up to `wait_seconds` for another process to leave it.

    `on_wait` is told once, in words for the user, that it waits. Raises LibraryLocked when the wait was
    in vain, LibraryDamaged when the folder holds no readable store.
    """
    deadline = time.monotonic() + wait_seconds
    told = False
    while True:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with warnings.catch_warnings():
                # Its advice on large folders is given by doctor, in this program's own words.
                warnings.simplefilter("ignore", UserWarning)
                return QdrantClient(path=str(folder), force_disable_check_same_thread=True)
        except RuntimeError as error:
            if "already accessed" not in str(error):
                raise LibraryDamaged(f"library {folder}: {error}; move it away and sync anew") from error
            if time.monotonic() >= deadline:
                raise LibraryLocked(
                    f"library {folder} is in use by another process; wait for it to end, "
                    "or use a Qdrant server (setting qdrant_url)"
                ) from error
            if not told:
                on_wait(f"library {folder} is in use by another process: waiting up to {wait_seconds:.0f} s")
                told = True
            time.sleep(0.2)
        except OSError as error:
            raise LibraryDamaged(
                f"library {folder}: {error.strerror or error}; check the folder and its rights"
            ) from error
        except ValueError as error:  # its own description of the collections is not readable
            raise LibraryDamaged(
                f"library {folder}: not a readable store ({error}); move it away and run: footnote sync"
            ) from error


def open_server(url: str, *, api_key: str | None = None, timeout_seconds: int = 30) -> QdrantClient:
    """Connect to a Qdrant server. Raises LibraryUnreachable when it does not answer."""
    client = QdrantClient(url=url, api_key=api_key, timeout=timeout_seconds, check_compatibility=False)
    try:
        client.get_collections()
    except UNREACHABLE as error:
        client.close()
        raise LibraryUnreachable(
            f"Qdrant server {url!r} does not answer ({error}); start it, or correct the setting qdrant_url"
        ) from error
    return client
