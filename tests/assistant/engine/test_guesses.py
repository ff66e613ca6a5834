"""Guesses are what followed the same words before, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.engine.guesses import PromptLookup

# Few different tokens, so that the same ones come again.
TOKENS = st.lists(st.integers(0, 3), max_size=40)
COMMON = 3


def guessed(tokens: list[int], most: int) -> list[int]:
    return PromptLookup(tokens).guess(most)


def test_what_followed_the_same_three_tokens_is_guessed() -> None:
    assert guessed([5, 6, 7, 8, 9, 1, 5, 6, 7], 2) == [8, 9]
    assert guessed([5, 6, 7, 8, 9, 1, 5, 6, 7], 9) == [8, 9, 1, 5, 6, 7]


def test_the_last_time_counts() -> None:
    assert guessed([1, 2, 3, 4, 1, 2, 3, 5, 1, 2, 3], 1) == [5]


def test_two_tokens_in_common_say_too_little() -> None:
    assert guessed([9, 6, 7, 8, 5, 6, 7], 3) == []


def test_nothing_read_and_nothing_wanted_give_no_guess() -> None:
    assert guessed([], 3) == []
    assert guessed([1, 2], 3) == []
    assert guessed([1, 2, 3, 4, 1, 2, 3], 0) == []


def test_what_was_written_is_guessed_from_as_well() -> None:
    lookup = PromptLookup([1, 2, 3])
    for token in (9, 8, 1, 2, 3):
        lookup.add(token)
    assert lookup.guess(2) == [9, 8]


@given(TOKENS, st.integers(0, 6))
def test_a_guess_stood_behind_the_same_tokens_before(tokens: list[int], most: int) -> None:
    guess = guessed(tokens, most)
    assert len(guess) <= most
    stretch = [*tokens[-COMMON:], *guess]
    places = range(len(tokens) - COMMON)
    assert not guess or any(tokens[place : place + len(stretch)] == stretch for place in places)


@given(TOKENS, st.integers(1, 6))
def test_there_is_a_guess_wherever_the_same_tokens_were_met(tokens: list[int], most: int) -> None:
    met = any(
        tokens[place : place + COMMON] == tokens[-COMMON:] for place in range(max(0, len(tokens) - COMMON))
    )
    assert bool(guessed(tokens, most)) == (len(tokens) >= COMMON and met)


@given(TOKENS, TOKENS)
def test_it_does_not_matter_whether_tokens_were_read_or_written(read: list[int], written: list[int]) -> None:
    lookup = PromptLookup(read)
    for token in written:
        lookup.add(token)
    assert lookup.guess(4) == guessed(read + written, 4)
