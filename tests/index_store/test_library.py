"""Articles in, passages out, whatever embeds and stores them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from qdrant_client import QdrantClient
from synthetic import EMBEDDER, article, found, passages, put

from index_store.embedder import HashEmbedder, Role, Vectors
from index_store.lexical import Bm25Encoder
from index_store.library import Library, now
from index_store.qdrant_store import QdrantPassageStore

pytestmark = pytest.mark.whole


class ListeningEmbedder(HashEmbedder):
    """Keeps what it was asked to embed, and as what."""

    def __init__(self) -> None:
        super().__init__(EMBEDDER.dimensions)
        self.asked: list[tuple[Role, list[str]]] = []

    def embed(self, texts: Sequence[str], *, role: Role) -> Vectors:
        self.asked.append((role, list(texts)))
        return super().embed(texts, role=role)


def test_passages_are_embedded_as_documents_and_questions_as_queries(embedded: Library) -> None:
    embedder = ListeningEmbedder()
    library = Library(embedded.store, embedder, embedded.lexical)
    one = article("a.md", "First part.", "Second part.")
    put(library, one)
    library.search("Which part?", 3)
    assert embedder.asked == [("document", ["First part.", "Second part."]), ("query", ["Which part?"])]


def test_a_passage_is_found_by_its_title_and_its_headings(embedded: Library) -> None:
    put(embedded, article("a.md", "Some words.", title="Zanzibar"), article("b.md", "Some words.", title="B"))
    assert found(embedded, "zanzibar", 1) == ["a.md"]
    under_heading = passages(article("c.md", "Some words."))[0]
    embedded.put(
        article("c.md", "Some words."),
        [replace(under_heading, headings=("Timbuktu",))],
        pipeline="test",
    )
    assert found(embedded, "timbuktu", 1) == ["c.md"]


def test_an_article_is_found_by_path_or_by_key(embedded: Library) -> None:
    one, two = article("a.md", "One."), article("a.md", "Two.", source="two")
    put(embedded, one, two)
    for key in (one.key, two.key):
        stored = embedded.find(key)
        assert stored is not None
        assert stored.article.key == key
    by_path = embedded.find("a.md")
    assert by_path is not None
    assert by_path.article == one
    assert embedded.find("A.md") is None


def test_an_article_knows_when_and_how_it_was_added(embedded: Library) -> None:
    before = now()
    put(embedded, article("a.md", "One."))
    row = embedded.articles()[0]
    assert before <= row.added <= now()
    assert datetime.fromisoformat(row.added).tzinfo is not None
    assert row.pipeline == "test"


def test_libraries_of_other_names_do_not_meet() -> None:
    client = QdrantClient(":memory:")
    libraries = [
        Library(
            QdrantPassageStore(
                client, name, embedder_id=EMBEDDER.id, dimensions=EMBEDDER.dimensions, embedded=True
            ),
            EMBEDDER,
            Bm25Encoder(),
        )
        for name in ("one", "one-passages")
    ]
    put(libraries[0], article("a.md", "Grain."))
    put(libraries[1], article("b.md", "Grain."))
    assert [found(library, "grain") for library in libraries] == [["a.md"], ["b.md"]]
    client.close()


def test_an_embedder_is_given_a_long_article_in_portions_and_each_text_once(embedded: Library) -> None:
    embedder = ListeningEmbedder()
    library = Library(embedded.store, embedder, embedded.lexical)
    texts = [f"Part {number} of the harbour." for number in range(600)]
    whole = article("a.md", *texts, *texts[:40])
    put(library, whole)
    asked = [text for _, given in embedder.asked for text in given]
    assert asked == texts
    assert max(len(given) for _, given in embedder.asked) <= 256
    held = library.store.embedded(whole.key, "test")
    assert all(
        np.allclose(held[text], embedder.embed([text], role="document")[0], atol=1e-4)
        for text in (texts[0], texts[39], texts[599])
    )
    assert {hit.passage.text for hit in library.search("part 39", 2)} == {texts[39]}
    # One word more: the rest is known.
    embedder.asked.clear()
    put(library, article("a.md", *texts, "A new part."))
    assert [given for _, given in embedder.asked] == [["A new part."]]
