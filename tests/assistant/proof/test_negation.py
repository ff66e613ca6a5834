"""A "not" is heard, and so is what may turn a sentence round from outside."""

import pytest

from assistant.proof.negation import is_negated, may_turn


@pytest.mark.parametrize("text", ["It is not free.", "It isn’t free.", "Es ist kein Reiher.", "Without it"])
def test_a_not_is_heard(text: str) -> None:
    assert is_negated(text)
    assert may_turn(text)


@pytest.mark.parametrize("rest", ["it is unclear whether", "nobody says that", "unless it rains", "wenn"])
def test_what_narrows_or_doubts_may_turn_what_stands_beside_it(rest: str) -> None:
    assert may_turn(rest)
    assert not is_negated(rest)


def test_other_words_turn_nothing() -> None:
    assert not may_turn("In note 4 the knot of the other nest says that")
