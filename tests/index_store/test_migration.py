"""Another embedder takes over: the old collections serve until the new ones are whole, whatever happens."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest
from dying_client import ALL_WRITES, DyingClient, Killed
from hypothesis import given, settings
from hypothesis import strategies as st
from qdrant_client import QdrantClient
from synthetic import article, passages, put

from index_store import qdrant_store
from index_store.article import Article
from index_store.embedder import Embedder, HashEmbedder
from index_store.errors import LibraryDamaged, LibraryError
from index_store.lexical import Bm25Encoder
from index_store.library import Library
from index_store.library_collections import LibraryCollections
from index_store.migration import Migration
from index_store.passage_store import ArticleSummary
from index_store.qdrant_connection import open_folder, open_server
from index_store.qdrant_store import QdrantPassageStore, drop_library

pytestmark = pytest.mark.whole

OLD, NEW, THIRD = HashEmbedder(64), HashEmbedder(96), HashEmbedder(32)
ARTICLES = (
    article("grain.md", "Grain prices rose in May.", "They fell in June."),
    article("other.md", "A third thing on grain.", source="elsewhere"),
    article("rail.md", "Rails were laid to the mill.", "The mill burned down.", "It was built anew."),
)
QUESTION = "What happened to grain prices?"


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qdrant_store, "_BATCH", 2)


@pytest.fixture(params=["embedded", pytest.param("server", marks=pytest.mark.server)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[QdrantClient, bool]]:
    """An open Qdrant, and whether it is the embedded one."""
    if request.param == "embedded":
        with closing(open_folder(tmp_path / "library")) as client:
            yield client, True
        return
    with closing(open_server(request.getfixturevalue("qdrant_server"))) as client:
        yield client, False


def opened(
    client: QdrantClient, name: str = "test", embedder: Embedder | None = None, embedded: bool = True
) -> Library:
    """The library in force, with the embedder that made it, as a process that starts would open it."""
    collections = LibraryCollections(client, name)
    base = collections.in_force()
    made_by = collections.embedder_of(base)
    right = next((one for one in (OLD, NEW, THIRD) if one.id == made_by), embedder or OLD)
    store = QdrantPassageStore(
        client, base, embedder_id=right.id, dimensions=right.dimensions, embedded=embedded
    )
    return Library(store, right, Bm25Encoder())


def collections_of(client: QdrantClient, name: str = "test") -> set[str]:
    return {one.name for one in client.get_collections().collections if one.name.startswith(name)}


def answers(library: Library) -> list[tuple[str, float]]:
    return [(hit.passage.id, round(hit.score, 4)) for hit in library.search(QUESTION, 10)]


def assert_whole(library: Library, articles: tuple[Article, ...] = ARTICLES) -> None:
    assert {row.key for row in library.articles()} == {one.key for one in articles}
    for one in articles:
        stored = library.store.article(one.key)
        assert stored is not None
        assert stored.article == one
        assert library.store.passages(one.key) == list(passages(one))
    assert library.store.count() == sum(len(passages(one)) for one in articles)


def test_the_new_embedder_answers_after_it_as_if_it_had_been_there_from_the_start(
    place: tuple[QdrantClient, bool],
) -> None:
    client, embedded = place
    name, fresh = uuid4().hex, uuid4().hex
    library = opened(client, name, embedded=embedded)
    put(library, *ARTICLES)
    library.store.set_state({"last_sync": "2026-01-01T00:00:00+00:00"})
    rows = library.articles()
    Migration(client, name, NEW, embedded=embedded).run(library)
    from_the_start = opened(client, fresh, NEW, embedded=embedded)
    put(from_the_start, *ARTICLES)
    assert answers(library) == answers(from_the_start)
    assert library.embedder is NEW
    assert_whole(library)
    assert library.articles() == rows
    assert library.store.state() == {"last_sync": "2026-01-01T00:00:00+00:00"}
    again = opened(client, name, embedded=embedded)
    assert again.embedder is NEW
    assert answers(again) == answers(library)
    assert len(collections_of(client, name)) == 3
    for one in (name, fresh):
        drop_library(client, one)
        assert collections_of(client, one) == set()


def test_while_it_goes_on_the_old_embedder_answers_as_before(place: tuple[QdrantClient, bool]) -> None:
    client, embedded = place
    name = uuid4().hex
    library = opened(client, name, embedded=embedded)
    put(library, *ARTICLES)
    before = answers(library)
    heard: list[tuple[str, int, int]] = []

    def hear(row: ArticleSummary, done: int, total: int) -> None:
        heard.append((row.path, done, total))
        assert library.embedder is OLD
        assert answers(library) == before
        assert opened(client, name, embedded=embedded).embedder is OLD

    Migration(client, name, NEW, embedded=embedded).run(library, hear)
    assert sorted(heard, key=lambda one: one[1]) == [
        ("other.md", 0, 3),
        ("grain.md", 1, 3),
        ("rail.md", 2, 3),
    ]
    drop_library(client, name)


@pytest.mark.whole
def test_killed_at_any_write_nothing_is_lost_and_the_next_run_ends_it(tmp_path: Path) -> None:
    served = set()
    for after in (False, True):
        for nth in range(1, 100):
            folder = tmp_path / f"{nth}{after}"
            with closing(open_folder(folder)) as client:
                put(opened(client), *ARTICLES)
                before = answers(opened(client))
                dying = cast("QdrantClient", DyingClient(client, nth, after=after, writes=ALL_WRITES))
                try:
                    Migration(dying, "test", NEW, embedded=True).run(opened(dying))
                except Killed:
                    pass
                else:
                    assert nth > 8, "it hardly wrote"
                    break
            with closing(open_folder(folder)) as client:
                library = opened(client)
                served.add(library.embedder.id)
                assert_whole(library)
                assert library.embedder is NEW or answers(library) == before
                if library.embedder is OLD:
                    Migration(client, "test", NEW, embedded=True).run(library)
                else:
                    LibraryCollections(client, "test").remove_others()
                assert library.embedder is NEW
                assert_whole(library)
                assert collections_of(client) == {
                    "test@in-force",
                    "test@hash-96-passages",
                    "test@hash-96-articles",
                }
    assert served == {OLD.id, NEW.id}


def test_what_is_there_already_is_not_embedded_again(tmp_path: Path) -> None:
    with closing(open_folder(tmp_path)) as client:
        library = opened(client)
        put(library, *ARTICLES)

        def stop_at_the_last(_: ArticleSummary, done: int, total: int) -> None:
            if done == total - 1:
                raise Killed

        with pytest.raises(Killed):
            Migration(client, "test", NEW, embedded=True).run(library, stop_at_the_last)
        # In the meantime one article changed, one went and one came.
        changed = article("grain.md", "Grain prices are unknown.")
        come = article("new.md", "A new one.")
        put(library, changed, come)
        library.remove([ARTICLES[1].key])
        heard: list[str] = []
        Migration(client, "test", NEW, embedded=True).run(
            library, lambda row, done, total: heard.append(row.path)
        )
        assert sorted(heard) == ["grain.md", "new.md", "rail.md"]
        assert_whole(library, (changed, ARTICLES[2], come))
        assert {hit.passage.article for hit in library.search("A third thing on grain.", 10)} == {
            "grain.md",
            "rail.md",
            "new.md",
        }


def test_given_up_for_a_third_embedder_or_for_the_old_one_nothing_is_left_of_it(tmp_path: Path) -> None:
    def give_up(row: ArticleSummary, done: int, total: int) -> None:
        if done:
            raise Killed

    with closing(open_folder(tmp_path)) as client:
        library = opened(client)
        put(library, *ARTICLES)
        with pytest.raises(Killed):
            Migration(client, "test", NEW, embedded=True).run(library, give_up)
        LibraryCollections(client, "test").remove_others()
        assert collections_of(client) == {"test-passages", "test-articles"}
        with pytest.raises(Killed):
            Migration(client, "test", NEW, embedded=True).run(library, give_up)
        Migration(client, "test", THIRD, embedded=True).run(library)
        assert collections_of(client) == {"test@in-force", "test@hash-32-passages", "test@hash-32-articles"}
        assert_whole(library)


@pytest.mark.whole
@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([OLD, NEW, THIRD]), st.integers(0, 6)), max_size=5))
def test_however_often_the_embedder_changes_nothing_is_lost(changes: list[tuple[HashEmbedder, int]]) -> None:
    """Each change is given up after so many articles, if there are so many to embed."""
    with closing(QdrantClient(":memory:")) as client:
        library = opened(client)
        put(library, *ARTICLES)
        for embedder, patience in changes:

            def lose_patience(_: ArticleSummary, done: int, total: int, patience: int = patience) -> None:
                if done == patience:
                    raise Killed

            in_force = library.embedder
            if embedder is in_force:
                continue
            try:
                Migration(client, "test", embedder, embedded=True).run(library, lose_patience)
            except Killed:
                assert library.embedder is in_force
            else:
                assert library.embedder is embedder
            assert_whole(library)
            library = opened(client)
            assert_whole(library)
        LibraryCollections(client, "test").remove_others()
        assert len(collections_of(client)) in (2, 3)


def test_an_article_that_was_being_removed_is_not_brought_back(tmp_path: Path) -> None:
    with closing(open_folder(tmp_path)) as client:
        library = opened(client)
        put(library, *ARTICLES)
        dying = cast("QdrantClient", DyingClient(client, 3, after=False, writes=ALL_WRITES))
        with pytest.raises(Killed):
            opened(dying).remove([ARTICLES[2].key])
        Migration(client, "test", NEW, embedded=True).run(library)
        assert_whole(library, ARTICLES[:2])


def test_a_library_that_lost_passages_is_not_switched(tmp_path: Path) -> None:
    with closing(open_folder(tmp_path)) as client:
        library = opened(client)
        put(library, *ARTICLES)
        client.delete("test-passages", [passages(ARTICLES[0])[0].id])
        with pytest.raises(LibraryDamaged, match="rebuild"):
            Migration(client, "test", NEW, embedded=True).run(library)
        assert opened(client).embedder is OLD


def test_a_search_under_way_at_the_switch_is_answered_by_the_new_embedder(tmp_path: Path) -> None:
    with closing(open_folder(tmp_path)) as client:

        class Slow(HashEmbedder):
            """Embeds a question for so long that the library is switched in between."""

            def embed(self, texts: Any, *, role: Any) -> Any:
                if role == "query" and library.embedder is self:
                    Migration(client, "test", NEW, embedded=True).run(library)
                return super().embed(texts, role=role)

        slow = Slow(64)
        opened(client)
        store = QdrantPassageStore(client, "test", embedder_id=slow.id, dimensions=64, embedded=True)
        library = Library(store, slow, Bm25Encoder())
        put(library, *ARTICLES)
        assert {hit.passage.article for hit in library.search(QUESTION, 10)} == {
            "grain.md",
            "other.md",
            "rail.md",
        }
        assert library.embedder is NEW
        with pytest.raises(LibraryError, match="closed"):
            store.count()


def test_an_embedder_may_have_any_name(tmp_path: Path) -> None:
    class Named(HashEmbedder):
        id = "some/one: with|signs*?"

    with closing(open_folder(tmp_path)) as client:
        library = opened(client)
        put(library, *ARTICLES)
        Migration(client, "test", Named(64), embedded=True).run(library)
        assert LibraryCollections(client, "test").embedder_of("test@some_one_with_signs_") == Named.id
        assert_whole(library)


def test_a_library_of_a_similar_name_is_another_one(tmp_path: Path) -> None:
    with closing(open_folder(tmp_path)) as client:
        other, mine = opened(client, "test2"), opened(client)
        put(other, *ARTICLES)
        put(mine, *ARTICLES)
        Migration(client, "test", NEW, embedded=True).run(mine)
        assert_whole(other)
        drop_library(client, "test")
        assert_whole(other)
        assert collections_of(client) == {"test2-passages", "test2-articles"}
