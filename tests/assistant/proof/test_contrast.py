"""What a source says of one side of a contrast is not told of the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.proof.contrast import moves_a_without, takes_from_both_sides

LICENCES = (
    "Heron-Coder 1B / 7B / 14B are licensed under Apache 2.0, while 3B is under the Marsh Research license."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Heron-Coder 3B has the same license as its siblings, which is Apache 2.0.",
        "The license of the 7B model is Marsh Research.",
    ],
)
def test_what_is_said_of_the_other_is_found_out(sentence: str) -> None:
    assert takes_from_both_sides(sentence, LICENCES)


def test_what_a_quote_says_in_one_thing_is_said_of_it_on_every_side() -> None:
    licences = "In Heron 2 most sizes are Apache 2.0, but the 3B falls under the Marsh Research licence."
    assert not takes_from_both_sides("The licence of Heron 2 3B is the Marsh Research licence.", licences)
    assert takes_from_both_sides("The licence of Heron 2 3B is Apache 2.0.", licences)
    fees = "For Acme the fee is 30 euros, while Beta pays 20 euros."
    assert takes_from_both_sides("The fee for Acme is 20 euros.", fees)
    assert takes_from_both_sides("In Paris 20% agreed.", "In Paris 30% agreed, but in Rome 20% did.")


WHILE = "While Heron 2 learned from 18 books, Heron 3 uses 36 books of 119 birds and dialects."


def test_two_things_that_a_while_sets_apart_at_the_beginning_are_kept_apart() -> None:
    assert takes_from_both_sides("Heron 2 knows 119 birds and dialects.", WHILE)
    assert takes_from_both_sides("Heron 3 learned from 18 books.", WHILE)
    assert not takes_from_both_sides("Heron 3 knows 119 birds and dialects.", WHILE)
    assert not takes_from_both_sides("Heron 2 and Heron 3 know 119 birds.", WHILE)


@pytest.mark.parametrize(
    "sentence",
    [
        "Heron-Coder 3B is under the Marsh Research license.",
        "The 7B model is licensed under Apache 2.0.",
        "The 7B model is under Apache 2.0 and the 3B model is under Marsh Research.",
        "The 3B model is not under Apache 2.0.",
        "Heron-Coder is licensed.",
        "Stork 3B is under Apache 2.0.",
    ],
)
def test_what_stands_on_one_side_speaks_of_both_or_is_of_another_thing_passes(sentence: str) -> None:
    assert not takes_from_both_sides(sentence, LICENCES)


def test_without_a_contrast_nothing_is_found() -> None:
    assert not takes_from_both_sides(
        "Heron 3B is under Apache 2.0.", "Heron 3B is fast. It is under Apache 2.0."
    )


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_read(sentence: str, quote: str) -> None:
    assert takes_from_both_sides(sentence, quote) in (True, False)


def test_what_is_told_without_something_is_not_told_with_the_figure_of_the_other_case() -> None:
    quote = "It may be kept in a cabinet for up to 7 days; without a cabinet it must be used after 12 hours."
    assert moves_a_without("It may be kept without a cabinet for up to 7 days.", quote)
    assert moves_a_without("It may be kept in a cabinet for 7 days without a cabinet.", quote)
    assert not moves_a_without("Without a cabinet it must be used after 12 hours.", quote)
    assert not moves_a_without("In a cabinet it keeps for 7 days.", quote)
    assert not moves_a_without("Without a lid it keeps for 7 days.", quote)
