"""A count in a word is the quotes' count, or the sentence is wrong."""

import pytest

from assistant.proof.counts import other_count, things_asked


@pytest.mark.parametrize(
    ("sentence", "counted"),
    [
        ("Two patients fell ill.", "two patient"),
        ("22 patients and four nurses fell ill.", None),
        ("Twelve nurses fell ill.", "twelve nurse"),
        ("Four nurses were sent home.", None),
        ("Two wards were closed.", None),
        ("The two outbreaks were apart.", None),
        ("One patient fell ill.", None),
        ("It took two times as long.", None),
        ("", None),
    ],
)
def test_another_count_of_the_same_things_is_told(sentence: str, counted: str | None) -> None:
    quotes = "On ward 3, 22 patients and 4 nurses fell ill within 1,200 hours; it took three times as long."
    assert other_count(sentence, quotes) == counted


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Which four recommendations did the office make?", 4),
        ("What are the three causes?", 3),
        ("Name 5 models.", 5),
        ("Which of the two routes is shorter?", 2),
        ("Which recommendations did the office make?", None),
        ("What is Qwen 3 made for?", None),
        ("What happened four years ago?", None),
    ],
)
def test_how_many_things_a_question_wants_named(question: str, wanted: int | None) -> None:
    assert things_asked(question) == wanted
