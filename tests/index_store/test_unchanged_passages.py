"""What the library has of a passage's words is not embedded again."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from synthetic import EMBEDDER, article, passages

from index_store.embedder import HashEmbedder, Role, Vectors
from index_store.lexical import SparseVector
from index_store.library import Library
from index_store.nudged_vectors import as_embedded, nudged

pytestmark = pytest.mark.whole

PARTS = [f"Part {number} tells of grain and of ship {number}." for number in range(6)]
EDITED = [*PARTS[:3], "This part is new.", *PARTS[4:]]


class ListeningEmbedder(HashEmbedder):
    """Keeps what it was asked to embed."""

    def __init__(self) -> None:
        super().__init__(EMBEDDER.dimensions)
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str], *, role: Role) -> Vectors:
        if role == "document":
            self.asked += texts
        return super().embed(texts, role=role)


@pytest.fixture
def embedder() -> ListeningEmbedder:
    return ListeningEmbedder()


@pytest.fixture
def listened(library: Library, embedder: ListeningEmbedder) -> Library:
    """A library on each store, whose embedder can be asked what it did."""
    return Library(library.store, embedder, library.lexical)


def put(library: Library, path: str, *paragraphs: str, pipeline: str = "1", was: str | None = None) -> int:
    one = article(path, *paragraphs)
    return library.put(one, passages(one), pipeline=pipeline, was=was)


def test_a_changed_article_embeds_only_its_changed_passages(
    listened: Library, embedder: ListeningEmbedder
) -> None:
    assert put(listened, "a.md", *PARTS) == sum(map(len, PARTS))
    embedder.asked.clear()
    assert put(listened, "a.md", *EDITED) == len("This part is new.")
    assert embedder.asked == ["This part is new."]
    assert [one.text for one in listened.store.passages("shelf\na.md")] == EDITED
    assert listened.store.remove_orphans() == 0


def test_passages_that_moved_or_stand_twice_are_not_embedded_again(
    listened: Library, embedder: ListeningEmbedder
) -> None:
    put(listened, "a.md", *PARTS)
    embedder.asked.clear()
    put(listened, "a.md", *reversed(PARTS), PARTS[0])
    assert embedder.asked == []
    assert listened.store.count() == len(PARTS) + 1


def test_what_another_pipeline_made_is_embedded_anew(listened: Library, embedder: ListeningEmbedder) -> None:
    put(listened, "a.md", *PARTS)
    embedder.asked.clear()
    put(listened, "a.md", *PARTS, pipeline="2")
    assert embedder.asked == PARTS


def test_a_renamed_article_takes_the_vectors_of_what_it_was(
    listened: Library, embedder: ListeningEmbedder
) -> None:
    put(listened, "a.md", *PARTS)
    embedder.asked.clear()
    assert put(listened, "b.md", *EDITED, was="shelf\na.md") == len("This part is new.")
    assert embedder.asked == ["This part is new."]
    put(listened, "c.md", *PARTS)
    assert embedder.asked == ["This part is new.", *PARTS]


@pytest.mark.whole
def test_vectors_stay_what_the_embedder_made_through_a_hundred_edits(listened: Library) -> None:
    put(listened, "a.md", *PARTS)
    for number in range(100):
        put(listened, "a.md", *PARTS, f"This is edit {number}.")
    kept = listened.store.embedded("shelf\na.md", "1")
    assert kept.keys() == {*PARTS, "This is edit 99."}
    fresh = EMBEDDER.embed(PARTS, role="document")
    assert np.max(np.abs(np.stack([kept[part] for part in PARTS]) - fresh)) < 1e-6


def test_a_search_after_an_edit_scores_as_in_a_library_made_from_it(listened: Library) -> None:
    put(listened, "a.md", *PARTS)
    put(listened, "a.md", *EDITED)
    hits = listened.search("Which ship has grain 4?", 10)
    listened.remove(["shelf\na.md"])
    put(listened, "a.md", *EDITED)
    others = listened.search("Which ship has grain 4?", 10)
    assert [hit.passage for hit in hits] == [hit.passage for hit in others]
    assert [hit.dense for hit in hits] == pytest.approx([hit.dense for hit in others], abs=2e-6)


def test_a_nudge_is_taken_back_whatever_length_the_store_gave_the_vector() -> None:
    plain = EMBEDDER.embed(["grain and ships"], role="document")[0]
    id = passages(article("a.md", "grain and ships"))[0].id
    moved, words = nudged(id, plain, SparseVector((1, 2), (0.5, 1.0)))
    assert not np.array_equal(moved, plain)
    for length in (0.5, 1.0, 3.0):
        stored = (moved * np.float32(length / np.linalg.norm(moved))).astype(np.float32)
        assert np.max(np.abs(as_embedded(id, stored) - plain)) < 2e-7
    assert replace(words, values=(0.5, 1.0)) == SparseVector((1, 2), (0.5, 1.0))
