"""Of what was found, the model reads the best: few passages, no repetition, within the budget."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_library import article, hits

from assistant.finding.evidence import EvidenceChooser, evidence_texts, source_text
from index_store.passage import ScoredPassage


def words(text: str) -> int:
    return len(text.split())


def chooser(budget: int = 1000, most: int = 10) -> EvidenceChooser:
    return EvidenceChooser(budget=budget, most=most, count_tokens=words)


def numbered(count: int, length: int = 10) -> list[ScoredPassage]:
    """Passages that have no word in common."""
    return hits(*(article(f"{n}.md", " ".join(f"w{n}x{i}" for i in range(length))) for n in range(count)))


def test_nothing_found_is_no_evidence() -> None:
    assert chooser().choose([]) == []
    assert evidence_texts([]) == []


def test_the_best_come_first_and_no_more_than_allowed() -> None:
    found = numbered(8)
    assert chooser(most=3).choose(found) == found[:3]


@given(st.lists(st.integers(1, 60), max_size=12), st.integers(0, 200), st.integers(1, 8))
def test_the_budget_holds_for_all_but_a_best_passage_that_is_longer(
    lengths: list[int], budget: int, most: int
) -> None:
    found = [numbered(rank + 1, length)[rank] for rank, length in enumerate(lengths)]
    chosen = chooser(budget, most).choose(found)
    assert len(chosen) <= most
    assert chosen[:1] == found[:1]
    assert len(chosen) <= 1 or sum(words(source_text(hit.passage)) for hit in chosen) <= budget
    assert chosen == [hit for hit in found if hit in chosen]


def test_a_passage_that_does_not_fit_makes_room_for_a_shorter_one() -> None:
    long, short = numbered(3, 50), numbered(3, 5)
    assert chooser(budget=80).choose([long[0], long[1], short[2]]) == [long[0], short[2]]


@pytest.mark.parametrize(
    "reprint",
    [
        "Gemma 4 was released by Google in April and runs on one card.",
        "GEMMA 4 WAS RELEASED BY GOOGLE IN APRIL AND RUNS ON ONE CARD.",
        "Gemma 4 was released by Google in April and runs on one  card. Really.",
    ],
)
def test_a_reprint_is_left_out(reprint: str) -> None:
    text = "Gemma 4 was released by Google in April and runs on one card."
    found = hits(article("a.md", text), article("b.md", reprint), article("c.md", "Llama is another model."))
    assert [hit.passage.article for hit in chooser().choose(found)] == ["a.md", "c.md"]


def test_a_reprint_with_another_figure_is_kept_since_it_contradicts() -> None:
    says = "Gemma 4 was released by Google in April and has {} billion parameters."
    found = hits(article("a.md", says.format(31)), article("b.md", says.format(27)))
    assert chooser().choose(found) == found


def test_passages_on_the_same_subject_are_both_kept() -> None:
    found = hits(
        article("a.md", "Gemma 4 was released by Google in April and runs on one card."),
        article("b.md", "Gemma 4 costs nothing, says Google, and its licence is Apache 2.0 now."),
    )
    assert chooser().choose(found) == found


def test_blank_passages_are_not_taken_for_reprints_of_each_other() -> None:
    found = hits(article("a.md", "..."), article("b.md", "!"))
    assert chooser().choose(found) == found


def test_no_article_takes_all_the_room_when_several_things_are_asked_for() -> None:
    one = article("a.md", "\n\n".join(" ".join(f"w{n}x{i}" for i in range(8)) for n in range(5)))
    found = hits(one, article("b.md", "Something else altogether, in quite other words."))
    plain = chooser(budget=48).choose(found)
    assert {hit.passage.article for hit in plain} == {"a.md"}
    assert chooser(budget=48).choose(found, question="What is it?") == plain
    spread = chooser(budget=48).choose(found, question="How do both compare?")
    assert [hit.passage.article for hit in spread] == ["a.md", "a.md", "a.md", "b.md"]


def test_of_each_of_several_things_the_best_is_there_before_anything_else() -> None:
    found = numbered(6)
    chosen = chooser(budget=48).choose_for_each([[found[4]], [found[5], found[3]]], found)
    assert chosen == [found[4], found[5], found[3], found[0]]
    of_three = chooser(budget=48).choose_for_each([[found[4]], [found[5], found[3]], [found[2]]], found)
    assert of_three == [found[4], found[5], found[2], found[0]]


def test_one_article_has_all_the_room_when_there_is_no_other() -> None:
    found = hits(article("a.md", "\n\n".join(" ".join(f"w{n}x{i}" for i in range(8)) for n in range(5))))
    assert chooser(budget=50).choose(found, question="How do both compare?") == chooser(budget=50).choose(
        found
    )


def test_the_newer_of_two_near_equals_leads_when_the_question_asks_for_now() -> None:
    old = article("old.md", "Five hundred is the limit.", published="2024-01-01")
    new = article("new.md", "Nine hundred holds these days.", published="2026-01-01")
    found = [ScoredPassage(hit.passage, score) for hit, score in zip(hits(old, new), (1.0, 0.9), strict=True)]
    assert chooser().choose(found, question="What is the limit?") == found
    assert chooser().choose(found, question="What is the limit now?") == found[::-1]


def test_a_source_is_read_with_the_words_that_lead_to_it() -> None:
    (hit,) = hits(article("a.md", "Qwen3 | 8 GB", title="Sizes"))
    assert (
        source_text(replace(hit.passage, lead="Model | Size")) == "Source: Sizes\nModel | Size\nQwen3 | 8 GB"
    )


def test_a_source_says_where_it_is_from() -> None:
    whole = article("a.md", "It is open.", title="Gemma 4", publisher="Google", published="2026-04-02")
    (hit,) = hits(whole, headings=("Licence", "Terms"))
    assert source_text(hit.passage) == "Source: Gemma 4 (Google, 2026-04-02): Terms\nIt is open."


def test_a_source_without_facts_has_its_title_alone() -> None:
    (hit,) = hits(article("a.md", "It is open.", title="Gemma 4"))
    assert source_text(hit.passage) == "Source: Gemma 4\nIt is open."


def test_a_passage_that_begins_with_its_heading_says_it_once() -> None:
    (hit,) = hits(article("a.md", "Terms\nIt is open.", title="Gemma 4"), headings=("Terms",))
    assert source_text(hit.passage) == "Source: Gemma 4\nTerms\nIt is open."


def test_the_best_source_stands_last_next_to_the_question() -> None:
    found = hits(article("best.md", "First."), article("second.md", "Second."))
    assert evidence_texts(found) == ["Source: second.md\nSecond.", "Source: best.md\nFirst."]
