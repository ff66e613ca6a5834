"""What stands nearest to a question that the library does not answer."""

from tiny_library import article, hits

from assistant.finding.nearest import nearest_articles
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

DONORS = article(
    "donors.md",
    "Donors are between 18 and 68 years old. They rest for a while.\n\nage | 18 to 68 | donors",
    published="2026-03-02",
)
OTHERS = [article(f"{n}.md", f"Text number {n} tells of rain.\n\nMore of {n}.") for n in range(1, 5)]
QUESTION = "Are donors between 18 and 68 years old?"


def test_the_nearest_articles_are_named_once_each_with_a_sentence_that_comes_near() -> None:
    found = nearest_articles(QUESTION, hits(DONORS, *OTHERS), HashEmbedder(512), Bm25Encoder())
    assert [(one.article, one.published, one.quote) for one in found] == [
        ("donors.md", "2026-03-02", "Donors are between 18 and 68 years old."),
        ("1.md", None, None),
        ("2.md", None, None),
    ]


def test_a_sentence_as_long_as_a_paragraph_is_not_quoted() -> None:
    long = article("long.md", f"Are donors between 18 and 68 years old, {'or older ' * 40}then?")
    [found] = nearest_articles(QUESTION, hits(long), HashEmbedder(512), Bm25Encoder())
    assert found.quote is None


def test_an_empty_library_has_no_nearest_article() -> None:
    assert nearest_articles(QUESTION, [], HashEmbedder(512), Bm25Encoder()) == ()
