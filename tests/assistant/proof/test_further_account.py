"""A sentence of another article that answers too, and says more, is found beside what is told."""

import pytest
from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.proof.further_account import FurtherAccounts
from assistant.proof.judging import SentenceJudge
from assistant.writer import CannedWriter
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

TOLD = "The Heron 2 took third place in the Harbour race."
FIRST = article("first.md", TOLD)
MORE = "The Heron 2 took third place in the Harbour race with 78 points."


def further(*others: str, margin: float = 0.0, stopped: bool = False) -> str | None:
    """What is found beside the first article, in those whose texts are given."""
    found = hits(FIRST, *(article(f"{number}.md", text) for number, text in enumerate(others)))
    sentences = EvidenceSentences(
        hits(FIRST), "Which place did the Heron 2 take in the Harbour race?", HashEmbedder(512), Bm25Encoder()
    )
    judge = SentenceJudge(CannedWriter(default_margin=margin), lambda: stopped)
    account = FurtherAccounts(found, sentences, judge).of([TOLD], {FIRST.key})
    if account is None:
        return None
    hit, quote = account
    assert quote.text in hit.passage.text
    return quote.text


def test_what_another_article_answers_with_more_is_found() -> None:
    assert further("It rained.", f"It was windy. {MORE}") == MORE


@pytest.mark.parametrize(
    "other",
    [
        TOLD,
        "The Kite 3 took third place in the Harbour race with 78 points.",
        "The Heron 2 is a boat of 78 feet that was launched in the Harbour, with its sails.",
        "In the Harbour race of a windy day, so says the paper, who takes a place is the Heron 2's crew.",
    ],
)
def test_what_says_no_more_or_is_of_another_thing_or_comes_not_near_is_not(other: str) -> None:
    assert further(other) is None


def test_the_model_has_to_take_it_for_an_answer() -> None:
    assert further(MORE, margin=-0.2) is None


def test_the_likelier_of_two_is_taken_and_a_stop_finds_none() -> None:
    assert further(f"{MORE} So the Heron 2 took third place in the Harbour race after 12 hours.") == MORE
    assert further(MORE, stopped=True) is None
