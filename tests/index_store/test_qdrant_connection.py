"""Opening a library, and what is told when that cannot be done: one line, and never an error of Qdrant's."""

import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from qdrant_client import models
from qdrant_client.local import local_collection
from real_parts import REPOSITORY, QdrantProcess
from synthetic import EMBEDDER, article, found, library_over, put

from index_store.embedder import HashEmbedder
from index_store.errors import (
    EmbedderMismatch,
    FootnoteError,
    LibraryDamaged,
    LibraryError,
    LibraryLocked,
    LibraryUnreachable,
)
from index_store.library import Library
from index_store.qdrant_connection import open_folder, open_server
from index_store.qdrant_store import QdrantPassageStore, drop_library

pytestmark = pytest.mark.whole

GRAIN = article("grain.md", "Grain is stored in silos.")
OTHER_PROCESS = """
import sys
from pathlib import Path
from index_store.qdrant_connection import open_folder
client = open_folder(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.readline()
client.close()
"""


def filled(folder: Path) -> Path:
    with closing(open_folder(folder)) as client:
        put(library_over(client, "test", embedded=True), GRAIN)
    return folder


@contextmanager
def another_process_in(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that keeps the library open until it is told to end, or killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER_PROCESS, str(folder)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield process
        process.kill()


def test_a_library_is_there_again_after_closing(tmp_path: Path) -> None:
    filled(tmp_path / "library")
    with closing(open_folder(tmp_path / "library")) as client:
        library = library_over(client, "test", embedded=True)
        assert found(library, "silos of grain") == ["grain.md"]
        assert library.articles()[0].content_hash == GRAIN.content_hash


@pytest.mark.whole
def test_a_library_in_use_is_locked_and_free_again_when_its_process_ends(tmp_path: Path) -> None:
    folder = tmp_path / "a library"
    told: list[str] = []
    with another_process_in(folder) as other:
        with pytest.raises(LibraryLocked, match="in use by another process") as caught:
            open_folder(folder, wait_seconds=0.1, on_wait=told.append)
        assert str(folder) in str(caught.value)
        assert "\n" not in str(caught.value)
        assert len(told) == 1
        other.kill()  # not closed: the lock goes with the process
        other.wait()
        open_folder(folder, wait_seconds=5).close()


def test_who_waits_for_a_library_sees_all_that_was_written_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = filled(tmp_path / "library")
    about_to_open = threading.Event()
    may_go_on = threading.Event()
    waited: list[list[str]] = []
    read = local_collection.LocalCollection.__init__

    def read_slowly(*arguments: object, **options: object) -> None:
        read(*arguments, **options)  # type: ignore[arg-type]
        if threading.current_thread() is waiting:
            about_to_open.set()
            may_go_on.wait(60)

    def wait() -> None:
        with closing(open_folder(folder, wait_seconds=60, on_wait=lambda _: about_to_open.set())) as client:
            waited.append(found(library_over(client, "test", embedded=True), "late silos of grain"))

    with closing(open_folder(folder)) as client:
        waiting = threading.Thread(target=wait)
        monkeypatch.setattr(local_collection.LocalCollection, "__init__", read_slowly)
        waiting.start()
        # Either it waits, as it should, or it has read the files already and waits for its lock only.
        assert about_to_open.wait(60)
        put(library_over(client, "test", embedded=True), article("late.md", "Late silos of grain."))
    may_go_on.set()
    waiting.join()
    assert waited == [["late.md", "grain.md"]]


GARBAGE: dict[str, Callable[[Path], object]] = {
    "description that is no JSON": lambda folder: (folder / "meta.json").write_text("{nope"),
    "empty description": lambda folder: (folder / "meta.json").write_text(""),
    "description of another shape": lambda folder: (folder / "meta.json").write_text("[1]"),
    "description that says nothing": lambda folder: (folder / "meta.json").write_text("{}"),
    "binary description": lambda folder: (folder / "meta.json").write_bytes(b"\xff\xfe\x00\x80"),
    "description of unknown vectors": lambda folder: (folder / "meta.json").write_text(
        json.dumps({"collections": {"test-passages": {"vectors": "what"}}, "aliases": {}})
    ),
    "passages that are no database": lambda folder: database(folder).write_bytes(b"garbage" * 999),
    "database cut off": lambda folder: database(folder).write_bytes(database(folder).read_bytes()[:5000]),
    "rows that are no points": lambda folder: spoil_rows(database(folder)),
}


def database(folder: Path) -> Path:
    return folder / "collection" / "test-passages" / "storage.sqlite"


def spoil_rows(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE points SET point = ?", (b"no pickle",))
        connection.commit()


@pytest.mark.parametrize("spoil", GARBAGE.values(), ids=GARBAGE)
def test_a_damaged_library_is_told_in_one_line_and_can_be_moved_away(
    spoil: Callable[[Path], object], tmp_path: Path
) -> None:
    folder = filled(tmp_path / "library")
    spoil(folder)
    with pytest.raises(LibraryDamaged) as caught:
        open_folder(folder)
    assert str(folder) in str(caught.value)
    assert "move it away" in str(caught.value)
    assert "\n" not in str(caught.value)
    folder.rename(tmp_path / "away")
    open_folder(folder).close()


def test_a_library_whose_place_is_taken_by_a_file_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "library").write_text("a file")
    for place in (tmp_path / "library", tmp_path / "library" / "below"):
        with pytest.raises(LibraryDamaged, match="check the folder"):
            open_folder(place)


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with closing(open_folder(tmp_path / "library")) as client:
        library = library_over(client, "test", embedded=True)
        for collection in client._client.collections.values():  # type: ignore[attr-defined]
            collection.storage.storage.execute("PRAGMA query_only = ON")
        with pytest.raises(LibraryError, match="check that its disk has room") as caught:
            put(library, GRAIN)
        assert "\n" not in str(caught.value)


def test_a_library_of_another_embedder_is_refused_and_can_be_rebuilt(tmp_path: Path) -> None:
    folder = filled(tmp_path / "library")
    other = HashEmbedder(32)

    def opened() -> QdrantPassageStore:
        return QdrantPassageStore(
            client, "test", embedder_id=other.id, dimensions=other.dimensions, embedded=True
        )

    with closing(open_folder(folder)) as client:
        with pytest.raises(EmbedderMismatch) as caught:
            opened()
        assert EMBEDDER.id in str(caught.value)
        assert other.id in str(caught.value)
        assert "--rebuild" in str(caught.value)
        drop_library(client, "test")
        assert opened().count() == 0


def test_dropping_one_library_leaves_another_in_the_same_store(tmp_path: Path) -> None:
    with closing(open_folder(tmp_path / "library")) as client:
        for name in ("one", "two"):
            put(library_over(client, name, embedded=True), GRAIN)
        drop_library(client, "one")
        drop_library(client, "never made")
        assert found(library_over(client, "two", embedded=True), "grain") == ["grain.md"]
        assert library_over(client, "one", embedded=True).articles() == []


class FakeServer:
    """Answers every request with the same status and body, or not at all."""

    def __init__(self) -> None:
        self.status, self.body = 200, b""
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(fake.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(fake.body)))
                self.end_headers()
                self.wfile.write(fake.body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, b'{"status": {"error": "Unauthorized"},\n "time": 0.0}'),
        (500, b"line one\nline two"),
        (200, b"<html>\nA web page</html>"),
        (200, b'{"result": 3}'),
        (200, b""),
    ],
)
def test_what_is_no_qdrant_server_is_told_in_one_line(status: int, body: bytes) -> None:
    with closing(FakeServer()) as server:
        server.status, server.body = status, body
        with pytest.raises(LibraryUnreachable) as caught:
            open_server(server.url)
    assert server.url in str(caught.value)
    assert "qdrant_url" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "127.0.0.1:1", "htp://127.0.0.1", "http://127.0.0.1:99999"]
)
def test_a_server_that_is_not_there_is_told_in_one_line(url: str) -> None:
    with pytest.raises(LibraryUnreachable) as caught:
        open_server(url)
    assert repr(url) in str(caught.value)
    assert "qdrant_url" in str(caught.value)


