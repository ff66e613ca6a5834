"""What somebody is quoted with is told as theirs."""

import pytest

from assistant.proof.hearsay import with_its_speaker, without_a_foreign_speaker


@pytest.mark.parametrize(
    ("sentence", "quote", "told"),
    [
        (
            "The store can turn round up to 120 reefers a day.",
            "Frostwell says that the store can turn round up to 120 reefers a day.",
            "According to Frostwell, the store can turn round up to 120 reefers a day.",
        ),
        (
            "Charges may make up 40 per cent of the costs.",
            "According to the review's survey, charges may make up 40 per cent of the costs.",
            "According to the review's survey, charges may make up 40 per cent of the costs.",
        ),
        (
            "GateSlot works.",
            "The port authority argues that GateSlot works.",
            "According to the port authority, GateSlot works.",
        ),
        (
            "Saltpans is full.",
            "Frostwell said that it and Saltpans is full.",
            "According to Frostwell, Saltpans is full.",
        ),
        ("Frostwell says it is full.", "Frostwell says that it is full.", "Frostwell says it is full."),
        ("It is full.", "He said that it is full.", "It is full."),
        ("It is full.", "Frostwell is full.", "It is full."),
        ("The rule says so.", "The court holds that the rule is void.", "The rule says so."),
    ],
)
def test_whose_words_they_are_is_told(sentence: str, quote: str, told: str) -> None:
    assert with_its_speaker(sentence, quote) == told


@pytest.mark.parametrize(
    ("sentence", "quotes", "told"),
    [
        (
            "According to the operator, Heron Rail, 71 per cent of trains were on time.",
            ["71 per cent of trains were on time.", "According to Heron Rail, 38 per cent went by rail."],
            "71 per cent of trains were on time.",
        ),
        (
            "According to Heron Rail, 38 per cent went by rail.",
            ["According to Heron Rail, 38 per cent went by rail."],
            "According to Heron Rail, 38 per cent went by rail.",
        ),
        (
            "According to the handbook, 38 per cent went by rail.",
            ["38 per cent went by rail."],
            "According to the handbook, 38 per cent went by rail.",
        ),
        (
            "According to Heron Rail, most went by rail.",
            ["Most went by rail."],
            "According to Heron Rail, most went by rail.",
        ),
    ],
)
def test_what_another_sentence_has_somebody_say_is_not_put_to_them(
    sentence: str, quotes: list[str], told: str
) -> None:
    assert without_a_foreign_speaker(sentence, quotes) == told
