"""What the model is asked about single sentences, and what it reads them under."""

from collections.abc import Sequence

from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import quotes_of
from assistant.proof.judging import SentenceJudge
from assistant.writer import CannedReading, CannedWriter, Sources, Stopped
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

TABLE = article("memory.md", "model | memory\nHeron 2 | 11 GB\nKite 3 | 61 GB", title="How much memory")


class Asking(CannedWriter):
    """Says yes to all, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def read(self, sources: Sources, *, stopped: Stopped) -> CannedReading:
        return AskedReading(sources, self)


class AskedReading(CannedReading):
    def __init__(self, sources: Sources, writer: Asking) -> None:
        super().__init__(sources, writer)
        self._asking = writer
        self._before = "".join(f"{text}\n\n" for text in sources.texts)

    def yes_margins(self, stem: str, questions: Sequence[str], *, stopped: Stopped) -> list[float] | None:
        self._asking.asked += [self._before + stem + question for question in questions]
        return super().yes_margins(stem, questions, stopped=stopped)


def test_a_row_of_a_table_is_judged_under_its_header() -> None:
    evidence = hits(TABLE)
    sentences = EvidenceSentences(evidence, "Memory?", HashEmbedder(64), Bm25Encoder())
    writer = Asking()
    judge = SentenceJudge(writer, lambda: False, columns_of=sentences.columns_of)
    row = quotes_of(evidence[0].passage)[2]
    assert row.text == "Kite 3 | 61 GB"
    judge.answering("How much does Kite 3 need?", [row])
    judge.stating([row], "Kite 3 needs 61 GB.")
    assert all("model | memory\nKite 3 | 61 GB" in asked for asked in writer.asked)
    assert len(writer.asked) == 2


def test_what_a_bank_should_do_is_judged_as_what_a_regulated_firm_should() -> None:
    evidence = hits(article("advice.md", "Regulated industries should default to Heron 2."))
    writer = Asking()
    SentenceJudge(writer, lambda: False).stating(
        quotes_of(evidence[0].passage), "The bank should default to Heron 2."
    )
    assert "Claim: The bank (a regulated industry) should default to Heron 2." in writer.asked[0]


def test_of_a_long_question_its_end_is_read_before_each_sentence() -> None:
    writer = Asking()
    judge = SentenceJudge(writer, lambda: False)
    pasted = "At the third start the log says nothing at all. " * 60
    judge.answering(f"{pasted}How much does Kite 3 need?", quotes_of(hits(TABLE)[0].passage)[2:])
    judge.answered(f"{pasted}How much does Kite 3 need?", "It needs 61 GB.")
    assert all("How much does Kite 3 need?" in asked and len(asked) < 1200 for asked in writer.asked)
    assert writer.asked[1].endswith("Sentence: It needs 61 GB.")


def test_nobody_is_asked_after_a_stop() -> None:
    quotes = quotes_of(hits(TABLE)[0].passage)
    judge = SentenceJudge(CannedWriter(), lambda: True)
    assert judge.answering("Memory?", quotes) is None
    assert judge.stating(quotes, "Kite 3 needs 61 GB.") is None


def test_whether_a_sentence_answers_is_asked_once_of_a_quote_and_of_an_answer_that_is_but_it() -> None:
    [first, second] = quotes_of(hits(article("boats.md", "The Heron 2 is fast. It is blue."))[0].passage)
    writer = Asking()
    judge = SentenceJudge(writer, lambda: False)
    margins = judge.answering("Which boat is fast?", [first])
    assert judge.answering("Which boat is fast?", [first, second, first]) == [2.0, 2.0, 2.0]
    assert margins == [judge.answered("Which boat is fast?", "The Heron 2 is fast.")]
    assert len(writer.asked) == 2
    judge.answering("Which boat is fast?", [first], part="Which boat")
    judge.answering("Which boat is blue?", [first])
    assert len(writer.asked) == 4


def test_a_claim_is_judged_under_the_title_where_it_names_what_its_quotes_do_not() -> None:
    [quote] = quotes_of(
        hits(article("boats.md", "It is blue, as is the Kite 3.", title="Heron 2"))[0].passage
    )
    writer = Asking()
    judge = SentenceJudge(writer, lambda: False)
    judge.stating([quote], "The Kite 3 is blue.")
    judge.stating([quote], "The Heron 2 is blue.")
    assert ["Heron 2: It is blue" in asked for asked in writer.asked] == [False, True]


def test_whether_there_is_an_answer_at_all_is_asked_of_a_sentence_under_its_title() -> None:
    evidence = hits(TABLE)
    writer = Asking()
    SentenceJudge(writer, lambda: False).answering_under_titles(
        "How much memory?", quotes_of(evidence[0].passage)[2:3]
    )
    assert "How much memory: Kite 3 | 61 GB" in writer.asked[0]


def test_what_goes_on_from_another_sentence_is_judged_with_it_as_it_would_be_told() -> None:
    evidence = hits(article("kite.md", "Kite 3 is new. It needs 61 GB."))
    writer = Asking()
    judge = SentenceJudge(writer, lambda: False)
    _, second = quotes_of(evidence[0].passage)
    judge.answering("How much?", [second])
    judge.answering_under_titles("How much?", [second])
    judge.stating([second], "It needs 61 GB.")
    assert ["Kite 3 is new. It needs 61 GB." in asked for asked in writer.asked] == [True, True, False]
