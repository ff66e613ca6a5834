"""The fake embedder does what a real one does, but for the meaning."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_store.embedder import HashEmbedder


@given(st.lists(st.text(max_size=40), max_size=4))
def test_vectors_are_unit_length_one_for_each_text(texts: list[str]) -> None:
    vectors = HashEmbedder(16).embed(texts, role="document")
    assert vectors.shape == (len(texts), 16)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-5)


def test_the_same_words_mean_the_same_and_shared_words_mean_nearness() -> None:
    embedder = HashEmbedder()
    texts = ["Grain is stored in silos.", "grain silos (stored)", "Snow closes mountain roads today"]
    one, near, far = embedder.embed(texts, role="document")
    question = embedder.embed(["grain is stored in silos"], role="query")[0]
    assert float(one @ question) == pytest.approx(1.0, abs=1e-5)
    assert float(near @ question) > 0.4 > float(far @ question)


def test_a_vector_does_not_depend_on_the_texts_beside_it() -> None:
    embedder = HashEmbedder()
    alone = embedder.embed(["grain"], role="document")[0]
    assert (embedder.embed(["snow", "grain", ""], role="document")[1] == alone).all()


def test_the_name_tells_the_size() -> None:
    assert HashEmbedder(16).id != HashEmbedder(32).id
    assert HashEmbedder(16).dimensions == 16
