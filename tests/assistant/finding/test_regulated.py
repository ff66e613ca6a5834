"""Advice for a bank is searched for under what articles call banks."""

import pytest

from assistant.finding.regulated import put_as, searched_as


@pytest.mark.parametrize(
    "question",
    [
        "We run Llama in a bank: which open model should we move to, and why?",
        "We are a hospital. Which model should we take?",
        "Our insurer needs a plan. Should we default to Qwen or to Gemma?",
    ],
)
def test_who_is_regulated_and_asks_what_to_choose_finds_what_is_said_to_all_of_them(question: str) -> None:
    assert searched_as(question) == f"{question} regulated industries compliance"


@pytest.mark.parametrize(
    "question",
    ["Which model should we take?", "How many banks run Llama?", "Which embankment should we take?"],
)
def test_other_questions_are_searched_as_they_are(question: str) -> None:
    assert searched_as(question) == put_as(question) == question


def test_the_model_is_told_that_a_bank_is_regulated() -> None:
    asked = "We run Llama in a bank, a small bank. Which model should we take?"
    assert put_as(asked).startswith("We run Llama in a bank (a regulated industry), a small bank. Which")
