"""Advice for a bank is searched for under what articles call banks."""

import pytest

from assistant.finding.regulated import searched_as


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
    assert searched_as(question) == question
