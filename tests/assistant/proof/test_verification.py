"""A sentence stands when its words are found and the model agrees that they say it."""

from dataclasses import replace

from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.proof.attribution import Attribution, Attributor
from assistant.proof.judging import SentenceJudge
from assistant.proof.verification import ADVISED, BORROWED, COPIED, NEARLY_THE_ARTICLES, OWN_WORDS, Verifier
from assistant.writer import CannedWriter
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

GEMMA = article("gemma.md", "The licence of Gemma 4 is Apache 2.0. It runs on a single card.", title="News")
CLAIM = "The licence of the open Gemma 4 is Apache 2.0."


def verified(claim: str, margin: float, *, stopped: bool = False) -> Attribution:
    sentences = EvidenceSentences(hits(GEMMA), "Which licence?", HashEmbedder(512), Bm25Encoder())
    writer = CannedWriter(margins=[("Is every part of the claim", margin)])
    return Verifier(Attributor(sentences), SentenceJudge(writer, lambda: stopped)).attribute(claim)


def test_what_words_and_model_agree_on_is_supported() -> None:
    found = verified(CLAIM, OWN_WORDS.doubted)
    assert (found.support, [quote.text for quote in found.quotes]) == (
        "supported",
        ["The licence of Gemma 4 is Apache 2.0."],
    )


def test_what_the_model_doubts_is_weak_and_keeps_its_quotes() -> None:
    found = verified(CLAIM, OWN_WORDS.taken_back)
    assert (found.support, len(found.quotes)) == ("weak", 1)


def test_what_the_model_denies_is_taken_back_with_the_reason() -> None:
    found = verified(CLAIM, OWN_WORDS.taken_back - 0.01)
    assert (found.support, found.quotes) == ("unsupported", ())
    assert found.why == "the passages that come near do not state this"
    assert found.instead is not None
    assert found.instead.text == "The licence of Gemma 4 is Apache 2.0."


class Found:
    """An attributor that finds everything supported with one score."""

    def __init__(self, score: float) -> None:
        self._score = score

    def attribute(self, sentence: str) -> Attribution:
        sentences = EvidenceSentences(hits(GEMMA), "", HashEmbedder(8), Bm25Encoder())
        return Attribution((sentences.candidates[0].quote,), "supported", self._score)


def test_what_is_nearly_in_the_articles_words_needs_less_of_the_models_word() -> None:
    for margin, support in (
        (COPIED.doubted, "supported"),
        (COPIED.taken_back, "weak"),
        (COPIED.taken_back - 0.01, "unsupported"),
    ):
        judge = SentenceJudge(CannedWriter(default_margin=margin), lambda: False)
        assert Verifier(Found(NEARLY_THE_ARTICLES), judge).attribute(CLAIM).support == support
    assert OWN_WORDS.taken_back > COPIED.taken_back


def test_what_is_told_of_a_regulated_firm_need_not_convince_the_model_that_the_article_means_it() -> None:
    judge = SentenceJudge(CannedWriter(default_margin=ADVISED.doubted), lambda: False)
    verifier = Verifier(Found(0.7), judge)
    assert verifier.attribute("The bank should take Gemma 4.").support == "supported"
    assert verifier.attribute("The bakery should take Gemma 4.").support == "unsupported"


def test_the_articles_own_words_are_not_put_to_the_model() -> None:
    assert verified("It runs on a single card.", -9.0).support == "supported"


def test_a_wrong_figure_is_taken_back_whatever_the_model_says() -> None:
    assert verified("The licence of Gemma 4 is Apache 3.0.", 9.0).support == "unsupported"


def test_a_stop_leaves_what_was_found() -> None:
    assert verified(CLAIM, -9.0, stopped=True).support == "supported"


class Weakly:
    """An attributor that finds everything weakly carried."""

    def attribute(self, sentence: str) -> Attribution:
        sentences = EvidenceSentences(hits(GEMMA), "", HashEmbedder(8), Bm25Encoder())
        return Attribution((sentences.candidates[0].quote,), "weak", 0.5)


def test_what_words_and_model_both_doubt_is_taken_back() -> None:
    for margin, support in ((9.0, "weak"), (OWN_WORDS.taken_back - 0.01, "unsupported")):
        judge = SentenceJudge(CannedWriter(default_margin=margin), lambda: False)
        assert Verifier(Weakly(), judge).attribute(CLAIM).support == support


def test_only_a_quote_that_promises_an_answer_stands_instead() -> None:
    sentences = EvidenceSentences(hits(GEMMA), "Which licence?", HashEmbedder(512), Bm25Encoder())
    judge = SentenceJudge(CannedWriter(default_margin=-9.0), lambda: False)
    found = Verifier(Attributor(sentences), judge, promising=lambda *_: False).attribute(CLAIM)
    assert (found.support, found.instead) == ("unsupported", None)


def test_what_is_carried_weakly_or_turns_a_not_has_to_convince_the_model_however_near_it_comes() -> None:
    judge = SentenceJudge(CannedWriter(default_margin=COPIED.taken_back), lambda: False)

    class Nearly(Found):
        def attribute(self, sentence: str) -> Attribution:
            return replace(super().attribute(sentence), support="weak")

    assert Verifier(Nearly(0.95), judge).attribute(CLAIM).support == "unsupported"
    assert (
        Verifier(Found(0.95), judge).attribute("The licence of Gemma 4 is not Apache 2.0.").support
        == "unsupported"
    )
    assert Verifier(Found(0.95), judge).attribute(CLAIM).support == "weak"


def test_what_has_many_words_from_the_question_alone_has_to_convince_the_model() -> None:
    for words, support in ((("keep", "afford", "encod"), "unsupported"), (("keep", "afford"), "supported")):
        judge = SentenceJudge(CannedWriter(default_margin=BORROWED.taken_back - 0.01), lambda: False)
        verifier = Verifier(Found(0.7), judge, borrowed=lambda *_, words=words: words)
        assert verifier.attribute(CLAIM).support == support


def test_what_is_proved_is_not_put_to_the_model() -> None:
    class Proving(Found):
        def attribute(self, sentence: str) -> Attribution:
            return replace(super().attribute(sentence), proved=True)

    judge = SentenceJudge(CannedWriter(default_margin=-9.0), lambda: False)
    assert Verifier(Proving(0.7), judge).attribute(CLAIM).support == "supported"


def test_what_one_quote_is_denied_to_say_another_may_say() -> None:
    wrong = "The label of Gemma 4 is wrong: its licence is Apache 2.0."
    dated = "On 2 April 2026 Gemma 4 came out with the Apache 2.0 licence."
    evidence = hits(article("labels.md", wrong), article("news.md", dated))
    sentences = EvidenceSentences(evidence, "Which licence?", HashEmbedder(512), Bm25Encoder())
    attributor = Attributor(sentences)
    for other, support in ((OWN_WORDS.doubted, "supported"), (OWN_WORDS.doubted - 0.01, "unsupported")):
        writer = CannedWriter(margins=[(dated, other)], default_margin=-1.0)
        verifier = Verifier(attributor, SentenceJudge(writer, lambda: False), others=attributor.by_others)
        found = verifier.attribute("The licence of Gemma 4 is the Apache 2.0 licence.")
        assert found.support == support
        assert [quote.text for quote in found.quotes] == ([dated] if support == "supported" else [])
