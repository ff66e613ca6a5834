"""Sentences are put to the model once each, the most promising first, and not if they say nothing new."""

from collections.abc import Sequence

from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import Quote
from assistant.proof.completing import BETTER_THAN_NOTHING
from assistant.proof.judging import SentenceJudge
from assistant.proof.quote_judgement import QuoteJudgement
from assistant.writer import CannedWriter
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

LICENCE = "The licence of Gemma 4 is Apache 2.0."
CARD = "It runs on a single card with 24 GB."
PRICE = "A year of support costs 5 dollars."
QUESTION = "What is the licence of Gemma 4?"


class CountingJudge(SentenceJudge):
    """Finds that all answer, and remembers what it was asked."""

    def __init__(self, *, stopped: bool = False) -> None:
        super().__init__(CannedWriter(), lambda: stopped)
        self.asked: list[tuple[str | None, list[str]]] = []

    def answering(
        self, question: str, quotes: Sequence[Quote], *, part: str | None = None
    ) -> list[float] | None:
        self.asked.append((part, [quote.text for quote in quotes]))
        return super().answering(question, quotes, part=part)


def judgement(judge: SentenceJudge, *parts: str) -> QuoteJudgement:
    evidence = hits(article("gemma.md", f"{LICENCE} {CARD} {PRICE}", title="On Gemma 4"))
    sentences = EvidenceSentences(evidence, QUESTION, HashEmbedder(512), Bm25Encoder())
    return QuoteJudgement(sentences, judge, QUESTION, parts or (QUESTION,))


def texts(judge: SentenceJudge, most: int) -> list[str]:
    return [one.ranked.candidate.quote.text for one in judgement(judge).best(most)]


def test_the_most_promising_are_judged_first() -> None:
    assert texts(CountingJudge(), 1) == [LICENCE]


def test_nothing_is_judged_twice_and_what_was_judged_is_kept() -> None:
    judge = CountingJudge()
    quotes = judgement(judge)
    first = quotes.best(1)
    assert quotes.best(3)[:1] == first
    assert len(quotes.best(3)) == 3
    assert [len(asked) for _, asked in judge.asked] == [1, 2]


def test_what_lacks_a_name_of_the_question_is_judged_only_beside_what_stands() -> None:
    evidence = hits(article("notes.md", f"{LICENCE} {CARD} {PRICE}", title="Notes"))
    sentences = EvidenceSentences(evidence, QUESTION, HashEmbedder(512), Bm25Encoder())
    judged = QuoteJudgement(sentences, CountingJudge(), QUESTION, (QUESTION,))
    assert [one.ranked.candidate.quote.text for one in judged.best(3)] == [LICENCE]
    assert len(judged.best(3, said="It is a model by Google.")) == 3


def test_what_is_said_already_is_not_judged() -> None:
    judge = CountingJudge()
    judgement(judge).best(3, said=LICENCE)
    assert [sorted(asked) for _, asked in judge.asked] == [sorted([CARD, PRICE])]


def test_each_part_of_a_question_has_its_own() -> None:
    judge = CountingJudge()
    parts = ("What is the licence of Gemma 4?", "what does a year of support cost?")
    found = judgement(judge, *parts).best(1)
    assert [(one.part, one.ranked.candidate.quote.text) for one in found] == [(0, LICENCE), (1, PRICE)]
    assert [part for part, _ in judge.asked] == list(parts)


def test_a_question_of_one_part_is_asked_as_a_whole() -> None:
    judge = CountingJudge()
    judgement(judge).best(1)
    assert judge.asked == [(None, [LICENCE])]


def test_a_stop_leaves_what_was_judged() -> None:
    assert judgement(CountingJudge(stopped=True)).best(3) == []


