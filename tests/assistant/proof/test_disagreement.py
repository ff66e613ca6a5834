"""Two sources that contradict each other are set side by side, and nothing else is called a contradiction."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_library import article, hits

from assistant.finding.quote import Quote, quotes_of
from assistant.proof.disagreement import Contradiction, DisagreementFinder
from index_store.lexical import Bm25Encoder

ASKED = "How many billion parameters has the open model Gemma 4?"
SAYS = "The open model Gemma 4 has {} billion parameters in its largest version."


def found(
    *texts: str, dates: tuple[str | None, ...] = (), question: str = ASKED, path: str | None = None
) -> list[Contradiction]:
    """What is found in articles of these texts, published on these days."""
    days = dates or (None,) * len(texts)
    articles = [
        article(path or f"{n}.md", text, published=day)
        for n, (text, day) in enumerate(zip(texts, days, strict=True))
    ]
    quotes = [quote for hit in hits(*articles) for quote in quotes_of(hit.passage)]
    return DisagreementFinder(Bm25Encoder()).find(quotes, question)


@pytest.mark.parametrize("dates", [("2026-04-02", "2026-04-20"), ("2026-04-02", "2026-04-02"), (None, None)])
def test_two_figures_for_the_same_thing_at_the_same_time_disagree(
    dates: tuple[str | None, str | None],
) -> None:
    (contradiction,) = found(SAYS.format(31), SAYS.format(27), dates=dates)
    assert contradiction.about == "The open model Gemma 4 has"
    assert {contradiction.one.text, contradiction.other.text} == {SAYS.format(31), SAYS.format(27)}


def test_the_order_of_the_sources_does_not_matter() -> None:
    assert len(found(SAYS.format(27), SAYS.format(31))) == len(found(SAYS.format(31), SAYS.format(27))) == 1


@pytest.mark.parametrize("dates", [("2025-04-02", "2026-04-02"), ("2026-04-02", "2025-04-02")])
def test_a_later_figure_is_a_change(dates: tuple[str, str]) -> None:
    assert found(SAYS.format(31), SAYS.format(27), dates=dates) == []


def test_a_reprint_agrees() -> None:
    assert found(SAYS.format(31), SAYS.format(31)) == []


@pytest.mark.parametrize("same", ["31.0", "31,0"])
def test_the_same_figure_in_another_spelling_agrees(same: str) -> None:
    assert found(SAYS.format(31), SAYS.format(same)) == []
    assert (
        found(
            "The open model Gemma 4 has 8 sizes for small machines.",
            "The open model Gemma 4 has eight sizes for small machines.",
        )
        == []
    )


def test_who_says_more_does_not_contradict() -> None:
    assert found(SAYS.format(31), SAYS.format("31 and 27")) == []
    assert found(SAYS.format("31"), SAYS.format("31") + " It came out in 2026.") == []


@pytest.mark.parametrize(
    "other",
    [
        "The open model Llama 4 has 27 billion parameters in its largest version.",
        "The open model Gemma 3 has 27 billion parameters in its largest version.",
        "The closed version of another thing has 27 billion users.",
        "It has 27 billion.",
        "The open model Gemma 4 has very many parameters in its largest version.",
    ],
)
def test_figures_for_different_things_do_not_disagree(other: str) -> None:
    assert found(SAYS.format(31), other) == []


def test_figures_in_different_units_do_not_disagree() -> None:
    one = "The open model Gemma 4 needs a card with at least 24 {} to run."
    assert found(one.format("gigabytes"), one.format("watts").replace("24", "300")) == []


def test_one_article_does_not_contradict_itself() -> None:
    assert found(f"{SAYS.format(31)}\n\n{SAYS.format(27)}") == []
    assert found(SAYS.format(31), SAYS.format(27), path="same.md") == []


def test_rows_of_a_table_are_not_compared() -> None:
    row = "Gemma 4 | open model | largest version | {} billion parameters"
    assert found(row.format(31), row.format(27)) == []


def test_what_nobody_asked_about_is_not_told() -> None:
    assert found(SAYS.format(31), SAYS.format(27), question="Who sells cheap penguins?") == []


def test_the_same_pair_of_articles_disagrees_once_about_a_subject() -> None:
    both = [f"{SAYS.format(n)}\n\n{SAYS.format(n)}" for n in (31, 27)]
    assert len(found(*both)) == 1


def test_each_pair_of_three_articles_is_told() -> None:
    pairs = found(SAYS.format(31), SAYS.format(27), SAYS.format(12))
    assert {(pair.one.passage.article, pair.other.passage.article) for pair in pairs} == {
        ("0.md", "1.md"),
        ("0.md", "2.md"),
        ("1.md", "2.md"),
    }


def test_nothing_is_found_in_nothing() -> None:
    assert DisagreementFinder(Bm25Encoder()).find([], ASKED) == []


@given(st.lists(st.text(max_size=60), max_size=4), st.text(max_size=40))
def test_any_text_is_compared_without_failing(texts: list[str], question: str) -> None:
    for contradiction in found(*texts, question=question):
        assert isinstance(contradiction.one, Quote)
        assert contradiction.one.passage.article != contradiction.other.passage.article
