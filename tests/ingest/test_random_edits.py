"""However a library came to hold its articles, it holds and finds what one built at once from them does."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qdrant_client import QdrantClient

from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder
from index_store.library import Library
from index_store.qdrant_connection import open_folder
from index_store.qdrant_store import QdrantPassageStore
from ingest.article_file import ArticleReader
from ingest.folder_source import FolderSource
from ingest.passages.splitter import ArticleSplitter
from ingest.sync import LibrarySync

NAMES = ["a.md", "b.txt", "sub/c.html", "2026-01-02-d.md", "e.md", "f.md", "sub/g.md"]
WORDS = "grain harbour ship snow mountain road river spring bank licence model weights tokens memory".split()
QUESTIONS = [
    "Which ship brings grain?",
    "snow on the mountain road",
    "licence of the model",
    "subscribe to what matters most",
    "tokens",
    "of the",
]


FOOT = "Subscribe to our newsletter."
SHARED = "Every week we choose for you what matters most in the harbour and on the road, free of charge."


def text_of(seed: int) -> str:
    """One of many articles; some share paragraphs, some are empty, some nearly the same as others.

    From 40 on they are those from 20 on again, with other small words, another figure, or another date.
    """
    chance = random.Random(seed % 20)
    paragraphs = [
        " ".join(chance.choices(WORDS, k=chance.randint(3, 60))) + "." for _ in range(chance.randint(0, 4))
    ]
    if seed >= 20:
        paragraphs = [chance.choice(WORDS).title() + f" has {seed % 5} ships. {one}" for one in paragraphs]
    text = "\n\n".join([*paragraphs, *([SHARED] if seed % 3 else []), *([FOOT] if seed % 2 else [])])
    twin = seed // 20
    if twin == 2:
        return text.replace("harbour", "harbor").replace(" of ", " of the ")
    if twin == 3:
        return text.replace(" 3 ", " 4 ")
    return f"---\ndate: 2026-01-{seed % 9 + 10}\n---\n{text}" if twin == 4 else text


EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from(NAMES), st.integers(0, 99)),
        # Nearly the same article in several places.
        st.tuples(st.just("write"), st.sampled_from(NAMES), st.sampled_from([23, 43, 63, 83])),
        st.tuples(st.just("rename"), st.sampled_from(NAMES), st.integers(0, len(NAMES) - 1)),
        st.tuples(st.just("delete"), st.sampled_from(NAMES), st.just(0)),
        # All at once, or in portions of an article each.
        st.tuples(st.just("sync"), st.just(""), st.integers(0, 1)),
    ),
    max_size=25,
)


def library_in(client: QdrantClient) -> Library:
    embedder = HashEmbedder(64)
    store = QdrantPassageStore(
        client, "test", embedder_id=embedder.id, dimensions=embedder.dimensions, embedded=True
    )
    return Library(store, embedder, Bm25Encoder())


@contextmanager
def new_library() -> Iterator[Library]:
    client = QdrantClient(":memory:")
    yield library_in(client)
    client.close()


def held(library: Library) -> list[tuple[object, ...]]:
    """All that a library holds, but for when it was added."""
    rows = library.articles()
    stored = [library.store.article(row.key) for row in rows]
    return [
        (row.key, replace(one, added=""), tuple(library.store.passages(row.key)), library.origins(row.key))
        for row, one in zip(rows, stored, strict=True)
        if one is not None
    ]


@pytest.mark.whole
@settings(max_examples=15)
@given(EDITS)
def test_edits_and_syncs_in_any_order_end_where_a_new_library_begins(
    edits: list[tuple[str, str, int]],
) -> None:
    assert_like_a_new_library(edits)


@pytest.mark.long
@settings(max_examples=200)
@given(EDITS)
def test_two_hundred_rounds_of_edits_end_where_a_new_library_begins(
    edits: list[tuple[str, str, int]],
) -> None:
    assert_like_a_new_library(edits)


@pytest.fixture
def library_on_disk(tmp_path: Path) -> Iterator[Library]:
    client = open_folder(tmp_path / "store", wait_seconds=0.0, on_wait=lambda _: None)
    yield library_in(client)
    client.close()


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_one_library_on_the_disk_has_no_orphan_after_any_of_two_hundred_rounds(
    tmp_path: Path, library_on_disk: Library
) -> None:
    folder = tmp_path / "shelf"
    folder.mkdir()
    chance = random.Random()
    edited = library_on_disk
    for number in range(200):
        for _ in range(chance.randint(1, 6)):
            what = chance.choice(("write", "write", "write", "rename", "delete"))
            other = chance.randrange(100) if what == "write" else chance.randrange(len(NAMES))
            edit(folder, what, chance.choice(NAMES), other)
        sync(edited, folder, in_portions=number % 2 == 1)
        assert edited.store.remove_orphans() == 0
        if number % 10 == 9:
            assert_like_new(edited, folder)


def assert_like_a_new_library(edits: list[tuple[str, str, int]]) -> None:
    """Make the edits, sync, and compare with a library that begins where they end."""
    with TemporaryDirectory() as place, new_library() as edited:
        folder = Path(place)
        for what, name, seed in [*edits, ("sync", "", 0)]:
            if what == "sync":
                sync(edited, folder, in_portions=bool(seed))
            else:
                edit(folder, what, name, seed)
        assert_like_new(edited, folder)


def edit(folder: Path, what: str, name: str, seed: int) -> None:
    file = folder / name
    if what == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(text_of(seed) or "A text that is never empty.")
    elif what == "rename" and file.exists():
        (folder / NAMES[seed]).parent.mkdir(exist_ok=True)
        file.rename(folder / NAMES[seed])
    elif what == "delete":
        file.unlink(missing_ok=True)


def sync(library: Library, folder: Path, *, in_portions: bool) -> None:
    """Bring the library up to date; all that is there is kept afterwards."""
    source = FolderSource(folder, ArticleReader(), id="shelf")
    syncing = LibrarySync(library, ArticleSplitter(), clock=count(step=1000).__next__)
    report = syncing.run([source]) if in_portions else syncing.carry_out(syncing.plan([source]))
    assert report.failed == ()
    there = len(report.plan.steps) - report.plan.count("delete")
    assert syncing.plan([source]).count("keep") == there


def assert_like_new(edited: Library, folder: Path) -> None:
    """The library holds and finds what one that is built from the folder does."""
    apart = 2e-6  # scores are rounded to six places, and what is added up in another order may round apart
    with new_library() as fresh:
        sync(fresh, folder, in_portions=False)
        assert held(edited) == held(fresh)
        assert edited.store.count() == fresh.store.count()
        assert edited.store.remove_orphans() == 0
        for question in QUESTIONS:
            hits, others = (
                {hit.passage.id: hit for hit in library.search(question, 100)} for library in (edited, fresh)
            )
            for what in ("score", "dense"):
                found = {place: getattr(hit, what) for place, hit in hits.items()}
                assert found == pytest.approx(
                    {place: getattr(hit, what) for place, hit in others.items()}, abs=apart
                )
