"""What is true and carried by its quotes may still be beside the question."""

import pytest
from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.proof.judging import SentenceJudge
from assistant.proof.relevance import Relevance
from assistant.writer import CannedWriter
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

QUESTION = "Which three causes are given for the closing of the mill?"
FAR = "Tea is served upstairs on Sundays."
NEAR = "Three causes are given for the closing of the mill."
MILL = article("mill.md", f"{NEAR} {FAR}")


def relevance(margin: float, *, stopped: bool = False) -> Relevance:
    sentences = EvidenceSentences(hits(MILL), QUESTION, HashEmbedder(512), Bm25Encoder())
    judge = SentenceJudge(CannedWriter(margins=[("", margin)]), lambda: stopped)
    return Relevance(QUESTION, sentences, judge)


def test_what_is_far_from_the_question_and_denied_to_answer_is_beside_it() -> None:
    assert relevance(-3.0).is_beside(FAR)


@pytest.mark.parametrize("margin", [0.0, 2.0])
def test_what_the_model_takes_for_an_answer_is_not_however_far(margin: float) -> None:
    assert not relevance(margin).is_beside(FAR)


def test_what_comes_near_is_not_however_surely_it_is_denied() -> None:
    assert not relevance(-9.0).is_beside(NEAR)


def test_a_stop_takes_nothing_for_beside_the_question() -> None:
    assert not relevance(-3.0, stopped=True).is_beside(FAR)
