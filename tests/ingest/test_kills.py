"""A sync that is killed at any moment leaves a library that answers, and the next sync makes it whole."""

import os
import random
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from qdrant_client import QdrantClient
from test_random_edits import held
from test_same_article import TEXT
from tqdm import tqdm

from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder
from index_store.library import Library
from index_store.qdrant_connection import open_folder, open_server
from index_store.qdrant_store import QdrantPassageStore, drop_library
from ingest.article_file import ArticleReader
from ingest.folder_source import FolderSource
from ingest.passages.splitter import ArticleSplitter
from ingest.sync import LibrarySync

EMBEDDER = HashEmbedder(64)
_LONGEST = 30.0
NOTE = "Every week we choose what matters most in the harbour and on the road, free of charge for all."
MARKERS = [f"zq{letter}x" for letter in "abcdefgh"]
Open = Callable[[], QdrantClient]
Stores = Callable[[int], tuple[Open, str]]
"""How to open the nth store, and the name of the library there."""


def marked(marker: str, *more: str) -> str:
    """A text of its own that only its marker finds."""
    body = (
        f"The {marker} came into the harbour. " + f"It brought {marker} for those who live on the road. " * 12
    )
    return "\n\n".join((body, *more))


BEFORE = {
    "a.md": marked(MARKERS[0], NOTE),
    "b.md": marked(MARKERS[1], NOTE),
    "c.md": marked(MARKERS[2], NOTE),
    "d.md": marked(MARKERS[3]),
    "kept.md": f"---\ndate: 2026-01-01\n---\n{TEXT}",
    "reprint.md": TEXT,
    "sub/again.md": TEXT,
    "gone.md": marked(MARKERS[4]),
}
# The kept one of three goes, one that has the common block first goes, one is changed, one new, one renamed.
AFTER = {
    "b.md": marked(MARKERS[1], NOTE, f"{MARKERS[5]} is new."),
    "c.md": marked(MARKERS[2], NOTE),
    "moved.md": marked(MARKERS[3]),
    "new.md": marked(MARKERS[6], NOTE),
    "reprint.md": TEXT.replace("quickly", "rapidly"),
    "sub/again.md": TEXT,
    "first.md": f"---\ndate: 2025-01-01\n---\n{marked(MARKERS[2], NOTE)}",
}
# In both, under whatever name.
LASTING = [MARKERS[1], MARKERS[2], MARKERS[3], "Nordbank", "what matters most in the harbour"]


def write(folder: Path, texts: dict[str, str]) -> None:
    """Make a folder hold these files and no others."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in texts.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


@contextmanager
def library_in(open_client: Open, name: str, *, embedded: bool) -> Iterator[Library]:
    with closing(open_client()) as client:
        store = QdrantPassageStore(
            client, name, embedder_id=EMBEDDER.id, dimensions=EMBEDDER.dimensions, embedded=embedded
        )
        yield Library(store, EMBEDDER, Bm25Encoder())


def sync(library: Library, shelf: Path) -> None:
    syncing = LibrarySync(library, ArticleSplitter())
    report = syncing.carry_out(syncing.plan([FolderSource(shelf, ArticleReader(), id="shelf")]))
    assert report.failed == ()


def sync_killed_after(seconds: float, open_client: Open, name: str, shelf: Path, *, embedded: bool) -> float:
    """Sync in a process of its own that is killed; how long it lived, at most `seconds` and a little."""
    began = time.perf_counter()
    child = os.fork()
    if not child:
        tqdm.set_lock(threading.RLock())  # a thread that is not here may have the other one
        try:
            with library_in(open_client, name, embedded=embedded) as library:
                sync(library, shelf)
            os._exit(0)
        finally:
            os._exit(1)
    while (lived := time.perf_counter() - began) < seconds:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            assert status == 0
            return lived
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return lived


def texts_found(library: Library) -> dict[str, list[str]]:
    return {word: [hit.passage.text for hit in library.search(word, 100)] for word in LASTING}


def assert_answers(library: Library, allowed: set[str]) -> None:
    """Whatever stands before and after is found, and nothing that stood at neither time."""
    for word, texts in texts_found(library).items():
        assert any(word in text for text in texts), f"{word!r} is lost"
        assert set(texts) <= allowed


def assert_survives(stores: Stores, folder: Path, kills: int, *, embedded: bool) -> None:
    """Kill a sync at as many random moments, each over a store of its own."""
    shelf, chance = folder / "shelf", random.Random(kills)
    write(shelf, AFTER)
    fresh_open, fresh_name = stores(kills + 1)
    with library_in(fresh_open, fresh_name, embedded=embedded) as library:
        sync(library, shelf)
        fresh, hits = held(library), texts_found(library)
    after = {passage.text for row in fresh for passage in row[2]}
    whole, before = 0.0, set[str]()
    for number in range(kills + 1):
        opened, name = stores(number)
        if not (embedded and number):  # a folder can be copied
            write(shelf, BEFORE)
            with library_in(opened, name, embedded=embedded) as library:
                sync(library, shelf)
                before = {passage.text for row in held(library) for passage in row[2]}
        if embedded and not number:
            for copy in range(1, kills + 1):
                shutil.copytree(folder / "library0", folder / f"library{copy}")
        write(shelf, AFTER)
        # The first one lives to its end, and shows how long that is.
        moment = chance.uniform(0.0, whole) if number else _LONGEST
        lived = sync_killed_after(moment, opened, name, shelf, embedded=embedded)
        whole = whole or lived
        assert lived < _LONGEST
        with library_in(opened, name, embedded=embedded) as library:
            assert_answers(library, before | after)
            sync(library, shelf)
            assert held(library) == fresh
            assert texts_found(library) == hits
            assert library.store.remove_orphans() == 0
            assert library.store.count() == sum(len(row[2]) for row in fresh)


def folders(place: Path) -> Stores:
    return lambda number: (lambda: open_folder(place / f"library{number}"), "test")


def on_server(url: str) -> Stores:
    run = uuid4().hex
    return lambda number: (lambda: open_server(url), f"{run}-{number}")


@pytest.mark.whole
def test_kills_at_three_random_moments_lose_nothing(tmp_path: Path) -> None:
    assert_survives(folders(tmp_path), tmp_path, 3, embedded=True)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_kills_at_twenty_random_moments_lose_nothing(tmp_path: Path) -> None:
    assert_survives(folders(tmp_path), tmp_path, 20, embedded=True)


def test_kills_on_a_server_lose_nothing(tmp_path: Path, qdrant_server: str) -> None:
    names = on_server(qdrant_server)
    assert_survives(names, tmp_path, 2, embedded=False)
    forget(names, 2)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_kills_at_twenty_random_moments_on_a_server_lose_nothing(tmp_path: Path, qdrant_server: str) -> None:
    names = on_server(qdrant_server)
    assert_survives(names, tmp_path, 20, embedded=False)
    forget(names, 20)


def forget(names: Stores, kills: int) -> None:
    for number in range(kills + 2):
        opened, name = names(number)
        with closing(opened()) as client:
            drop_library(client, name)
