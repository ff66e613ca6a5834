"""Which words count, and how much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_store.lexical import Bm25Encoder, SparseVector

ENCODER = Bm25Encoder()


def score(question: str, text: str, context: str = "") -> float:
    """The weight of the question's words in a text, without Qdrant's IDF."""
    vector = ENCODER.encode_documents([text], [context])[0]
    weights = dict(zip(vector.indices, vector.values, strict=True))
    return sum(weights.get(word, 0.0) for word in ENCODER.encode_query(question).indices)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("the 4 of Gemma", "Gemma 4 is out"),
        ("running models", "a model that runs"),
        ("qwen", "Qwen2.5-Coder"),
        ("qwen2.5", "Qwen2.5-Coder"),
        ("coder", "Qwen2.5-Coder"),
        ("7B", "the 7B model"),
        ("GPT-4o", "gpt-4o costs"),
        ("llama.cpp", "built on llama.cpp."),
        ("cpp", "built on llama.cpp."),
        ("café", "the cafe\u0301 opens"),  # an accent as a character of its own
        ("straße", "die Straße"),
        ("ΕΛΛΆΔΑ", "ελλάδα"),
        ("Table", "resultTable of scores"),  # glued by a page's layout
        ("模型", "模型"),
        ("3.8", "3.8 billion"),
    ],
)
def test_a_word_is_found_however_it_is_written(question: str, text: str) -> None:
    assert score(question, text) > 0


@pytest.mark.parametrize(
    ("question", "text"), [("the of and", "the cat and of"), ("3.8", "3 and 8 apart"), ("cat", "category")]
)
def test_what_is_another_word_or_no_content_word_is_not_found(question: str, text: str) -> None:
    assert score(question, text) == 0


def test_more_occurrences_count_more_and_longer_texts_less() -> None:
    filler = " ".join(f"filler{number}" for number in range(200))
    assert score("grain", "grain grain grain") > score("grain", "grain")
    assert score("grain", "grain " * 50) < 10 * score("grain", "grain")
    assert score("grain", f"grain {filler}") < score("grain", "grain")


def test_a_word_of_the_title_counts_but_less_than_one_of_the_text() -> None:
    assert 0 < score("grain", "text", "grain") < score("grain", "grain")
    assert score("grain", "grain text", "grain") > score("grain", "grain text")
    assert score("grain", "text", "grain grain grain") == score("grain", "text", "grain")


def test_a_question_counts_each_word_once() -> None:
    vector = ENCODER.encode_query("grain, grain and more grain")
    assert vector == ENCODER.encode_query("grain")
    assert set(vector.values) == {1.0}


def test_words_come_in_order_with_repetitions() -> None:
    assert ENCODER.words("Grain and silos, grain") == ["grain", "silo", "grain"]


def test_nothing_in_nothing_out() -> None:
    assert ENCODER.encode_documents([], []) == []
    assert ENCODER.encode_query("") == SparseVector((), ())
    assert ENCODER.encode_query("?!") == SparseVector((), ())
    assert ENCODER.words("") == []


@given(st.lists(st.tuples(st.text(), st.text()), max_size=4))
def test_every_vector_is_one_that_qdrant_takes(texts: list[tuple[str, str]]) -> None:
    vectors = ENCODER.encode_documents([text for text, _ in texts], [context for _, context in texts])
    assert len(vectors) == len(texts)
    for vector in vectors:
        assert len(vector.indices) == len(vector.values) == len(set(vector.indices))
        assert all(0 <= index < 2**32 for index in vector.indices)
        assert all(value > 0 for value in vector.values)


@given(st.text(), st.text())
def test_a_vector_does_not_depend_on_the_texts_beside_it(one: str, other: str) -> None:
    both = ENCODER.encode_documents([one, other], ["", "title"])
    assert both == [*ENCODER.encode_documents([one], [""]), *ENCODER.encode_documents([other], ["title"])]
