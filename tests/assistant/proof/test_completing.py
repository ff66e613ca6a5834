"""A draft is completed with sentences that answer and are not yet said, and with no others."""

from collections.abc import Sequence

import pytest
from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.proof.completing import (
    BETTER_THAN_NOTHING,
    WORTH_ADDING,
    Completer,
    JudgedQuote,
    tells_of,
)
from assistant.proof.quote_ranking import RankedQuote
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

LICENCE = "The licence of Gemma 4 is Apache 2.0."
CARD = "It runs on a single card with 24 GB."
SENTENCES = EvidenceSentences(
    hits(article("gemma.md", f"{LICENCE} {CARD}")), "Licence?", HashEmbedder(64), Bm25Encoder()
)


def completer(*margins: float, score: float = 0.5) -> Completer:
    judged = [
        JudgedQuote(RankedQuote(candidate, score), margin)
        for candidate, margin in zip(SENTENCES.candidates, margins, strict=True)
    ]
    return Completer(SENTENCES, judged)


def texts(quotes: Sequence[JudgedQuote]) -> list[str]:
    return [one.ranked.candidate.quote.text for one in quotes]


def quotes(said: str, most: int, *margins: float) -> list[str]:
    return texts(completer(*margins).quotes(said, most))


def test_the_likeliest_answer_is_quoted_first() -> None:
    assert quotes("", 2, 0.1, 1.5) == [CARD, LICENCE]
    assert quotes("", 1, 1.5, 0.1) == [LICENCE]


@pytest.mark.parametrize(("margins", "first"), [((1.0, 0.1), "b.md"), ((1.2, 0.1), "a.md")])
def test_beside_what_one_article_tells_the_account_of_another_comes_first_if_it_is_nearly_as_good(
    margins: tuple[float, float], first: str
) -> None:
    found = hits(article("a.md", "Gemma 4 is open."), article("b.md", "Gemma 4 may be sold by anybody."))
    sentences = EvidenceSentences(found, "Is Gemma 4 open?", HashEmbedder(64), Bm25Encoder())
    judged = [
        JudgedQuote(RankedQuote(candidate, 0.5), margin)
        for candidate, margin in zip(sentences.candidates, margins, strict=True)
    ]
    completer = Completer(sentences, judged, cited={found[0].passage.article_key})
    [quoted] = completer.quotes("It is a model.", 1)
    assert quoted.ranked.candidate.quote.passage.article == first


def test_what_does_not_answer_is_not_quoted() -> None:
    # Each scores a fifth by its words, which counts five times.
    least = WORTH_ADDING - 5 * 0.2
    beside = completer(least - 0.01, least, score=0.2)
    assert texts(beside.quotes("Something else stands.", 2)) == [CARD]
    below = completer(BETTER_THAN_NOTHING - 0.01, BETTER_THAN_NOTHING, score=0.9)
    assert texts(below.quotes("Something else stands.", 2)) == [CARD]


def test_where_nothing_stands_a_less_sure_quote_is_better_than_nothing() -> None:
    assert quotes("", 2, BETTER_THAN_NOTHING - 0.01, BETTER_THAN_NOTHING) == [CARD]


def test_what_is_far_from_the_question_stands_beside_nothing_but_may_stand_alone() -> None:
    judged = [JudgedQuote(RankedQuote(candidate, 0.5), 1.0) for candidate in SENTENCES.candidates]
    completer = Completer(SENTENCES, judged, far=lambda quote: quote.text == CARD)
    assert texts(completer.quotes("", 1)) == [LICENCE]
    assert texts(completer.quotes("Something else stands.", 2)) == [LICENCE]
    assert texts(Completer(SENTENCES, judged[1:], far=lambda _: True).quotes("", 1)) == [CARD]


def test_what_is_said_already_is_not_said_again() -> None:
    assert quotes("Gemma 4 has the licence Apache 2.0.", 2, 1.0, 1.0) == [CARD]
    assert quotes(LICENCE, 1, 1.0, -9.0) == []


def test_a_figure_that_is_not_said_yet_is_something_new() -> None:
    assert quotes("It runs on a single card.", 2, -9.0, 1.0) == [CARD]


def test_a_quote_alone_speaks_of_all_that_the_question_names_and_beside_a_draft_of_half() -> None:
    gemma = article("gemma.md", "It runs on a single card with 24 GB.", title="Gemma 4")
    for question, alone, beside in (
        ("Which card does Gemma 4 need?", 1, 1),
        ("Which card do Gemma 4 and Llama 3 need?", 0, 1),
        ("Which card does Llama 3 need?", 0, 0),
    ):
        sentences = EvidenceSentences(hits(gemma), question, HashEmbedder(64), Bm25Encoder())
        [candidate] = sentences.candidates
        made = Completer(sentences, [JudgedQuote(RankedQuote(candidate, 0.5), 1.0)])
        assert len(made.quotes("", 2)) == alone
        assert len(made.quotes("It is a model.", 2)) == beside
        # Of a question's parts each names what it asks about.
        part = JudgedQuote(RankedQuote(candidate, 0.5), 1.0, 0, "Which card does Gemma 4 need?")
        assert len(Completer(sentences, [part]).quotes("", 2)) == 1


def test_each_part_of_a_question_has_its_turn() -> None:
    first, second = SENTENCES.candidates
    judged = [
        JudgedQuote(RankedQuote(first, 0.5), 2.0, 0),
        JudgedQuote(RankedQuote(second, 0.5), 1.0, 0),
        JudgedQuote(RankedQuote(second, 0.5), 0.5, 1),
    ]
    completed = Completer(SENTENCES, judged)
    assert texts(completed.quotes("", 2)) == [LICENCE, CARD]
    assert completed.best_margins() == {0: 2.0, 1: 0.5}


