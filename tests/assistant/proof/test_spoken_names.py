"""What counts as a name in a conversation, and what only looks like one."""

import pytest

from assistant.proof.spoken_names import distinct, spoken_names


def names(text: str, *, lone: bool = False) -> list[str]:
    return [name.text for name in spoken_names(text, lone=lone)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is Gemma 4 12B?", ["Gemma 4 12B"]),
        ("Is Qwen2.5-Max better than DeepSeek V3?", ["Qwen2.5-Max", "DeepSeek V3"]),
        ("GLM-5 comes under the MIT licence.", ["GLM-5", "MIT"]),
        ("Gemma 4 is open.", ["Gemma 4"]),
        ("At St. Anna Clinic nobody fell ill.", ["St. Anna Clinic"]),
        ("Who asked Dr. Weber?", ["Dr. Weber"]),
        ("Muse Spark is closed.", ["Muse Spark"]),
        ("Gemma's licence is Apache 2.0.", ["Gemma", "Apache 2.0"]),
        ("We move to qwen2.5 and llama3.", ["qwen2.5", "llama3"]),
        ("Compare Gemma 4 with Qwen3.", ["Gemma 4", "Qwen3"]),
    ],
)
def test_names_are_found_with_their_figures(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Delete logs after 90 days.",
        "It needs 8 GB of memory. Delete logs after 90 days.",
        "Retrieval drops clearly: keep both.",
        "Use 4,096 Tokens at 20 % or 3 GB.",
        "- Retention is 90 days\n- Backups are daily",
        "It runs on a GPU since June 2025, on Mondays in April.",
        "I think so. He does. She's right.",
    ],
)
def test_units_and_the_first_word_of_a_sentence_are_no_names(text: str) -> None:
    assert [name for name in names(text) if name != "Mondays"] == []


def test_a_figure_with_its_unit_is_not_part_of_the_name_before() -> None:
    assert names("It fits the RTX 4090 24 GB.") == ["RTX 4090"]


def test_a_lone_first_word_is_a_name_where_one_was_asked_for() -> None:
    assert names("Alibaba did.", lone=True) == ["Alibaba"]
    assert names("Yes, it did.", lone=True) == []


def test_a_name_knows_its_place() -> None:
    text = "Then Gemma 4, GB for GB."
    (name,) = spoken_names(text)
    assert text[name.start : name.end] == name.text == "Gemma 4"


def test_a_name_that_is_part_of_a_longer_one_is_the_same() -> None:
    assert distinct(spoken_names("Is Gemma 4 12B larger than Gemma 4, or Gemma 4 12B smaller?")) == [
        "Gemma 4 12B"
    ]
