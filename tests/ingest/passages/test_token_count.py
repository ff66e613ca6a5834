"""Tokens are counted about as models do."""

from ingest.passages.token_count import count_tokens


def test_words_digits_and_signs_count() -> None:
    assert count_tokens("") == 0
    assert count_tokens("Three short words.") == 4
    assert count_tokens("2025") == 4
    assert count_tokens("模型很大") == 4
    assert count_tokens("naïve café") == 2


def test_a_long_run_of_letters_is_more_than_one() -> None:
    assert count_tokens("x" * 1000) == count_tokens("_" * 1000) == 50
