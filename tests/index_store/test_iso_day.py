"""The dates of articles, as a person reads them."""

import pytest

from index_store.iso_day import day


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2025-03-18", "18 March 2025"),
        ("2025-03", "March 2025"),
        ("2025", "2025"),
        ("2025-03-18T10:00:00Z", "18 March 2025"),
        ("2025-13-45", "2025-13-45"),
        ("spring", "spring"),
        (None, ""),
        ("", ""),
    ],
)
def test_dates_are_written_in_words_and_never_guessed(value: str | None, words: str) -> None:
    assert day(value) == words
