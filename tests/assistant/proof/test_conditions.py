"""A condition of the article's is a condition of what is said from it."""

import pytest

from assistant.proof.conditions import loses_the_case, loses_the_condition

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


WEIGHTS = "For Chinese weights a bank must expect questions about its supply chain."


@pytest.mark.parametrize(
    ("sentence", "quote", "question", "lost"),
    [
        ("The bank should expect questions about its supply chain.", WEIGHTS, "What comes?", True),
        ("With weights from China a bank must expect questions.", WEIGHTS, "What comes?", False),
        ("A bank must expect questions about it.", WEIGHTS, "And with Chinese weights?", False),
        ("A donor must rest.", "For men a donor must rest.", "What then?", True),
        ("The doors are locked.", "For security reasons, the doors are locked.", "How?", False),
        ("The city spent 2 million.", "For the renovation the city spent 2 million.", "How much?", False),
        ("It is for banks.", "The model is for banks.", "For whom?", False),
        ("Tests take a day.", "For that, tests take a day.", "How long?", False),
        ("Tests take a day.", "For example, tests take a day.", "How long?", False),
    ],
)
def test_what_is_said_of_one_case_is_not_told_of_all(
    sentence: str, quote: str, question: str, lost: bool
) -> None:
    assert loses_the_case(sentence, quote, question) is lost
