"""Two models are compared question by question, and chance is told from difference."""

import pytest

from assistant.evaluation.comparison import differences
from assistant.evaluation.measures import EvalReport, measure
from assistant.evaluation.scores import Part, QuestionScore


def report(*facts: Part | None, first: int = 0) -> EvalReport:
    """Of questions with these parts of their facts found, numbered from `first`."""
    results = tuple(
        QuestionScore(
            f"q{first + number}", "single", "single", "answered", None, {"fact_recall": part} if part else {}
        )
        for number, part in enumerate(facts)
    )
    empty = measure([], lambda _: None)
    return EvalReport(None, empty.total, {}, results)


def test_what_one_finds_in_every_question_and_the_other_in_none_is_telling() -> None:
    found = differences(report(*[(0, 2)] * 8), report(*[(2, 2)] * 8))["fact_recall"]
    assert (found.value, found.low, found.high) == (1.0, 1.0, 1.0)
    assert found.is_telling


def test_what_differs_in_a_question_either_way_is_chance() -> None:
    one = report((2, 2), (0, 2), *[(1, 2)] * 6)
    other = report((0, 2), (2, 2), *[(1, 2)] * 6)
    found = differences(one, other)["fact_recall"]
    assert found.value == 0
    assert not found.is_telling


def test_questions_are_paired_by_their_id_and_what_only_one_was_asked_counts_for_neither() -> None:
    one, other = report((1, 1), (0, 1), (0, 1)), report((1, 1), (1, 1), (1, 1), first=1)
    assert differences(one, other)["fact_recall"].value == 1.0
    alone = differences(report((1, 1)), report((0, 1)))["fact_recall"]
    assert (alone.value, alone.low, alone.high) == (-1.0, None, None)
    assert not alone.is_telling


@pytest.mark.parametrize("other", [report(), report(None), report((1, 1), first=5)])
def test_where_nothing_is_shared_there_is_no_difference(other: EvalReport) -> None:
    found = differences(report((1, 1)), other)
    assert {(one.value, one.low, one.high) for one in found.values()} == {(None, None, None)}
