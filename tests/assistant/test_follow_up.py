"""A follow-up is understood from the turns before it, and a question that stands alone is left alone."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.follow_up import standalone_question

QWEN = ("What is Qwen3-Coder?", "Qwen3-Coder is a model for code. It came from Alibaba.")


def test_the_first_question_is_left_as_it_is() -> None:
    assert standalone_question("Is it open?", []) == "Is it open?"


@pytest.mark.parametrize(
    "question",
    [
        "Is it open?",
        "is it open",
        "What is its licence?",
        "And on two cores?",
        "What about its price?",
        "How much memory?",
        "Why?",
        "这个开放吗？",
    ],
)
def test_a_question_that_leans_back_names_what_was_spoken_of(question: str) -> None:
    assert standalone_question(question, [QWEN]).startswith(f"{question} (about Qwen3-Coder")


@pytest.mark.parametrize(
    "question", ["Is Gemma 4 open?", "What does GLM-5 cost?", "Which licence has Llama 3.1?"]
)
def test_a_question_that_names_its_subject_is_left_as_it_is(question: str) -> None:
    assert standalone_question(question, [QWEN]) == question


def test_a_name_that_the_question_has_is_not_added_again() -> None:
    history = [("What is Gemma 4?", "It is a model by Google.")]
    assert standalone_question("Is it Gemma 4 or another?", history) == (
        "Is it Gemma 4 or another? (about Google)"
    )


def test_the_latest_turn_that_names_anything_counts() -> None:
    history = [("What is Llama 3.1?", "A model."), QWEN, ("and is it any good?", "yes, it is.")]
    assert standalone_question("Is it open?", history) == "Is it open? (about Qwen3-Coder)"


def test_a_history_without_names_changes_nothing() -> None:
    assert standalone_question("Is it open?", [("and?", ""), ("", "yes.")]) == "Is it open?"


def test_who_asked_for_a_name_goes_on_about_the_one_that_was_answered() -> None:
    history = [("Which model beats Llama 3.1?", "Gemma 4 does. So does Mistral Small.")]
    added = standalone_question("Is it open?", history).split("(about ")[1]
    assert added.index("Gemma 4") < added.index("Llama 3.1")


def test_numbers_stay_with_their_names() -> None:
    history = [("What is Gemma 4 12B?", "It is a model.")]
    assert standalone_question("Is it open?", history) == "Is it open? (about Gemma 4 12B)"


def test_few_names_are_added() -> None:
    history = [("What are Alpha, Beta, Gamma, Delta and Epsilon?", "Models.")]
    assert standalone_question("Are they open?", history) == "Are they open? (about Alpha, Beta, Gamma)"


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60)), max_size=3),
)
def test_the_question_itself_is_never_changed(question: str, history: list[tuple[str, str]]) -> None:
    assert standalone_question(question, history).startswith(question)


@pytest.mark.parametrize("text", ["a" * 4000, "a." * 500, "A-" * 500, "A " * 2000, "(" * 4000])
def test_a_long_history_is_read_in_no_time(text: str) -> None:
    began = perf_counter()
    standalone_question("Is it open?", [(text, text)] * 4)
    standalone_question(text, [QWEN])
    assert perf_counter() - began < 1.5
