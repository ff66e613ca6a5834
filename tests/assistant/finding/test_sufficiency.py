"""Whether to answer at all: the model's word and unknown names, each pulling the way it should."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_library import article, hits

from assistant.finding.sufficiency import Signs, SufficiencyWeights, unknown_names

WEIGHTS = SufficiencyWeights()
GEMMA = article("a.md", "Gemma 4 runs on an A100 card.", title="News from Google")


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.integers(0, 9), st.floats(-5, 5) | st.none())
def test_a_surer_yes_is_never_less_likely_an_answer(
    one: float, other: float, names: int, best: float | None
) -> None:
    low, high = sorted((one, other))
    probabilities = [WEIGHTS.probability(Signs(margin, names, best)) for margin in (low, high)]
    assert probabilities == sorted(probabilities)
    assert all(0 <= probability <= 1 for probability in probabilities)


@given(st.floats(-5, 5), st.floats(-5, 5))
def test_an_unknown_name_speaks_against_an_answer(margin: float, best: float) -> None:
    assert WEIGHTS.probability(Signs(margin, 1, best)) < WEIGHTS.probability(Signs(margin, 0, best))


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(0.01, 5))
def test_a_sentence_that_answers_better_speaks_for_an_answer(margin: float, best: float, more: float) -> None:
    better = WEIGHTS.probability(Signs(margin, 0, best + more))
    assert better >= WEIGHTS.probability(Signs(margin, 0, best))


def test_a_clear_yes_and_a_clear_no_need_no_sentence_judged() -> None:
    for margin, answered in ((5.0, True), (-5.0, False)):
        assert not WEIGHTS.is_unsure(Signs(margin, 0))
        assert (WEIGHTS.probability(Signs(margin, 0)) >= 0.5) is answered
    assert WEIGHTS.is_unsure(Signs(0.3, 0))


def test_where_things_are_weighed_no_sentence_alone_speaks_against_an_answer() -> None:
    weighed = Signs(0.3, 0, weighing=True)
    assert not WEIGHTS.is_unsure(weighed)
    assert WEIGHTS.probability(weighed) >= 0.5
    # One may speak for it, though.
    assert WEIGHTS.is_unsure(Signs(-0.3, 0, weighing=True))
    assert WEIGHTS.is_unsure(Signs(0.3, 1, weighing=True))


def test_an_unknown_name_is_never_passed_over_for_a_clear_yes() -> None:
    assert WEIGHTS.is_unsure(Signs(5.0, 1))


@pytest.mark.parametrize("margin", [float("inf"), float("-inf")])
def test_a_margin_without_end_is_a_probability_still(margin: float) -> None:
    assert 0 <= WEIGHTS.probability(Signs(margin, 0, 1.0)) <= 1


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("Which card does Gemma 4 need?", []),
        ("Does it run on an A100?", []),
        ("What is new from Google?", []),
        ("Does Llama run on an A100?", ["Llama"]),
        ("Does Qwen3 run on an H100 here?", ["Qwen3", "H100"]),
        ("which terms apply?", []),
        ("", []),
    ],
)
def test_names_that_no_passage_mentions_are_unknown(question: str, unknown: list[str]) -> None:
    assert unknown_names(question, hits(GEMMA)) == unknown


def test_a_name_in_the_headings_is_known() -> None:
    assert unknown_names("Does it mention Mistral?", hits(GEMMA, headings=("On Mistral",))) == []


def test_without_evidence_every_name_is_unknown() -> None:
    assert unknown_names("Is the model Gemma 4 open?", []) == ["Gemma 4"]


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("How does DeepSeek V4 compare with Qwen3.5?", ["DeepSeek V4"]),
        ("Does Gemma 5 run on one card?", ["Gemma 5"]),
        ("Loading Gemma 4 fails, why?", []),
        ("Besides Gemma 4, what is there?", []),
        ("What came out in April 2026?", []),
        ("Is gemma-4 as good as DeepSeek V3?", []),
    ],
)
def test_a_name_with_another_version_is_another_name(question: str, unknown: list[str]) -> None:
    said = "In April 2026 Gemma 4 came out, after DeepSeek V3 and Qwen3.5."
    assert unknown_names(question, hits(article("a.md", said))) == unknown
