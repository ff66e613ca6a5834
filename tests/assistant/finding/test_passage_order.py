"""Candidates in the order that the model gives them, where the search is unsure."""

from hypothesis import given
from hypothesis import strategies as st
from tiny_library import article, hits

from assistant.finding.passage_order import in_order
from assistant.writer import Weight
from index_store.passage import ScoredPassage

THREE = hits(*(article(f"{name}.md", f"The {name}.") for name in ("heron", "swift", "crane")))


def scored(*scores: float) -> list[ScoredPassage]:
    return [ScoredPassage(hit.passage, score) for hit, score in zip(THREE, scores, strict=True)]


def order(scores: tuple[float, ...], weights: list[Weight]) -> list[int]:
    candidates = scored(*scores)
    return [candidates.index(hit) for hit in in_order(candidates, weights)]


def test_the_likelihood_of_the_question_outweighs_what_the_search_found_first() -> None:
    assert order((1.2, 1.1, 1.0), [Weight(0.5, -4.0), Weight(0.5, -4.0), Weight(0.5, -3.0)])[0] == 2


def test_the_word_on_an_answer_decides_where_the_question_is_as_likely() -> None:
    assert order((1.0, 1.0, 1.0), [Weight(0.1, -4.0), Weight(0.9, -4.0), Weight(0.2, -4.0)]) == [1, 2, 0]


def test_what_is_alike_in_all_stays_in_the_order_of_the_search() -> None:
    assert order((1.0, 1.0, 1.0), [Weight(0.0, -4.0)] * 3) == [0, 1, 2]
    assert in_order([], []) == []


@given(st.permutations(range(3)), st.floats(0.1, 100), st.floats(-50, 50))
def test_only_how_far_ahead_a_sign_is_counts_and_not_its_scale(
    places: list[int], factor: float, shift: float
) -> None:
    weights = [Weight(0.0, -4.0 + place) for place in places]
    scaled = [Weight(shift, weight.likelihood * factor) for weight in weights]
    assert order((1.0, 1.0, 1.0), weights) == order((2.0, 2.0, 2.0), scaled)
