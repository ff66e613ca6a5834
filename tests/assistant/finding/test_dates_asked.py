"""Now, latest, as of a day: which questions ask for a date, and what that changes."""

import pytest
from tiny_library import article, hits

from assistant.finding.dates_asked import AskedDate, asked_date, in_order_of_date
from index_store.passage import ScoredPassage


@pytest.mark.parametrize(
    "question",
    [
        "What is the latest Gemma?",
        "Which model do we use now?",
        "Which is the current licence of Qwen?",
        "What is the current minimum stock of O negative?",
        "What is Corvane's current alarm delay?",
        "Who currently leads?",
        "What is the newest release?",
    ],
)
def test_some_questions_ask_for_the_newest(question: str) -> None:
    assert asked_date(question) == AskedDate()


@pytest.mark.parametrize(
    "question",
    [
        "What do we do now that Meta has gone closed?",
        "How much current does a card draw?",
        "What is the current through the coil?",
        "Does it pay interest on the current account?",
        "What is Gemma?",
        "What came out in April 2026?",
        "Which model is best by far?",
        "Is it known?",
        "",
    ],
)
def test_others_ask_for_no_date(question: str) -> None:
    assert asked_date(question) is None


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What was the limit as of 2 April 2026?", AskedDate("2026-04-02")),
        ("What was the limit as of April 2nd, 2026?", AskedDate("2026-04-02")),
        ("What was the limit as of 2026-04-02?", AskedDate("2026-04-02")),
        ("What was the limit as of the 12th of Sept. 2025?", AskedDate("2025-09-12")),
        ("Which models were out by the end of March 2025?", AskedDate("2025-03")),
        ("Which models were out by 2025-03?", AskedDate("2025-03")),
        ("Which models were out until 2024?", AskedDate("2024")),
        ("Which models were out before 2024?", AskedDate("2024", excluded=True)),
    ],
)
def test_a_day_a_month_or_a_year_may_be_asked_for(question: str, asked: AskedDate) -> None:
    assert asked_date(question) == asked


@pytest.mark.parametrize(
    ("asked", "published", "late"),
    [
        (AskedDate("2026-04"), "2026-04-30", False),
        (AskedDate("2026-04"), "2026-05-01", True),
        (AskedDate("2026-04", excluded=True), "2026-04-01", True),
        (AskedDate("2026-04", excluded=True), "2026-03-31", False),
        (AskedDate("2026-04-02"), "2026", False),
        (AskedDate(), "2099-01-01", False),
    ],
)
def test_what_was_published_later_is_too_late(asked: AskedDate, published: str, late: bool) -> None:
    assert asked.is_too_late(published) is late


def scored(*found: tuple[str, float, str | None]) -> list[ScoredPassage]:
    """Passages (path, score, date)."""
    return [
        ScoredPassage(hits(article(path, "Text.", published=date))[0].passage, score)
        for path, score, date in found
    ]


def order(asked: AskedDate | None, candidates: list[ScoredPassage]) -> str:
    return "".join(hit.passage.article for hit in in_order_of_date(asked, candidates))


NEAR = scored(("a", 1.0, "2024-01-01"), ("b", 0.95, "2025-01-01"), ("c", 0.9, "2026-01-01"))


def test_without_such_words_nothing_changes() -> None:
    assert in_order_of_date(None, NEAR) == NEAR


def test_among_near_equals_the_newest_comes_first_and_scores_stay() -> None:
    assert order(AskedDate(), NEAR) == "cba"
    assert set(in_order_of_date(AskedDate(), NEAR)) == set(NEAR)


def test_what_is_new_but_about_something_else_stays_behind() -> None:
    assert order(AskedDate(), scored(("a", 1.8, "2024-01-01"), ("b", 0.9, "2026-01-01"))) == "ab"


def test_what_was_found_first_falls_behind_two_newer_ones_at_most() -> None:
    newer = [(name, 0.95 - place / 100, f"2026-01-0{place + 1}") for place, name in enumerate("bcdefg")]
    assert order(AskedDate(), scored(("a", 1.0, "2024-01-01"), *newer)).index("a") == 2


def test_as_of_a_day_what_came_later_goes_behind_and_the_newest_before_it_leads() -> None:
    assert order(AskedDate("2025"), NEAR) == "bac"


def test_what_has_no_date_is_neither_helped_nor_punished() -> None:
    assert order(AskedDate(), scored(("a", 1.0, None), ("b", 0.9, None))) == "ab"
    assert order(AskedDate("2025"), scored(("a", 1.0, None), ("b", 0.9, "2024-01-01"))) == "ab"


def test_when_all_came_later_they_keep_their_order() -> None:
    assert order(AskedDate("2020"), NEAR) == "abc"


def test_nothing_in_nothing_out() -> None:
    assert in_order_of_date(AskedDate(), []) == []
