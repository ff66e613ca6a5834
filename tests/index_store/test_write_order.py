"""A write that dies after any step leaves a library that answers, and that tidying up makes whole again."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest
from dying_client import DyingClient, Killed
from qdrant_client import QdrantClient
from synthetic import article, found, library_over, passages, put

from index_store import qdrant_store
from index_store.article import Article
from index_store.errors import LibraryUnreachable
from index_store.library import Library
from index_store.qdrant_connection import open_folder
from index_store.qdrant_points import article_id

pytestmark = pytest.mark.whole

OTHER = article("other.md", "Another article on grain.", "It has two passages.")
OLD = article("news.md", *(f"Old grain news, part {number}." for number in range(3)))
NEW = article("news.md", *(f"New grain news, part {number}." for number in range(3)))


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qdrant_store, "_BATCH", 2)


def deaths(
    folder: Path,
    before: Callable[[Library], None],
    work: Callable[[Library], object],
) -> Iterator[tuple[str, Library]]:
    """The library as each possible death during `work` leaves it, opened anew; `before` makes it ready."""
    for after in (False, True):
        for nth in range(1, 100):
            place = folder / f"{nth}{after}"
            with closing(open_folder(place)) as client:
                before(library_over(client, "test", embedded=True))
                dying = cast("QdrantClient", DyingClient(client, nth, after=after))
                try:
                    work(library_over(dying, "test", embedded=True))
                except Killed:
                    pass
                else:
                    assert nth > 2, "the work never wrote"
                    break
            with closing(open_folder(place)) as client:
                when = f"write {nth}, {'after' if after else 'before'}"
                yield when, library_over(client, "test", embedded=True)


def forget_record(library: Library, path: str) -> None:
    """Leave an article's passages to themselves, as a death before its record was written does."""
    client = library.store._client  # type: ignore[attr-defined]
    client.delete("test-articles", [article_id(f"shelf\n{path}")])


def assert_whole(library: Library, *articles: Article) -> None:
    """The library holds these articles and nothing else."""
    assert [row.path for row in library.articles()] == sorted(one.path for one in articles)
    for one in articles:
        stored = library.store.article(one.key)
        assert stored is not None
        assert (stored.article, stored.content_hash) == (one, one.content_hash)
        assert library.store.passages(one.key) == list(passages(one))
    assert library.store.count() == sum(len(passages(one)) for one in articles)
    assert library.store.remove_orphans() == 0


@pytest.mark.whole
def test_dying_while_an_article_changes_leaves_its_old_or_its_new_state(tmp_path: Path) -> None:
    states = set()
    for when, library in deaths(tmp_path, lambda it: put(it, OTHER, OLD), lambda it: put(it, NEW)):
        texts = {hit.passage.text for hit in library.search("grain news", 100)}
        whole = [one for one in (OLD, NEW) if texts >= {passage.text for passage in passages(one)}]
        assert whole, when
        assert "other.md" in found(library, "Another article on grain"), when
        stored = library.store.article(OLD.key)
        assert stored is not None, when
        assert stored.article in whole, when
        library.store.remove_orphans()
        assert_whole(library, OTHER, stored.article)
        states.add(stored.article.text)
        put(library, NEW)
        assert_whole(library, OTHER, NEW)
    assert states == {OLD.text, NEW.text}


@pytest.mark.whole
def test_dying_while_an_article_is_added_lists_it_whole_or_not_at_all(tmp_path: Path) -> None:
    for when, library in deaths(tmp_path, lambda it: put(it, OTHER), lambda it: put(it, NEW)):
        assert "other.md" in found(library, "Another article on grain"), when
        library.store.remove_orphans()
        listed = [NEW] if library.store.article(NEW.key) else []
        assert_whole(library, OTHER, *listed)
        put(library, NEW)
        assert_whole(library, OTHER, NEW)


@pytest.mark.whole
def test_dying_while_an_article_is_removed_never_makes_it_look_whole(tmp_path: Path) -> None:
    for when, library in deaths(tmp_path, lambda it: put(it, OTHER, OLD), lambda it: it.remove([OLD.key])):
        assert "other.md" in found(library, "Another article on grain"), when
        stored = library.store.article(OLD.key)
        if stored is not None and stored.content_hash == OLD.content_hash:
            assert library.store.passages(OLD.key) == list(passages(OLD)), when
        else:
            library.store.remove_orphans()
            assert library.store.passages(OLD.key) == [], when
        put(library, OLD)
        assert_whole(library, OTHER, OLD)
        library.remove([OLD.key])
        assert_whole(library, OTHER)


@pytest.mark.whole
def test_a_remove_that_died_is_taken_up_again(tmp_path: Path) -> None:
    for _, library in deaths(tmp_path, lambda it: put(it, OTHER, OLD), lambda it: it.remove([OLD.key])):
        library.remove([OLD.key])
        assert_whole(library, OTHER)


def test_a_remove_that_died_between_two_passages_is_taken_up_again(tmp_path: Path) -> None:
    with closing(open_folder(tmp_path / "library")) as client:
        put(library_over(client, "test", embedded=True), OTHER, OLD)
        client.delete("test-passages", [passages(OLD)[1].id])
    with closing(open_folder(tmp_path / "library")) as client:
        library = library_over(client, "test", embedded=True)
        library.remove([OLD.key])
        assert_whole(library, OTHER)


@pytest.mark.whole
def test_dying_while_tidying_up_leaves_work_for_the_next_time(tmp_path: Path) -> None:
    def with_orphans(library: Library) -> None:
        put(library, OTHER, OLD, article("gone.md", "One.", "Two.", "Three."))
        forget_record(library, "gone.md")

    for _, library in deaths(tmp_path, with_orphans, lambda it: it.store.remove_orphans()):
        library.store.remove_orphans()
        assert_whole(library, OTHER, OLD)


def test_as_many_passages_lost_as_orphaned_are_still_tidied_up(embedded: Library) -> None:
    put(embedded, OTHER, article("half.md", "Gone."), article("orphan.md", "Left behind."))
    client = embedded.store._client  # type: ignore[attr-defined]
    client.set_payload("test-articles", {"content_hash": ""}, points=[article_id("shelf\nhalf.md")])
    client.delete("test-passages", [passages(article("half.md", "Gone."))[0].id])
    forget_record(embedded, "orphan.md")
    assert embedded.store.remove_orphans() == 1
    assert found(embedded, "Left behind.") == ["other.md", "other.md"]


def test_after_a_failed_write_the_next_one_makes_the_article_whole(tmp_path: Path) -> None:
    with closing(open_folder(tmp_path / "library")) as client:
        failing = DyingClient(client, 2, after=False, death=ConnectionError)
        library = library_over(cast("QdrantClient", failing), "test", embedded=True)
        with pytest.raises(LibraryUnreachable, match="try again"):
            put(library, NEW)
        put(library, NEW)
        assert_whole(library, NEW)
