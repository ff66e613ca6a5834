"""A condition of the article's is a condition of what is said from it."""

import pytest

from assistant.proof.conditions import loses_the_condition

QUOTE = "Where no rule speaks against Herons, move to Heron 2 instead: it flies higher."


@pytest.mark.parametrize(
    ("sentence", "quote", "loses"),
    [
        ("The sources recommend moving to Heron 2.", QUOTE, True),
        ("Move to Heron 2 if no rule speaks against Herons.", QUOTE, False),
        ("Move to Heron 2 where no rule speaks against it.", QUOTE, False),
        ("Move to Heron 2.", "Banks should move to Heron 2, where few rules apply.", False),
        ("Move to Heron 2.", "The advice: if you may, move to Heron 2.", True),
        ("Move to Heron 2.", "Move to Heron 2.", False),
        (
            "Patients with renal impairment take half.",
            "If the patient has renal impairment, take half.",
            False,
        ),
        ("Move to Heron 2 without delay.", QUOTE, True),
        ("The panel advised it.", "When it met in 2023, the panel advised it.", False),
    ],
)
def test_advice_keeps_its_condition(sentence: str, quote: str, loses: bool) -> None:
    assert loses_the_condition(sentence, quote) is loses
