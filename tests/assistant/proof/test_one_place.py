"""All that a sentence names is said in one place of the articles, or it is not said."""

import pytest
from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.proof.one_place import OnePlace
from index_store.article import Article
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

HERON = article(
    "heron.md",
    "The company Marsh made Heron 2. It reads 256K tokens at once. It scores 89 points.\n"
    "Open models: Heron 2 and Kite 3.\nClosed models: Muse and Stork 4.",
    title="News of May",
)


def place(*articles: Article, question: str = "") -> tuple[OnePlace, EvidenceSentences]:
    sentences = EvidenceSentences(hits(*articles), question, HashEmbedder(64), Bm25Encoder())
    everything = "\n".join(one.text for one in articles)
    return OnePlace(sentences, everything), sentences


def shown(sentence: str, *articles: Article) -> list[str] | None:
    found, sentences = place(*(articles or (HERON,)))
    quotes = found.quotes(sentence, sentences.stating)
    return None if quotes is None else [quote.text for quote in quotes]


def nearest(sentence: str, *near: str) -> list[str] | None:
    """The quotes for a sentence near which only these were found."""
    found, sentences = place(HERON)
    quotes = found.quotes(sentence, [one for one in sentences.stating if one.quote.text.startswith(near)])
    return None if quotes is None else [quote.text for quote in quotes]


def test_a_quote_that_has_all_comes_first() -> None:
    quotes = shown("The company Marsh made Heron 2.")
    assert quotes is not None
    assert quotes[0] == "The company Marsh made Heron 2."


def test_a_quote_without_the_name_is_widened_to_the_sentence_that_has_it() -> None:
    assert nearest("Heron 2 reads 256K tokens.", "It reads") == [
        "The company Marsh made Heron 2. It reads 256K tokens at once."
    ]


def test_a_name_of_another_item_of_a_list_is_not_borrowed() -> None:
    assert nearest("Open models are Heron 2, Kite 3, and Muse.", "Open", "Closed") is None


def test_each_side_of_a_contrast_may_have_its_own_place() -> None:
    sides = nearest("The open models have Kite 3, while the closed models have Stork 4.", "Open", "Closed")
    assert sides == ["Open models: Heron 2 and Kite 3.", "Closed models: Muse and Stork 4."]


def test_what_goes_on_behind_and_is_held_to_the_name_before_it() -> None:
    assert nearest("Heron 2 and Kite 3 are open, and it reads 256K tokens.", "Open", "It reads") is None


def test_a_widened_quote_is_the_articles_text_at_its_place() -> None:
    second = article(
        "two.md", "First of all.\n\nThe company Marsh made Heron 2. It reads 256K tokens at once."
    )
    found, sentences = place(second)
    near = [one for one in sentences.stating if one.quote.text.startswith("It reads")]
    quotes = found.quotes("Heron 2 reads 256K tokens.", near)
    assert quotes is not None
    assert quotes[0].text == second.text[quotes[0].start : quotes[0].end]
    assert quotes[0].text.startswith("The company")


def test_what_no_source_names_is_not_looked_for() -> None:
    assert nearest("Zebra 9 reads 256K tokens.", "It reads") == ["It reads 256K tokens at once."]


@pytest.mark.parametrize(
    ("question", "title", "text", "other"),
    [
        ("What does Kite 3 read?", "Kite 2", "It reads all.", "Kite 3"),
        ("What does Kite 3 read?", "Kite 2", "Kite 3 reads all.", None),
        ("What does Kite 3 read?", "Kites of the marsh", "It reads all.", None),
        ("What does Kite 3 read?", "Kite 3 Small", "It reads all.", None),
        ("What do Kite 3 and Kite 2 read?", "Kite 2", "It reads all.", None),
        ("Should we move from Kite 3 to another?", "Kite 2", "It reads all.", None),
        ("How does Mistral's licence compare with that of Kite 3?", "Kite 2", "It is MIT.", None),
    ],
)
def test_a_question_about_one_thing_is_not_answered_from_an_article_that_does_not_name_it(
    question: str, title: str, text: str, other: str | None
) -> None:
    about = article("kite.md", "It is a bird.", title="Kite 3: a model")
    found, sentences = place(about, article("other.md", text, title=title), question=question)
    quotes = [one.quote for one in sentences.stating if one.quote.passage.article == "other.md"]
    assert found.other_subject(quotes) == other


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("How fast did Kestrel notice the theft?", "It was noticed in four minutes.", "Kestrel"),
        ("How fast did Kestrel notice the theft?", "Kestrel noticed it in four minutes.", None),
        ("In Kestrel, how is a theft noticed?", "It was noticed in four minutes.", None),
    ],
)
def test_what_somebody_did_is_not_told_by_an_article_that_never_names_him(
    question: str, text: str, other: str | None
) -> None:
    about = article("about.md", "It was broken into.", title="The Kestrel breach")
    found, sentences = place(about, article("other.md", text, title="A report"), question=question)
    quotes = [one.quote for one in sentences.stating if one.quote.passage.article == "other.md"]
    assert found.other_subject(quotes) == other


def test_without_an_article_about_it_nothing_is_held_against_the_others() -> None:
    found, sentences = place(article("other.md", "It reads all.", title="News"), question="What of Kite 3?")
    assert found.other_subject([one.quote for one in sentences.stating]) is None
