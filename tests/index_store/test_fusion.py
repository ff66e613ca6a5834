"""Hits of two searches in one order: by how far ahead they are, and by what else their articles hold."""

import pytest

from index_store.fusion import fused

ARTICLES = {"a1": "a", "a2": "a", "a3": "a", "b1": "b", "b2": "b", "c1": "c"}


def order(*lists: list[tuple[str, float]]) -> list[str]:
    scores = fused(lists, ARTICLES)
    return sorted(scores, key=lambda id: -scores[id])


def test_what_both_searches_find_goes_before_what_one_of_them_finds_as_well() -> None:
    words = [("a1", 9.0), ("b1", 8.0), ("c1", 1.0)]
    meaning = [("b1", 0.9), ("a2", 0.8), ("b2", 0.1)]
    assert order(words, meaning)[0] == "b1"


def test_how_far_ahead_a_hit_is_counts_and_not_its_rank() -> None:
    scores = fused([[("a1", 30.0), ("b1", 10.0), ("c1", 9.0)]], ARTICLES)
    assert scores["a1"] - scores["b1"] > 5 * (scores["b1"] - scores["c1"])


def test_of_passages_found_alike_the_one_whose_article_holds_more_goes_first() -> None:
    words = [("a1", 9.0), ("a2", 8.0), ("b1", 4.0), ("a3", 4.0), ("b2", 1.0)]
    assert order(words) == ["a1", "a2", "a3", "b1", "b2"]


def test_an_article_with_a_single_passage_is_worth_that_passage() -> None:
    alone = fused([[("c1", 9.0), ("b1", 5.0), ("b2", 5.0)]], ARTICLES)
    assert max(alone, key=lambda id: alone[id]) == "c1"
    # The best article gives its passages all there is to give.
    assert alone["c1"] == pytest.approx(0.6 + (9 - 19 / 3 + 3 * 4 / 3**0.5) / (6 * 4 / 3**0.5))


def test_hits_alike_in_all_come_out_alike_and_nothing_found_gives_nothing() -> None:
    assert set(fused([[("a1", 2.0), ("b1", 2.0)]], ARTICLES).values()) == {1.1}
    assert fused([[("a1", 2.0)]], ARTICLES) == {"a1": 1.1}
    assert fused([[], []], ARTICLES) == {}


def test_what_lies_far_behind_counts_for_nothing_and_not_against_a_passage() -> None:
    near = [(f"a{number}", 10.0 + number % 2) for number in range(1, 61)]
    articles = {id: id for id, _ in near} | {"far": "far"}
    scores = fused([[*near, ("far", -100.0)]], articles)
    assert scores["far"] == 0
