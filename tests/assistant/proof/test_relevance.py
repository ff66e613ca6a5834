"""What is true and carried by its quotes may still be beside the question."""

import pytest
from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.proof.judging import SentenceJudge
from assistant.proof.relevance import Relevance
from assistant.writer import CannedWriter
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

QUESTION = "Which three causes are given for the closing of the Ostwick mill?"
BEST = "Three causes are given for the closing of the mill."
FAR = "Tea is served upstairs on Sundays."
NEAR = "Which three causes are given for the closing?"
MILL = article("mill.md", f"{BEST} {NEAR} {FAR}")


def beside(told: list[str], *, far: float = -3.0, best: float = 1.0, stopped: bool = False) -> list[str]:
    sentences = EvidenceSentences(hits(MILL), QUESTION, HashEmbedder(512), Bm25Encoder())
    writer = CannedWriter(margins=[(BEST, best), ("", far)])
    return Relevance(QUESTION, sentences, SentenceJudge(writer, lambda: stopped)).beside(told)


def test_what_is_far_from_the_question_and_denied_to_answer_is_beside_it() -> None:
    assert beside([FAR, BEST]) == [FAR]
    assert beside([f"“{BEST}”", FAR]) == [FAR]


def test_a_quotation_was_chosen_for_what_it_says() -> None:
    assert beside([BEST, f"“{FAR}”"]) == []


@pytest.mark.parametrize("margin", [-0.5, 2.0])
def test_what_the_model_does_not_deny_is_not_however_far(margin: float) -> None:
    assert beside([FAR, BEST], far=margin) == []


def test_what_comes_near_is_not_however_surely_it_is_denied() -> None:
    assert beside([NEAR, BEST], far=-9.0) == []


def test_what_names_what_was_asked_about_is_not_either() -> None:
    assert beside(["Tea is served in Ostwick on Sundays.", BEST]) == []


def test_nothing_is_where_nothing_better_is_told() -> None:
    assert beside([FAR]) == []
    assert beside([FAR, "Cake is sold on Mondays."]) == []
    assert beside([FAR, BEST], best=-4.0) == []


def test_a_stop_takes_nothing_for_beside_the_question() -> None:
    assert beside([FAR, BEST], stopped=True) == []
