"""A question about several things becomes one question about each, in words of its own."""

import pytest
from tiny_library import article, hits

from assistant.finding.side_by_side import AskedOfOne, asked_of_each


@pytest.mark.parametrize(
    ("question", "each"),
    [
        (
            "How does the size of Heron 2 compare with Kite 3's?",
            ["What is the size of Heron 2?", "What is the size of Kite 3?"],
        ),
        (
            "How does Heron 2 compare with Kite 3 on memory?",
            ["How does Heron 2 do on memory?", "How does Kite 3 do on memory?"],
        ),
        (
            "When did Heron 2 and Heron 3 come out?",
            ["When did Heron 2 come out?", "When did Heron 3 come out?"],
        ),
        (
            "How many birds do Heron 2, Kite 3 and the Kite speech model each know?",
            [
                "How many birds do Heron 2 know?",
                "How many birds do Kite 3 know?",
                "How many birds do the Kite speech model know?",
            ],
        ),
        (
            "Which flaws do the Heron 2 and Kite 3 preview models have in common?",
            [
                "Which flaws do the Heron 2 preview models have?",
                "Which flaws do the Kite 3 preview models have?",
            ],
        ),
        (
            "For speech, how far did the window grow from Heron 2 to Kite 3?",
            ["For speech, what is the window of Heron 2?", "For speech, what is the window of Kite 3?"],
        ),
        (
            "Will it stop the job at its limit, in Berlin and in Paris?",
            ["Will it stop the job at its limit, in Berlin?", "Will it stop the job at its limit, in Paris?"],
        ),
        (
            "How many seeds a day should I plan for with Heron 2, and how many with Kite 3?",
            [
                "How many seeds a day should I plan for with Heron 2?",
                "How many seeds a day should I plan for with Kite 3?",
            ],
        ),
        (
            "Compare the licences of Heron 2 and Kite 3.",
            ["Describe the licences of Heron 2.", "Describe the licences of Kite 3."],
        ),
    ],
)
def test_each_thing_has_a_question_of_its_own(question: str, each: list[str]) -> None:
    assert [one.question for one in asked_of_each(question)] == each


@pytest.mark.parametrize(
    "question",
    [
        "What does Heron 2 cost?",
        # Both at once, or one of them: no question that each could answer alone.
        "Is there a price to refusing Heron 2 and Kite 3?",
        "Which is faster, Heron 2 or Kite 3?",
        "How far did prices fall from May to June?",
        "What is the difference between Heron 2 and Kite 3?",
        "What are its headline AIME and MMLU numbers?",
        "How do I move from Heron 2 to Kite 3, and how long for Stork?",
        "What is it called in Berlin, and what in the Paris office?",
        # More than there would be room for.
        "What do Heron 1, Heron 2, Heron 3, Heron 4 and Heron 5 each cost?",
        "",
    ],
)
def test_other_questions_stay_whole(question: str) -> None:
    assert asked_of_each(question) == []


@pytest.mark.parametrize(
    ("title", "nearness"), [("Heron 2 is out", 2), ("Heron 2-Coder is out", 1), ("The Kite in 2 minutes", 0)]
)
def test_an_article_is_about_a_thing_that_its_title_names(title: str, nearness: int) -> None:
    heron = AskedOfOne("Heron 2", "What does Heron 2 cost?")
    [hit] = hits(article("a.md", "Heron 2 costs 5 dollars.", title=title))
    assert heron.nearness(hit.passage) == nearness
