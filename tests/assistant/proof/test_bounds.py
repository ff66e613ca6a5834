"""Over is not up to, and nothing is more than itself."""

import pytest

from assistant.proof.bounds import compares_with_itself, is_bounded, other_bound, takes_a_start_for_a_step


@pytest.mark.parametrize(
    ("sentence", "text", "wrong"),
    [
        ("It takes videos up to 20 minutes.", "It takes videos over 20 minutes.", "at most 20"),
        ("It needs more than 320 GB.", "It needs at most 320 GB.", "at least 320"),
        ("It takes videos over 20 minutes.", "It takes videos of more than 20 minutes.", None),
        ("It takes videos up to 20 minutes.", "It takes 20 minutes.", None),
        ("It takes 20 minutes.", "It takes over 20 minutes.", None),
        ("It takes up to 20 minutes.", "It takes over 30 minutes, up to 20 of them alone.", None),
        ("The fine is up to 500 dollars.", "A fine not exceeding 500 dollars.", None),
        ("It takes at least 30 days.", "It takes not less than 30 days.", None),
        ("It takes at least 90 days.", "It takes no longer than 90 days.", "at least 90"),
        ("A fine of over £500.", "A fine of up to £500.", "at least 500"),
        ("Over 1.5 million people use it.", "Under 1.5M people use it.", "at least 1500000"),
    ],
)
def test_a_figure_keeps_the_side_that_it_is_bounded_from(sentence: str, text: str, wrong: str | None) -> None:
    assert other_bound(sentence, text) == wrong


def test_a_bound_of_hours_is_none_of_metres() -> None:
    text = "Deeper ships may enter in a window that was confirmed at least 12 hours before."
    question = "May a ship of 12 metres enter?"
    wrong = "A ship of at least 12 metres may enter in a window confirmed at least 12 hours before."
    assert other_bound(wrong, text, question) == "at least 12"
    right = "A ship of 12 metres may enter in a window confirmed at least 12 hours before."
    assert other_bound(right, text, question) is None


@pytest.mark.parametrize(
    ("sentence", "question", "wrong"),
    [
        ("Ships of at least 12 metres may enter.", "May a ship of 12 metres enter?", "at least 12"),
        ("Ships of 12 metres may enter.", "May a ship of 12 metres enter?", None),
        ("Ships of at least 12 metres may enter.", "May ships of more than 12 metres enter?", None),
        ("Ships of more than 11.2 metres may enter.", "May one of 11.2 metres enter?", None),
    ],
)
def test_a_figure_of_the_question_gets_no_bound_of_its_own(
    sentence: str, question: str, wrong: str | None
) -> None:
    text = "Ships of more than 11.2 metres may enter on the tide, up to a maximum of 13.4 metres."
    assert other_bound(sentence, text, question) == wrong


def test_what_bounds_a_case_is_told_from_what_is_another_case() -> None:
    text = "A pilot is needed where visibility is below 1,000 metres; the basin is 400 metres long."
    assert is_bounded("1,000 metres", text)
    assert not is_bounded("400 metres", text)


@pytest.mark.parametrize(
    ("sentence", "does"),
    [
        ("Its score of 85 is lower than the 85 of the other.", True),
        ("Its score of 85 is lower than the 86 of the other.", False),
        ("It scores 85, which is more than 8.5.", False),
        ("It has 85 points and 85 stars.", False),
        ("Gemma 4 31B scores higher than Gemma 4 26B.", False),
        ("In 2023 the margin was higher than 2023 in all.", False),
        ("The rules of Article 6 are more strict than 6 others.", False),
        (" ".join(f"{number} more than" for number in range(10, 2000)), False),
    ],
)
def test_a_figure_is_not_compared_with_itself(sentence: str, does: bool) -> None:
    assert compares_with_itself(sentence) is does


@pytest.mark.parametrize(
    ("sentence", "text", "does"),
    [
        ("It reduced the load by 310 calls to 45.", "Calls fell from 310 to 45 a month.", True),
        ("Costs fell by about $5.2 million.", "Costs fell from $5.2 million a year to nearly nothing.", True),
        ("Calls fell from 310 to 45.", "Calls fell from 310 to 45 a month.", False),
        ("Calls fell by 265.", "Calls fell from 310 to 45 a month, by 265.", False),
        ("It grew by 10 percent.", "It grew by 10 percent, from 10 to 11.", False),
    ],
)
def test_a_change_from_a_figure_is_none_by_it(sentence: str, text: str, does: bool) -> None:
    assert takes_a_start_for_a_step(sentence, text) is does
