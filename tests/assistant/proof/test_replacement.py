"""A follow-up that brings only a new case is the earlier question asked anew."""

import pytest

from assistant.proof.replacement import asked_anew, is_fragment, without_lead


def memory(
    *, model: str = "Qwen3-8B", bits: str = "4 bits", tokens: str = "32,768 tokens", end: str = ""
) -> str:
    return f"How much memory does {model} at {bits} need with a context of {tokens}{end}?"


MEMORY = memory()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("And with 8,192 tokens?", memory(tokens="8,192 tokens")),
        ("with 8,192 tokens?", memory(tokens="8,192 tokens")),
        ("8,192 tokens?", memory(tokens="8,192 tokens")),
        ("And with 8,192?", memory(tokens="8,192 tokens")),
        ("And at 8?", memory(bits="8 bits")),
        ("And in 8-bit?", memory(bits="8-bit")),
        ("What about Gemma 4?", memory(model="Gemma 4")),
        ("And for Gemma 4?", memory(model="Gemma 4")),
        ("And Gemma 4 with 8,192 tokens?", memory(model="Gemma 4", tokens="8,192 tokens")),
        ("And on a GPU?", memory(end=" on a GPU")),
        ("And the licence?", "What about the licence of Qwen3-8B?"),
    ],
)
def test_the_new_figure_or_name_takes_the_place_of_the_old(question: str, expected: str) -> None:
    assert asked_anew(question, MEMORY, "Qwen3-8B") == expected


def test_a_circumstance_takes_the_place_of_one_of_its_kind() -> None:
    assert asked_anew("And on two cores?", "How fast is Gemma 4 on a GPU?", "Gemma 4") == (
        "How fast is Gemma 4 on two cores?"
    )
    assert (
        asked_anew("And on two cores?", "What is Gemma 4?", "Gemma 4") == "What about Gemma 4 on two cores?"
    )


@pytest.mark.parametrize(
    "question",
    [
        "And is it open?",
        "And with 8,192 tokens, how fast is it?",
        "Which licence has Gemma 4?",
        "Delete logs after 90 days.",
        "What about its licence?",
        "Why?",
        "",
    ],
)
def test_a_question_of_its_own_is_no_new_case(question: str) -> None:
    assert not is_fragment(question)
    assert asked_anew(question, MEMORY, "Qwen3-8B") is None


def test_a_name_without_an_equal_in_the_earlier_question_takes_no_place() -> None:
    assert asked_anew("And Delta?", "What are Alpha and Beta?", "") is None


def test_conjunctions_are_left_off() -> None:
    assert without_lead("And then, is it open?") == "Is it open?"
    assert without_lead("and why") == "why"
    assert without_lead("Android or not?") == "Android or not?"