def test_a_quote_is_promising_by_its_rank_and_by_what_the_model_says_of_it() -> None:
    judge = CountingJudge()
    text = " ".join(f"The licence of Gemma {number} is open." for number in range(5, 9))
    evidence = hits(article("gemma.md", f"{text} {PRICE} {LICENCE}"))
    sentences = EvidenceSentences(evidence, QUESTION, HashEmbedder(512), Bm25Encoder())
    judged = QuoteJudgement(sentences, judge, QUESTION, (QUESTION,))
    promising = [one.quote.text for one in sentences.candidates if judged.promising("", one.quote)]
    assert LICENCE in promising
    assert PRICE not in promising
    assert PRICE not in [text for _, asked in judge.asked for text in asked]
    doubting = SentenceJudge(CannedWriter(default_margin=-1.0), lambda: False)
    doubted = QuoteJudgement(sentences, doubting, QUESTION, (QUESTION,))
    assert not any(doubted.promising("", one.quote) for one in sentences.candidates)


def test_a_quote_with_the_figures_of_a_sentence_is_not_asked_about() -> None:
    judge = CountingJudge()
    told = "Gemma 4 needs 12 GB of memory in all sizes."
    evidence = hits(article("gemma.md", told))
    question = "How much memory does Gemma 4 need?"
    sentences = EvidenceSentences(evidence, question, HashEmbedder(512), Bm25Encoder())
    judged = QuoteJudgement(sentences, judge, question, (question,))
    (one,) = sentences.candidates
    assert not judged.is_sure(f"“{told}”")
    assert judged.promising("It takes 12 GB.", one.quote)
    assert judge.asked == []
    assert judged.is_sure(f"“{told}”")
    assert not judged.is_sure(told)


def test_a_quote_is_read_under_its_title_where_that_is_asked_for() -> None:
    evidence = hits(article("gemma.md", LICENCE, title="Notes"))
    sentences = EvidenceSentences(evidence, QUESTION, HashEmbedder(512), Bm25Encoder())
    (one,) = sentences.candidates
    for margin, belongs in ((BETTER_THAN_NOTHING, True), (BETTER_THAN_NOTHING - 0.01, False)):
        judge = SentenceJudge(CannedWriter((), [("Notes: ", margin)]), lambda: False)
        assert (
            QuoteJudgement(sentences, judge, QUESTION, (QUESTION,)).answers_under_its_title(one.quote)
            is belongs
        )
    stopped = SentenceJudge(CannedWriter(), lambda: True)
    assert not QuoteJudgement(sentences, stopped, QUESTION, (QUESTION,)).answers_under_its_title(one.quote)


def test_a_denied_draft_points_to_the_sentence_that_it_is_from() -> None:
    """The model denies both; what was drafted tells them apart."""
    question = "How does the release keep a hostile server from the shell?"
    near = "A hostile server could otherwise get a shell through the release."
    far = "It extends the client by an order that forbids further commands once the dump is read."
    evidence = hits(article("release.md", f"{near} {far}"))
    sentences = EvidenceSentences(evidence, question, HashEmbedder(512), Bm25Encoder())
    judge = SentenceJudge(CannedWriter(default_margin=-0.9), lambda: False)
    drafted = "The release keeps it out by extending the client by an order that forbids further commands."
    judged = QuoteJudgement(sentences, judge, question, (question,))
    plain, pointed = judged.best(2), judged.best(2, drafted=[drafted])
    assert [one.ranked.candidate.quote.text for one in plain] == [near, far]
    assert [one.ranked.candidate.quote.text for one in pointed] == [far, near]
    assert not any(one.answers for one in plain)
    assert [one.answers for one in pointed] == [True, False]


def test_the_passages_of_the_likeliest_quotes_come_in_their_order() -> None:
    evidence = hits(article("gemma.md", f"{PRICE}\n\n{CARD}\n\n{LICENCE} It is open."))
    sentences = EvidenceSentences(evidence, QUESTION, HashEmbedder(512), Bm25Encoder())
    passages = QuoteJudgement(sentences, CountingJudge(), QUESTION, (QUESTION,)).passages(0)
    assert passages[0] == evidence[2]
    assert sorted(hit.passage.ordinal for hit in passages) == [0, 1, 2]
