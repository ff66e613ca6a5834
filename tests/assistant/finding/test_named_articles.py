"""What a question asks of a thing is looked for in the article that has it for its title."""

from collections.abc import Iterator

import pytest
from tiny_library import article, library_of

from assistant.finding.named_articles import NamedArticles
from index_store.library import Library

ARTICLES = (
    article(
        "box.md",
        "We are glad to release it at last.\n\nIt is made of oak.\n\nIt hangs in trees.",
        title="Marsh-Box: made for herons",
    ),
    article("box-2.md", "The marsh box weighs two kilograms: weight and wood.", title="Marsh-Box-Light"),
    article("wood.md", "The weight of a box and its wood.\n\nBox, weight, wood.", title="On marsh wood"),
    article("again.md", "A reprint.", title="Heron 3"),
    *(article(f"week-{n}.md", "News.", title=f"Marsh News {n}, Stork-Talk") for n in range(3)),
)


@pytest.fixture(scope="module")
def library() -> Iterator[Library]:
    with library_of(ARTICLES) as made:
        yield made


def found(library: Library, question: str, shown: int = 2) -> list[str]:
    evidence = library.search(question, shown)
    return [hit.passage.article for hit in NamedArticles(library).missing_from(evidence, question, 20)]


def test_the_article_named_is_searched_where_the_evidence_has_none_of_it(library: Library) -> None:
    question = "marsh-box weight + wood?"
    assert "box.md" not in [hit.passage.article for hit in library.search(question, 2)]
    assert found(library, question) == ["box.md", "box.md"]
    assert found(library, "Marsh Box weight + wood?") == ["box.md", "box.md"]


def test_another_things_longer_name_and_a_name_of_many_titles_name_no_article(library: Library) -> None:
    assert found(library, "marsh-box-light weight?", shown=1) == []
    assert found(library, "What was said in stork-talk?", shown=0) == []
    assert found(library, "Which weight has wood?") == []


def test_what_the_evidence_has_of_it_is_not_found_again(library: Library) -> None:
    question = "Of what is the marsh-box made, does it hang in trees, and are you glad?"
    shown = library.search(question, 20)
    assert NamedArticles(library).missing_from(shown, question, 20) == []
    one = [hit for hit in shown if hit.passage.article == "box.md"][:1]
    [more] = NamedArticles(library).missing_from(one, question, 20)
    assert more.passage.article == "box.md"
    assert more.passage.id != one[0].passage.id


def test_titles_are_looked_up_once_after_each_change() -> None:
    with library_of(ARTICLES[:1]) as made:
        titles = made.titles()
        assert made.titles() is titles
        made.remove(titles)
        assert made.titles() == {}
        for one in ARTICLES[1:3]:
            made.put(one, [], pipeline="1")
        assert set(made.titles().values()) == {one.title for one in ARTICLES[1:3]}
        made.put(ARTICLES[2], [], pipeline="1", duplicate_of=ARTICLES[1].key)
        assert set(made.titles().values()) == {ARTICLES[1].title}


def test_a_name_that_several_things_share_brings_no_passages_about_another() -> None:
    acme = [f"Acme had a revenue of {n} million in Q3 2025." for n in range(4)]
    globex = [f"Revenue and costs in Q3 2025: {n}." for n in range(4)]
    articles = (
        article("acme.md", "\n\n".join(acme), title="Acme: the third quarter"),
        article("globex.md", "\n\n".join(globex), title="Q3 2025 results: Globex"),
    )
    with library_of(articles) as made:
        question = "What was the revenue of Acme in Q3 2025?"
        shown = [hit for hit in made.search(question, 20) if hit.passage.article == "acme.md"]
        assert NamedArticles(made).missing_from(shown, question, 20) == []
        assert NamedArticles(made).missing_from(shown, "What was the revenue in Q3 2025?", 20)


def test_a_greeting_is_no_part_of_a_name() -> None:
    articles = (
        article("hello.md", "It is made of oak.", title="Introducing Marsh-Box"),
        article("other.md", "Oak. Boxes. Made."),
    )
    with library_of(articles) as made:
        [hit] = NamedArticles(made).missing_from([], "Of what is the marsh-box made?", 20)
        assert hit.passage.article == "hello.md"
