"""What has to be done is not told as done, nor what can be done as what has to be."""

import pytest

from assistant.proof.duties import mistaken_duty, takes_a_duty_for_a_deed

RULE = "Under the regulation a breach has to be reported within 72 hours after it was noticed."


@pytest.mark.parametrize(
    ("sentence", "quote", "does"),
    [
        ("The breach was reported within the time the regulation demands.", RULE, True),
        ("The keys were rotated each month.", "Keys must be rotated each month.", True),
        ("The audit has been already passed.", "The audit may be passed in May.", True),
        ("A breach has to be reported within 72 hours.", RULE, False),
        ("The breach was noticed, and 72 hours are given.", RULE, False),
        (
            "The breach was reported in time.",
            "The breach was reported in time, as it must be reported.",
            False,
        ),
        ("Backups are kept for a year.", "Backups must be kept for a year.", False),
        ("It was told to the board.", "It must be reported.", False),
    ],
)
def test_a_rule_is_not_taken_for_what_happened(sentence: str, quote: str, does: bool) -> None:
    assert takes_a_duty_for_a_deed(sentence, quote) is does


@pytest.mark.parametrize(
    ("sentence", "quote", "does"),
    [
        ("You need to use version 2.", "You can use version 2 or 3.", True),
        ("Version 2 is required for it.", "For it version 2 may be taken.", True),
        ("You need to use version 2.", "You can use it with at least version 2.", False),
        ("You need to use version 2.", "Use version 2.", False),
        ("You can use version 2.", "You may use version 2.", False),
        ("It is not necessary to use version 2.", "You may use version 2.", False),
        ("You need to use version 2.", "You may use it, but you must take version 2.", False),
    ],
)
def test_what_can_be_done_is_not_taken_for_what_has_to_be(sentence: str, quote: str, does: bool) -> None:
    told = mistaken_duty(sentence, quote)
    assert (told is not None and "can be done" in told) is does
