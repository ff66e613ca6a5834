"""A question that asks for several things is told apart from one that only says much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.finding.question_parts import question_parts


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("When did it come out, and who made it?", ["When did it come out", "who made it?"]),
        (
            "Which licence has Gemma 4 and who is the vendor?",
            ["Which licence has Gemma 4", "who is the vendor?"],
        ),
        (
            "How large is it, and on how many cards does it run?",
            ["How large is it", "on how many cards does it run?"],
        ),
        ("How big is the file? How fast is it?", ["How big is the file?", "How fast is it?"]),
        (
            "We have 32 GB. How big is the file, and how fast could it write?",
            ["We have 32 GB. How big is the file", "how fast could it write?"],
        ),
    ],
)
def test_each_thing_asked_for_is_a_part(question: str, parts: list[str]) -> None:
    assert question_parts(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "What is the licence of Gemma 4?",
        "We run Llama on-premise in a bank: which open model should we move to, and why?",
        "What is its output dimension and its licence?",
        "When you filled the window, did the model still find the needle?",
        "If we pick Gemma, how far behind are we?",
        "How do Gemma 4, Qwen3 and Llama 3 compare?",
    ],
)
def test_one_question_stays_whole(question: str) -> None:
    assert question_parts(question) == [question]


@given(st.text(max_size=300))
def test_any_text_has_at_least_one_part_and_loses_no_word(text: str) -> None:
    parts = question_parts(text)
    assert parts
    letters = {sign for part in parts for sign in part if sign.isalnum()}
    assert letters <= set(text)
