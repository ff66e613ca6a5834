"""A draft is completed with sentences that answer and are not yet said, and with no others."""

from tiny_library import article, hits

from assistant.completing import ANSWERS, Completer, JudgedQuote
from assistant.evidence_sentences import EvidenceSentences
from assistant.quote_ranking import RankedQuote
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

LICENCE = "The licence of Gemma 4 is Apache 2.0."
CARD = "It runs on a single card with 24 GB."
SENTENCES = EvidenceSentences(
    hits(article("gemma.md", f"{LICENCE} {CARD}")), "Licence?", HashEmbedder(64), Bm25Encoder()
)


def completer(*margins: float) -> Completer:
    judged = [
        JudgedQuote(RankedQuote(candidate, 0.5), margin)
        for candidate, margin in zip(SENTENCES.candidates, margins, strict=True)
    ]
    return Completer(SENTENCES, judged)


def quotes(said: str, most: int, *margins: float) -> list[str]:
    return [quote.text for quote in completer(*margins).quotes(said, most)]


def test_the_likeliest_answer_is_quoted_first() -> None:
    assert quotes("", 2, 0.1, 1.5) == [CARD, LICENCE]
    assert quotes("", 1, 1.5, 0.1) == [LICENCE]


def test_what_does_not_answer_is_not_quoted() -> None:
    assert quotes("", 2, ANSWERS - 0.01, ANSWERS) == [CARD]


def test_what_is_said_already_is_not_said_again() -> None:
    assert quotes("Gemma 4 has the licence Apache 2.0.", 2, 1.0, 1.0) == [CARD]
    assert quotes(LICENCE, 1, 1.0, -9.0) == []


def test_a_figure_that_is_not_said_yet_is_something_new() -> None:
    assert quotes("It runs on a single card.", 2, -9.0, 1.0) == [CARD]


def test_the_best_margin_is_known() -> None:
    assert completer(0.3, -0.2).best_margin == 0.3
    assert Completer(SENTENCES, []).best_margin is None
