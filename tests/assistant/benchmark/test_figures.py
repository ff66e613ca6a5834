"""Spreads, ratios and goals of a benchmark."""

import json

import pytest

from assistant.benchmark.figures import (
    BenchReport,
    Contender,
    Figure,
    Spread,
    Timing,
    at_least,
    at_most,
    ratios,
)


def test_a_spread_is_the_median_between_the_extremes() -> None:
    assert Spread.of([3.0, 1.0, 10.0]) == Spread(3.0, 1.0, 10.0, 3)
    assert Spread.of([2.0]) == Spread(2.0, 2.0, 2.0, 1)


def test_ratios_are_taken_pair_by_pair() -> None:
    # The median of the ratios, and not the ratio of the medians: each pair was measured side by side.
    assert ratios([10.0, 100.0, 1.0], [1.0, 50.0, 1.0]) == Spread(2.0, 1.0, 10.0, 3)
    with pytest.raises(ValueError, match="shorter"):
        ratios([1.0, 2.0], [1.0])


@pytest.mark.parametrize(
    ("figure", "reached"),
    [
        (at_least(8.0, "sooner", Spread.of([8.0])), True),
        (at_least(8.0, "sooner", Spread.of([7.9])), False),
        (at_most(1.0, "seconds", Spread.of([1.0]), "s"), True),
        (at_most(1.0, "seconds", Spread.of([0.5, 1.1, 3.0]), "s"), False),
        (at_most(0.0, "embedded", Spread.of([0])), True),
        (Figure("rate", Spread.of([90.0]), "tokens/s"), None),
    ],
)
def test_a_goal_is_held_against_the_median(figure: Figure, reached: bool | None) -> None:
    assert figure.reached is reached


def test_a_report_is_plain_json_that_says_what_was_reached() -> None:
    report = BenchReport("model", "embedder", 3, 9, 1)
    report.contenders.append(Contender.of("Footnote, warm", [Timing(0.5, 2.0, 800, 40)]))
    report.figures += [at_least(8.0, "sooner", Spread.of([9.0])), Figure("rate", Spread.of([90.0]))]
    document = json.loads(json.dumps(report.to_json()))
    assert document["contenders"][0]["first"]["median"] == 0.5
    assert [figure["reached"] for figure in document["figures"]] == [True, None]