def test_a_server_that_stops_is_unreachable_and_is_used_again_when_it_is_back(
    qdrant_binary: Path, tmp_path: Path
) -> None:
    server = QdrantProcess(qdrant_binary, tmp_path / "qdrant")
    server.start()
    try:
        with closing(open_server(server.url)) as client:
            library = library_over(client, "test", embedded=False)
            put(library, GRAIN)
            server.stop()
            uses: list[Callable[[Library], object]] = [
                lambda it: it.search("grain", 1),
                lambda it: it.articles(),
                lambda it: put(it, GRAIN),
                lambda it: it.remove([GRAIN.key]),
                lambda it: it.store.set_state({"a": "1"}),
                lambda it: it.store.remove_orphans(),
            ]
            for use in uses:
                with pytest.raises(LibraryUnreachable) as caught:
                    use(library)
                assert "\n" not in str(caught.value)
            with pytest.raises(FootnoteError):
                open_server(server.url)
            server.start()
            assert found(library, "grain in silos") == ["grain.md"]
    finally:
        server.stop()


def test_a_server_refuses_another_embedder_too(
    qdrant_server: str, on_server: Library, name_on_server: str
) -> None:
    with closing(open_server(qdrant_server)) as client, pytest.raises(EmbedderMismatch, match="hash-32"):
        QdrantPassageStore(client, name_on_server, embedder_id="hash-32", dimensions=32, embedded=False)


def test_a_collection_that_somebody_else_made_is_not_taken_for_a_library(tmp_path: Path) -> None:
    with closing(open_folder(tmp_path / "library")) as client:
        client.create_collection(
            "test-passages", vectors_config=models.VectorParams(size=4, distance=models.Distance.DOT)
        )
        with pytest.raises(LibraryDamaged, match="test-passages"):
            library_over(client, "test", embedded=True)


def test_vectors_take_no_more_room_than_they_need(tmp_path: Path) -> None:
    with closing(open_folder(tmp_path)) as client:
        library = library_over(client, "test", embedded=True)
        texts = [f"Part {number} of the harbour." for number in range(400)]
        put(library, article("a.md", *texts[:150]), article("b.md", *texts[150:]))
        collection = client._client.collections["test-passages"]  # type: ignore[attr-defined]
        vectors = collection.vectors["dense"]
        assert 400 <= len(vectors) <= 800
        assert vectors.base is None
        before = found(library, "part 17", 5)
    with closing(open_folder(tmp_path)) as client:
        library = library_over(client, "test", embedded=True)
        put(library, article("c.md", "Grain."))
        assert found(library, "part 17", 5) == before
        assert found(library, "grain", 1) == ["c.md"]
