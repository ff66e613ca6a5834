"""Advice that is given to others is told as theirs."""

import pytest

from assistant.proof.addressees import with_its_addressee


@pytest.mark.parametrize(
    ("sentence", "quote", "told"),
    [
        (
            "The retail bank should default to Heron 2 for clarity.",
            "On-premise deployments in regulated industries should default to Heron 2 for clarity.",
            "The retail bank should default to Heron 2 for clarity, as the article says of on-premise "
            "deployments in regulated industries.",
        ),
        (
            "The hospital should choose Heron 2.",
            "For regulated industries: choose Heron 2.",
            "The hospital should choose Heron 2, as the article says for regulated industries.",
        ),
        (
            "The insurer should move to Heron 2",
            "EU firms must move to Heron 2.",
            "The insurer should move to Heron 2, as the article says of EU firms",
        ),
    ],
)
def test_a_bank_reads_of_whom_it_is_said(sentence: str, quote: str, told: str) -> None:
    assert with_its_addressee(sentence, quote) == told


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("The bank should choose Heron 2.", "Banks should choose Heron 2."),
        ("The bank should choose Heron 2.", "They should choose Heron 2."),
        ("The bank should choose Heron 2.", "Heron 2 is the safe choice."),
        ("Regulated firms such as banks should choose Heron 2.", "Regulated firms should choose Heron 2."),
        ("Teams should choose Heron 2.", "Regulated firms should choose Heron 2."),
        ("The bank was founded in 1870.", "It should be said that it was founded in 1870."),
    ],
)
def test_what_is_said_of_the_asker_or_of_nobody_else_stays(sentence: str, quote: str) -> None:
    assert with_its_addressee(sentence, quote) == sentence
