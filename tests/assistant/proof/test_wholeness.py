"""Whether what stands answers what was asked, as a whole."""

import pytest
from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.proof.judging import SentenceJudge
from assistant.proof.wholeness import Wholeness
from assistant.writer import CannedWriter
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

VOICES = article("voices.md", "The Heron speaks three dialects. Jada speaks the one of Shanghai.")
QUESTION = "Which voice of the Heron should we take for customers in Shanghai?"


def wholeness(margin: float, *, stopped: bool = False, question: str = QUESTION) -> Wholeness:
    sentences = EvidenceSentences(hits(VOICES), question, HashEmbedder(64), Bm25Encoder())
    writer = CannedWriter(margins=[("", margin)])
    return Wholeness(question, sentences, SentenceJudge(writer, lambda: stopped))


@pytest.mark.parametrize(("margin", "is_open"), [(-2.0, True), (-0.51, True), (-0.4, False), (2.0, False)])
def test_what_the_model_denies_to_be_an_answer_leaves_the_question_open(margin: float, is_open: bool) -> None:
    assert wholeness(margin).leaves_open("The Heron speaks three dialects.") is is_open


@pytest.mark.parametrize(("margin", "doubted"), [(-0.01, True), (0.0, False)])
def test_what_answers_less_likely_than_not_is_doubted(margin: float, doubted: bool) -> None:
    assert wholeness(margin).is_doubted("The Heron speaks three dialects.") is doubted


@pytest.mark.parametrize(("margin", "is_told"), [(-0.61, True), (-0.59, False), (2.0, False)])
def test_only_what_is_clearly_denied_is_told_to_be_a_part(margin: float, is_told: bool) -> None:
    missing = [QUESTION] if is_told else []
    assert wholeness(margin).missing("The Heron speaks three dialects.", [QUESTION]) == missing
    assert wholeness(margin, stopped=True).missing("The Heron speaks three dialects.", [QUESTION]) == []


def test_of_several_parts_only_those_that_are_denied_are_told_to_be_missing() -> None:
    question = "How many dialects has it, and which voice should customers in Shanghai take?"
    parts = ["How many dialects has it", "which voice should customers in Shanghai take?"]
    said = "The Heron has three dialects in all."
    sentences = EvidenceSentences(hits(VOICES), question, HashEmbedder(64), Bm25Encoder())
    writer = CannedWriter(margins=[("customers", -2.0), ("", 2.0)])
    whole = Wholeness(question, sentences, SentenceJudge(writer, lambda: False))
    assert whole.missing(said, parts) == [parts[1]]
    # The model denies that too, but it has the part's name and half of its words.
    assert whole.missing(f"{said} Jada is for customers in Shanghai.", parts) == []


@pytest.mark.parametrize(("said", "lost"), [("It takes three to six months.", False), ("Soon.", True)])
def test_a_time_that_was_asked_for_and_is_told_is_not_missing(said: str, lost: bool) -> None:
    parts = ["What does Jada give up", "how long until she is ready?"]
    writer = CannedWriter(margins=[("how long", -2.0), ("", 2.0)])
    sentences = EvidenceSentences(hits(VOICES), " and ".join(parts), HashEmbedder(64), Bm25Encoder())
    whole = Wholeness(" and ".join(parts), sentences, SentenceJudge(writer, lambda: False))
    assert whole.missing(said, parts) == parts[1:] * lost


def test_who_asks_for_anything_misses_nothing() -> None:
    told = "Tell me about customers in Shanghai."
    assert wholeness(-9.0, question=told).missing("The Heron speaks three dialects.", [told]) == []


def test_an_answer_that_takes_up_the_question_is_not_asked_about() -> None:
    told = "For customers in Shanghai take Jada, the voice of the Heron that we should name."
    assert not wholeness(-9.0).leaves_open(told)


def test_a_stop_leaves_nothing_open() -> None:
    assert not wholeness(-9.0, stopped=True).leaves_open("The Heron speaks three dialects.")


def test_a_question_without_a_word_to_take_up_is_answered_by_anything() -> None:
    assert not wholeness(-9.0, question="?!").leaves_open("The Heron speaks three dialects.")


def test_what_is_quoted_alone_is_judged_without_its_marks_as_it_was_before() -> None:
    sentences = EvidenceSentences(hits(VOICES), QUESTION, HashEmbedder(64), Bm25Encoder())
    judge = SentenceJudge(CannedWriter(margins=[("Sentence:  Jada", 2.0), ("", -2.0)]), lambda: False)
    whole = Wholeness(QUESTION, sentences, judge)
    assert not whole.leaves_open("“Jada speaks Shanghainese.”")
    assert whole.leaves_open("“Heron speaks Shanghainese.”")
