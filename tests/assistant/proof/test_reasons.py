"""A reason that was asked for is found next to what the answer cites."""

import pytest
from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import Quote
from assistant.proof.judging import SentenceJudge
from assistant.proof.reasons import Reasons, asks_for_a_reason, gives_a_reason
from assistant.writer import CannedWriter
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

ADVICE = "A bank should move to Gemma 4."
REASON = "It comes under Apache 2.0, and its vendor is known."
ELSE = "Where cost decides, move to Qwen."
QUESTION = "Which model should a bank move to, and why?"


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        (QUESTION, True),
        ("Which model should a bank move to and why?", True),
        ("Which model do we take, and on what grounds?", True),
        ("Do we move? Why?", True),
        ("Do we move, or why not?", False),
        ("Should we stay with Llama; if not, why not?", True),
        ("We run Llama. What do we move to, and why should we?", True),
        ("Why is q4_0 more than four bits?", False),
        ("Which model explains why it answers?", False),
        ("Which model should a bank move to?", False),
        ("", False),
    ],
)
def test_why_is_asked_for_behind_something_else(question: str, asks: bool) -> None:
    assert asks_for_a_reason(question) is asks


def test_an_answer_that_says_because_has_told_it() -> None:
    assert gives_a_reason("Move to Gemma 4, since its licence is open.")
    assert not gives_a_reason(ADVICE)


def beside(cited: str, margins: list[tuple[str, float]]) -> str | None:
    passages = hits(article("advice.md", f"{ADVICE} {REASON} {ELSE}\n\nFar away it rains because of clouds."))
    sentences = EvidenceSentences(passages, QUESTION, HashEmbedder(64), Bm25Encoder())
    judge = SentenceJudge(CannedWriter((), [*margins, ("", -9.0)]), lambda: False)

    def cites(quote: Quote) -> bool:
        return quote.text == cited

    found = Reasons(sentences, judge).beside(cites, QUESTION)
    return None if found is None else found.text


def test_the_sentence_next_to_the_cited_one_is_the_reason_if_the_model_says_so() -> None:
    assert beside(ADVICE, [("Apache", 0.5)]) == REASON
    assert beside(ADVICE, [("Apache", -0.9)]) is None


def test_of_two_neighbours_the_surer_one_is_taken() -> None:
    assert beside(REASON, [("Gemma", 0.1), ("Qwen", 0.7)]) == ELSE


def test_what_stands_farther_away_is_not_looked_at() -> None:
    assert beside(ADVICE, [("clouds", 5.0), ("Qwen", 5.0)]) is None
    assert beside("nothing", [("", 5.0)]) is None
