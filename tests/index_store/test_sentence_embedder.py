"""The real embedder: what it promises without weights, and with the real ones."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index_store.errors import LibraryError
from index_store.sentence_embedder import SentenceEmbedder


def test_making_one_loads_nothing_and_embedding_nothing_needs_no_weights(tmp_path: Path) -> None:
    embedder = SentenceEmbedder("any", tmp_path / "not there", dimensions=7)
    assert (embedder.id, embedder.dimensions) == ("any", 7)
    vectors = embedder.embed([], role="document")
    assert vectors.shape == (0, 7)
    assert vectors.dtype == np.float32


def test_vectors_are_unit_length_and_near_in_meaning(real_embedder: SentenceEmbedder) -> None:
    texts = ["A cat sleeps on the sofa.", "The kitten naps on the couch.", "Interest rates rose again."]
    cat, kitten, rates = real_embedder.embed(texts, role="document")
    assert np.linalg.norm(cat) == pytest.approx(1.0, abs=1e-4)
    assert cat.shape == (real_embedder.dimensions,)
    question = real_embedder.embed(["Where does the cat sleep?"], role="query")[0]
    assert float(question @ cat) > float(question @ kitten) > float(question @ rates)


def test_a_vector_does_not_depend_on_its_batch(real_embedder: SentenceEmbedder) -> None:
    alone = real_embedder.embed(["A cat sleeps."], role="document")[0]
    texts = ["A cat sleeps.", *("A much longer text about many other things. " * 9 for _ in range(3)), ""]
    together = real_embedder.embed(texts, role="document")
    assert float(alone @ together[0]) == pytest.approx(1.0, abs=1e-3)
    assert np.isfinite(together).all()


def test_several_threads_get_their_own_vectors(real_embedder: SentenceEmbedder) -> None:
    texts = [f"Text number {number}." for number in range(8)]
    alone = [real_embedder.embed([text], role="query")[0] for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: real_embedder.embed([text], role="query")[0], texts))
    assert [float(a @ b) for a, b in zip(alone, together, strict=True)] == pytest.approx([1.0] * 8, abs=1e-4)


def test_prefixes_are_put_before_what_they_are_for(real_embedder: SentenceEmbedder) -> None:
    prefixed = SentenceEmbedder(
        "prefixed",
        real_embedder._folder,
        dimensions=real_embedder.dimensions,
        query_prefix="question: ",
        document_prefix="text: ",
    )
    asked = prefixed.embed(["cat"], role="query")[0]
    told = prefixed.embed(["cat"], role="document")[0]
    plain = real_embedder.embed(["question: cat", "text: cat"], role="query")
    assert (float(asked @ plain[0]), float(told @ plain[1])) == pytest.approx((1.0, 1.0), abs=1e-4)


def test_a_wrong_length_is_refused_every_time(real_embedder: SentenceEmbedder) -> None:
    wrong = SentenceEmbedder("wrong", real_embedder._folder, dimensions=3)
    for _ in range(2):
        with pytest.raises(LibraryError, match="3"):
            wrong.embed(["text"], role="query")


@pytest.mark.model
def test_a_folder_without_a_model_is_told_in_one_line(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for folder in (tmp_path / "not there", empty):
        with pytest.raises(LibraryError, match="footnote models verify") as caught:
            SentenceEmbedder("gone", folder, dimensions=3).warm_up()
        assert "\n" not in str(caught.value)
