"""Two articles that answer one question with different figures are found, however each puts it."""

import pytest
from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import Quote, quotes_of
from assistant.proof.judging import SentenceJudge
from assistant.proof.other_values import OtherValues
from assistant.writer import CannedWriter
from index_store.article import Article
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

COUNT = "According to our count, records of 2.1 million employees were stolen."
LATER = "In the breach at Kestrel, records of 640,000 employees were stolen, the regulator says."
KESTREL = article("one.md", COUNT, title="The Kestrel breach")
ASKED = "How many employees' records were stolen at Kestrel?"


def told_apart(
    other: Article,
    *,
    question: str = ASKED,
    one: Article = KESTREL,
    margins: tuple[tuple[str, float], ...] = (),
) -> list[tuple[str, str]]:
    found = hits(one, other)
    sentences = EvidenceSentences(found, question, HashEmbedder(512), Bm25Encoder())
    judge = SentenceJudge(CannedWriter([], margins), lambda: False)
    cited: list[Quote] = list(quotes_of(found[0].passage))
    contradictions = OtherValues(found, sentences, judge).of(cited)
    assert all(hit.passage.id == one.other.passage.id for one, hit in contradictions)
    return [(one.one.text, one.other.text) for one, _ in contradictions]


def test_another_count_of_the_same_is_found() -> None:
    assert told_apart(article("two.md", LATER)) == [(COUNT, LATER)]


@pytest.mark.parametrize(
    "text",
    [
        "In the breach at Kestrel, records of 2,100,000 employees were stolen, the regulator says.",
        "In the breach at Kestrel, records of many employees were stolen, the regulator says.",
        "In the breach at Kestrel, records of 640,000 customers were stolen, the regulator says.",
        "In the breach at Heron, records of 640,000 employees were stolen, the regulator says.",
        "Kestrel has 640,000 employees in all.",
        "Kestrel | 640,000 employees | records stolen",
    ],
)
def test_the_same_figure_another_kind_another_thing_and_another_matter_are_none(text: str) -> None:
    assert told_apart(article("two.md", text)) == []


def test_what_answers_less_likely_is_no_other_answer() -> None:
    assert told_apart(article("two.md", LATER), margins=(("the regulator says", -1.0), ("", 1.0))) == []


STOCK = "The smallest stock of negative cells at Corvane is {} days of demand."
OF_STOCK = "What is the smallest stock of negative cells at Corvane?"


def test_of_one_sentence_but_for_the_figure_the_model_is_not_asked() -> None:
    other = STOCK.format("now 8")
    assert told_apart(
        article("two.md", other),
        one=article("one.md", f"From January, {STOCK.format(6.5)}"),
        question=OF_STOCK,
        margins=(("", -3.0),),
    ) == [(f"From January, {STOCK.format(6.5)}", other)]


def test_of_one_sentence_but_for_the_figure_another_figure_may_be_the_same() -> None:
    text = "The evidence of Kestrel takes {} tokens a question, which is passages of 200 tokens."
    one, other = article("one.md", text.format("2,000")), article("two.md", text.format("800"))
    asked = "How many tokens of evidence does Kestrel take per question?"
    assert told_apart(other, one=one, question=asked) == [(text.format("2,000"), text.format("800"))]
    assert told_apart(one, one=article("three.md", one.text), question=asked) == []


def test_figures_of_other_years_are_no_other_answers() -> None:
    assert (
        told_apart(
            article("two.md", f"In 2024, {STOCK.format(8)}"),
            one=article("one.md", f"In 2025, {STOCK.format(6.5)}"),
            question=OF_STOCK,
        )
        == []
    )


def test_things_that_are_asked_about_side_by_side_differ_by_right() -> None:
    heron = article("two.md", LATER, title="The Kestrel and Heron breaches")
    assert (
        told_apart(heron, question="How many employees' records were stolen at Kestrel and Heron each?") == []
    )


def test_figures_in_words_count_too() -> None:
    hours = article(
        "one.md", "The notice of a major incident goes out within four hours, and in any case in 24 hours."
    )
    same = article("two.md", "The notice of a major incident goes out 4 hours after it was classified.")
    asked = "How soon goes the notice of a major incident out?"
    assert told_apart(same, question=asked, one=hours) == []


def test_a_time_of_the_day_and_a_share_differ_too() -> None:
    one = article("one.md", "The restore of the backups began at 8:00 that day.")
    other = article("two.md", "The restore of the backups began at 00:05, engineers say.")
    assert len(told_apart(other, question="When began the restore of the backups?", one=one)) == 1
    one = article("one.md", "The margin on top of the memory request is 30%.")
    other = article("two.md", "The margin on top of the memory request is 15 percent, we found.")
    assert len(told_apart(other, question="Which margin goes on top of a memory request?", one=one)) == 1
