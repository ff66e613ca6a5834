"""Footnotes are numbered from 1 as they are first used, and the same words are the same footnote."""

from dataclasses import replace

from tiny_library import article, hits

from assistant.finding.quote import Quote, quotes_of
from assistant.proof.footnotes import Footnotes
from index_store.passage_store import Origin


def quotes(path: str = "a.md", text: str = "One. Two. Three.", **facts: str) -> list[Quote]:
    return [quote for hit in hits(article(path, text, **facts)) for quote in quotes_of(hit.passage)]


def test_numbers_follow_the_order_of_first_use() -> None:
    one, two, three = quotes()
    footnotes = Footnotes()
    assert [footnotes.cite(quote).number for quote in (two, one, two, three, one)] == [1, 2, 1, 3, 2]
    assert [citation.number for citation in footnotes.all()] == [1, 2, 3]
    assert [citation.quote for citation in footnotes.all()] == ["Two.", "One.", "Three."]


def test_nothing_cited_is_no_footnote() -> None:
    assert Footnotes().all() == ()


def test_the_same_words_of_two_articles_are_two_footnotes() -> None:
    footnotes = Footnotes()
    numbers = [footnotes.cite(quotes(path)[0]).number for path in ("a.md", "b.md", "a.md")]
    assert numbers == [1, 2, 1]


def test_the_same_words_in_two_places_of_an_article_are_two_footnotes() -> None:
    first, _, second = quotes(text="It is. And then. It is.")
    footnotes = Footnotes()
    assert (footnotes.cite(first).number, footnotes.cite(second).number) == (1, 2)


def test_the_same_place_in_overlapping_passages_is_one_footnote() -> None:
    footnotes = Footnotes()
    numbers = {footnotes.cite(quotes(title=title)[0]).number for title in ("one", "other")}
    assert numbers == {1}


def test_a_footnote_says_all_that_is_known_of_its_source() -> None:
    facts = {"title": "T", "publisher": "P", "url": "https://example.org/a", "published": "2026-04-02"}
    citation = Footnotes().cite(quotes(text="\n\nOne. Two.", **facts)[1])
    assert (citation.title, citation.publisher, citation.url, citation.published) == tuple(facts.values())
    assert (citation.article, citation.passage, citation.quote) == ("a.md", "One. Two.", "Two.")
    assert (citation.start, citation.end, citation.heading, citation.page) == (7, 11, None, None)


def test_the_page_is_the_one_on_which_the_quote_begins() -> None:
    found = quotes()
    passage = replace(found[0].passage, page=11, page_breaks=((5, 12),))
    footnotes = Footnotes()
    assert [footnotes.cite(replace(quote, passage=passage)).page for quote in found] == [11, 12, 12]


def test_a_footnote_tells_where_else_its_article_was_published() -> None:
    other = Origin(
        "https://other.example/a", "The same", "The Other", "https://other.example/a", "2026-03-01"
    )
    quote = quotes()[0]
    footnotes = Footnotes(lambda key: (other,) if key == quote.passage.article_key else ())
    assert footnotes.cite(quote).origins == (other,)
    assert Footnotes().cite(quote).origins == ()
