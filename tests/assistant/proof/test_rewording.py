"""What a quote says is put into a sentence that answers, from its own place in the article alone."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences, quotes_of
from assistant.prompts import ORDERS, one_sentence_task
from assistant.proof.rewording import Rewording
from assistant.writer import CannedReading, CannedWriter, Sources, Stopped
from index_store.article import Article
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

QUESTION = "What does Gemma 4 cost?"
SAYS = "Gemma 4 costs 5 dollars a year."
NOTES = article(
    "notes.md",
    "It came in April. It is free to use. Support costs 5 dollars a year. Nobody has asked for it. So be it.",
    title="Gemma 4",
)
TABLE = article("table.md", "Model | Memory\nSmall | 4 GB\nMiddle | 8 GB\nLarge | 16 GB", title="Memory")


class Watched(CannedWriter):
    """Remembers what it was given to read."""

    def __init__(self, *replies: str) -> None:
        super().__init__([(QUESTION, reply) for reply in replies])
        self.given: list[Sources] = []

    def read(self, sources: Sources, *, stopped: Stopped) -> CannedReading:
        self.given.append(sources)
        return super().read(sources, stopped=stopped)


def reword(writer: CannedWriter, of: Article, number: int, *, stopped: bool = False) -> str | None:
    evidence = hits(of)
    sentences = EvidenceSentences(evidence, QUESTION, HashEmbedder(64), Bm25Encoder())
    quote = quotes_of(evidence[0].passage)[number]
    return Rewording(sentences, writer, lambda: stopped).of(quote, QUESTION)


def lines(writer: Watched) -> Sequence[str]:
    [given] = writer.given
    assert given.orders == ORDERS
    assert given.closely, "what is read of it would be kept"
    [text] = given.texts
    return text.split("\n")


def test_the_model_sees_the_quote_between_its_neighbours_under_its_title() -> None:
    writer = Watched(SAYS)
    assert reword(writer, NOTES, 2) == SAYS
    assert lines(writer) == [
        "Gemma 4",
        "It is free to use.",
        "Support costs 5 dollars a year.",
        "Nobody has asked for it.",
    ]


@pytest.mark.parametrize("number", [0, 4])
def test_the_first_and_the_last_sentence_have_one_neighbour(number: int) -> None:
    writer = Watched(SAYS)
    reword(writer, NOTES, number)
    assert len(lines(writer)) == 3


def test_a_row_of_a_table_is_read_under_its_header_alone() -> None:
    writer = Watched(SAYS)
    reword(writer, TABLE, 3)
    assert lines(writer) == ["Memory", "Model | Memory", "Large | 16 GB"]


def test_only_the_first_sentence_of_what_is_written_counts() -> None:
    assert reword(Watched(f"The source states that it costs 5 dollars. {SAYS}"), NOTES, 2) == (
        "It costs 5 dollars."
    )


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "The source does not state what Gemma 4 costs.",
        "Gemma 4 costs 7 dollars a year.",
        "Llama 3 costs 5 dollars a year.",
        "Gemma 4 costs nothing.",
        "Gemma 4 does not cost 5 dollars a year.",
    ],
)
def test_what_says_nothing_or_another_thing_than_its_place_is_no_sentence(reply: str) -> None:
    assert reword(Watched(reply), NOTES, 2) is None


@pytest.mark.parametrize(("reply", "told"), [("5 dollars, please.", None), (SAYS, SAYS)])
def test_the_name_of_an_article_is_no_sentence(reply: str, told: str | None) -> None:
    titled = replace(NOTES, title="Gemma 4, or 5 dollars, please")
    assert reword(Watched(reply), titled, 2) == told


def test_a_stop_gives_nothing() -> None:
    assert reword(Watched(SAYS), NOTES, 2, stopped=True) is None


def test_the_task_holds_no_way_to_refuse() -> None:
    assert "not" not in one_sentence_task(QUESTION).order
