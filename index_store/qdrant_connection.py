"""Opens Qdrant: a folder on this machine, or a server. Both are used through the same client."""

import sqlite3
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from json import JSONDecodeError
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

import httpx
import numpy as np
import portalocker
from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from index_store.authorities import trusted_authorities
from index_store.errors import LibraryDamaged, LibraryError, LibraryLocked, LibraryUnreachable

# What the client raises when there is no server, or something else in its place.
UNREACHABLE = (
    ResponseHandlingException,
    UnexpectedResponse,
    httpx.TransportError,
    ConnectionError,
    JSONDecodeError,
)


def reason(error: Exception) -> str:
    """What an error of the client says, on one line."""
    lines = str(error).split("\n")
    return lines[0].strip() or type(error).__name__


@contextmanager
def library_errors() -> Iterator[None]:
    """Turns what the client raises into LibraryUnreachable, or LibraryError where a folder cannot be used."""
    try:
        yield
    except UNREACHABLE as error:
        raise LibraryUnreachable(
            f"the Qdrant server failed ({reason(error)}); check that it runs, then try again"
        ) from error
    except sqlite3.Error as error:
        raise LibraryError(
            f"the library's folder cannot be used ({reason(error)}); check that its disk has room"
        ) from error


class FolderClient(QdrantClient):
    """An embedded store that holds a lock of its own from before its files are read until it is closed.

    Qdrant's lock is taken after the files are read: who waited for another process would not see what
    that process wrote last.
    """

    def __init__(self, folder: Path, lock_file: TextIO) -> None:
        self._lock_file = lock_file
        portalocker.lock(lock_file, portalocker.LOCK_EX | portalocker.LOCK_NB)
        with warnings.catch_warnings():
            # Its advice on large folders is given by doctor, in this program's own words.
            warnings.simplefilter("ignore", UserWarning)
            super().__init__(path=str(folder), force_disable_check_same_thread=True)
        for name in self._files():
            self._write_ahead(name)

    def create_collection(self, collection_name: str, *args: Any, **kwargs: Any) -> bool:
        """See QdrantClient."""
        made = super().create_collection(collection_name, *args, **kwargs)
        self._write_ahead(collection_name)
        return made

    def upsert(self, collection_name: str, points: Any, *args: Any, **kwargs: Any) -> models.UpdateResult:
        """See QdrantClient, which first looks through all payloads for texts to embed: there are none."""
        self._make_room(collection_name, len(points) if isinstance(points, list) else 0)
        return self._client.upsert(collection_name, points, *args, **kwargs)

    def _make_room(self, collection: str, more: int) -> None:
        """Room for the vectors of so many more points: Qdrant's own way of growing takes three times as much.

        What is never written to takes no memory.
        """
        held = getattr(self._client, "collections", {}).get(collection)
        vectors, places = getattr(held, "vectors", None), getattr(held, "ids", None)
        if not isinstance(vectors, dict) or places is None:
            return
        for name, there in vectors.items():
            if len(there) < len(places) + more:
                room = np.zeros((2 * (len(places) + more), there.shape[1]), dtype=there.dtype)
                room[: len(places)] = there[: len(places)]
                vectors[name] = room

    def flush(self, collection: str) -> None:
        """Wait until all that was written to a collection is on the disk, and would outlast a power cut.

        A killed process loses nothing in any case.
        """
        connection = self._files().get(collection)
        if connection is not None:
            connection.execute("PRAGMA wal_checkpoint(FULL)").fetchall()

    def payloads(self, collection: str, fields: Sequence[str]) -> list[tuple[str, dict[str, Any]]] | None:
        """These fields of all points of a collection, not to be changed; None where it keeps them otherwise.

        Qdrant's own way looks at every part of every payload: a second for each thousand articles.
        """
        held = getattr(self._client, "collections", {}).get(collection)
        places, gone = getattr(held, "ids", None), getattr(held, "deleted", None)
        payloads = getattr(held, "payload", None)
        if places is None or gone is None or payloads is None:
            return None
        return [
            (str(id), {name: payloads[place][name] for name in fields if name in payloads[place]})
            for id, place in places.items()
            if not gone[place]
        ]

    def _write_ahead(self, name: str) -> None:
        """Qdrant commits every point by itself; to wait for the disk each time takes 20 ms a passage."""
        connection = self._files().get(name)
        if connection is None:
            return
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        (waits,) = connection.execute("PRAGMA synchronous").fetchone()
        if mode == "wal" and waits > 1:
            connection.execute("PRAGMA synchronous = NORMAL")

    def _files(self) -> dict[str, sqlite3.Connection]:
        """The open file of each collection by its name; none where Qdrant keeps them otherwise."""
        collections = getattr(self._client, "collections", {})
        files = {name: getattr(one.storage, "storage", None) for name, one in collections.items()}
        return {name: file for name, file in files.items() if isinstance(file, sqlite3.Connection)}

    def close(self, grpc_grace: float | None = None, **kwargs: Any) -> None:
        """Give the folder back to other processes."""
        super().close(grpc_grace, **kwargs)
        self._lock_file.close()


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
            return _opened(folder)
        except OSError as error:
            raise LibraryDamaged(
                f"library {folder}: {error.strerror or error}; check the folder and its rights"
            ) from error
        except Exception as error:
            # Its files hold JSON, SQLite and pickles: when one is garbage, reading it can raise anything.
            if not _in_use(error):
                raise LibraryDamaged(
                    f"library {folder}: not a readable store ({reason(error)}); "
                    "move it away and run: footnote sync"
                ) from error
            if time.monotonic() >= deadline:
                raise LibraryLocked(
                    f"library {folder} is in use by another process; wait for it to end, "
                    "or use a Qdrant server (setting qdrant_url)"
                ) from error
        if not told:
            on_wait(f"library {folder} is in use by another process: waiting up to {wait_seconds:.0f} s")
            told = True
        time.sleep(0.2)


def _opened(folder: Path) -> FolderClient:
    folder.mkdir(parents=True, exist_ok=True)
    lock_file = (folder / ".footnote.lock").open("a")
    try:
        return FolderClient(folder, lock_file)
    except BaseException:
        lock_file.close()
        raise


def _in_use(error: Exception) -> bool:
    return isinstance(error, portalocker.LockException) or "already accessed" in str(error)


def _way_to(url: str) -> dict[str, Any]:
    """How it is reached: on this machine by no proxy, elsewhere with the authorities of the network."""
    host = urlsplit(url).hostname or ""
    if host in ("localhost", "::1") or host.startswith("127."):
        # A proxy that the environment names would be told every question.
        return {"trust_env": False}
    return {"verify": trusted_authorities()} if url.startswith("https:") else {}


def open_server(url: str, *, api_key: str | None = None, timeout_seconds: int = 30) -> QdrantClient:
    """Connect to a Qdrant server. Raises LibraryUnreachable when it does not answer."""
    try:
        client = QdrantClient(
            url=url, api_key=api_key, timeout=timeout_seconds, check_compatibility=False, **_way_to(url)
        )
    except ValueError as error:
        raise LibraryUnreachable(
            f"Qdrant server {url!r} is no address ({reason(error)}); correct the setting qdrant_url"
        ) from error
    try:
        client.get_collections()
    except (*UNREACHABLE, ValueError) as error:
        client.close()
        raise LibraryUnreachable(
            f"Qdrant server {url!r} does not answer ({reason(error)}); "
            "start it, or correct the setting qdrant_url"
        ) from error
    return client