def test_the_part_of_a_question_that_nothing_speaks_of_comes_first() -> None:
    memory, arena = "How much memory does it take?", "Where does Gemma 4 stand in the Arena?"
    text = "It takes 24 GB of memory. Gemma 4 stands third in the Arena."
    sentences = EvidenceSentences(
        hits(article("gemma.md", text)), f"{memory} {arena}", HashEmbedder(64), Bm25Encoder()
    )
    judged = [
        JudgedQuote(RankedQuote(candidate, 0.5), 1.0 - part, part, asked)
        for part, (candidate, asked) in enumerate(zip(sentences.candidates, (memory, arena), strict=True))
    ]
    quoted = Completer(sentences, judged).quotes("It takes much memory.", 1)
    assert texts(quoted) == ["Gemma 4 stands third in the Arena."]


def test_a_quote_that_answers_two_parts_stands_for_both() -> None:
    memory, arena = "How much memory does Gemma 4 take?", "Where does Gemma 4 stand in the Arena?"
    both = "Gemma 4 stands third in the Arena and takes 24 GB of memory."
    text = f"{both} How much memory Gemma 4 takes is well known."
    sentences = EvidenceSentences(
        hits(article("gemma.md", text)), f"{memory} {arena}", HashEmbedder(64), Bm25Encoder()
    )
    whole, known = sentences.candidates
    judged = [
        JudgedQuote(RankedQuote(whole, 0.9), 2.0, 1, arena),
        JudgedQuote(RankedQuote(known, 0.9), 1.0, 0, memory),
    ]
    assert texts(Completer(sentences, judged).quotes("", 2)) == [both]


def test_without_anything_judged_nothing_is_quoted() -> None:
    assert Completer(SENTENCES, []).quotes("", 3) == []
    assert Completer(SENTENCES, []).best_margins() == {}


def test_advice_need_not_name_what_the_asker_told_of_the_case() -> None:
    question = "We run Llama in a bank. Which model should we take?"
    advice = article("advice.md", "Regulated firms should take Gemma 4.", title="Advice")
    sentences = EvidenceSentences(hits(advice), question, HashEmbedder(64), Bm25Encoder())
    judged = [JudgedQuote(RankedQuote(sentences.candidates[0], 0.5), 1.0)]
    assert texts(Completer(sentences, judged).quotes("", 1)) == ["Regulated firms should take Gemma 4."]


def test_a_row_beside_one_that_has_more_of_what_was_asked_is_of_something_else() -> None:
    table = article("memory.md", "model | memory\nHeron 7 | 11 GB\nHeron 72 | 61 GB", title="Heron 7")
    sentences = EvidenceSentences(
        hits(table), "How much memory does Heron 7 need?", HashEmbedder(64), Bm25Encoder()
    )
    judged = [JudgedQuote(RankedQuote(row, 0.9), 1.0) for row in reversed(sentences.stating)]
    assert texts(Completer(sentences, judged).quotes("", 2)) == ["Heron 7 | 11 GB"]


def test_no_row_without_money_tells_a_price() -> None:
    table = article("fleet.md", "Machine | Bags | Bought\nVantor XL | 20 | 2025", title="The machines")
    question = "What does the machine Vantor XL cost?"
    sentences = EvidenceSentences(hits(table), question, HashEmbedder(64), Bm25Encoder())
    judged = [JudgedQuote(RankedQuote(row, 0.9), 9.0) for row in sentences.stating]
    assert texts(Completer(sentences, judged).quotes("", 1)) == []


def test_a_row_of_a_table_is_quoted_only_where_it_tells_something_of_what_was_asked() -> None:
    table = article("sizes.md", "Model | Price | Layers | Minimum age\nHeron 3 | 5 | 28 | 18")
    for question, expected in (
        ("What share has Heron 3?", []),
        ("How many layers has Heron 3?", ["Heron 3"]),
        ("How old must a driver of Heron 3 be?", ["Heron 3"]),
        ("How much does Heron 3 cost?", ["Heron 3"]),
        ("What are the fees for layers of Heron 3?", ["Heron 3"]),
    ):
        sentences = EvidenceSentences(hits(table), question, HashEmbedder(64), Bm25Encoder())
        judged = [JudgedQuote(RankedQuote(candidate, 0.9), 9.0) for candidate in sentences.stating]
        found = texts(Completer(sentences, judged).quotes("", 1))
        assert [text.split(" | ")[0] for text in found] == expected


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("We compared three stores that can be run at home: Corvault and others.", False),
        ("In this article we look at Corvault.", False),
        ("This guide covers Corvault.", False),
        ("Corvault was compared with others, and lost.", True),
        ("We recommend Corvault.", True),
    ],
)
def test_what_an_author_is_about_to_tell_tells_nothing(text: str, tells: bool) -> None:
    found = hits(article("stores.md", text))
    sentences = EvidenceSentences(found, "What of Corvault?", HashEmbedder(64), Bm25Encoder())
    assert tells_of(sentences.stating[0].quote, "What of Corvault?", sentences) is tells


@pytest.mark.parametrize(
    ("text", "asked", "tells"),
    [
        ("Source: https://corvault.example/limits", "What of Corvault?", False),
        ("Read more: https://corvault.example", "What of Corvault?", False),
        ("Source: https://corvault.example/limits", "Under which URL are the limits of Corvault?", True),
        ("See https://corvault.example for the limit of 5 GB.", "What of Corvault?", True),
    ],
)
def test_where_an_article_is_from_tells_nothing_unless_it_was_asked_for(
    text: str, asked: str, tells: bool
) -> None:
    sentences = EvidenceSentences(hits(article("c.md", text)), asked, HashEmbedder(64), Bm25Encoder())
    assert tells_of(sentences.stating[0].quote, asked, sentences) is tells
