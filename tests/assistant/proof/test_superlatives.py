"""What is told of what ranks first has to be first, or last, in something."""

import pytest
from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.proof.superlatives import can_be_the_most, ranks_without_ground
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

FLEET = (
    "Machine | Site | Bags per run | Top speed (rpm)\n"
    "Halden 12 | Tarn Road | 12 | 4,200\n"
    "Halden 16 | Tarn Road | 16 | 4,700\n"
    "Orbis R8 | Quayle Street | 8 | 5,100\n"
    "Vantor XL | Tarn Road | 20 | 4,000"
)


def allowed(question: str, text: str = FLEET) -> list[str]:
    sentences = EvidenceSentences(hits(article("fleet.md", text)), question, HashEmbedder(64), Bm25Encoder())
    return [
        one.quote.text.split(" | ")[0]
        for one in sentences.stating
        if can_be_the_most(one.quote, question, sentences)
    ]


ALL = ["Halden 12", "Halden 16", "Orbis R8", "Vantor XL"]


def test_a_row_that_is_first_in_nothing_is_not_the_fastest() -> None:
    assert allowed("Which machine is the fastest?") == ["Orbis R8", "Vantor XL"]


@pytest.mark.parametrize(
    "question",
    [
        "Which machine stands at Quayle Street?",
        "Which machine takes at most 12 bags?",
        "Is Halden 16 fastest?",
    ],
)
def test_without_a_search_for_what_ranks_first_all_rows_may_be_told(question: str) -> None:
    assert allowed(question) == ALL


def test_two_rows_rank_nothing() -> None:
    two = "\n".join(FLEET.split("\n")[:3])
    assert allowed("Which machine is the fastest?", two) == ALL[:2]


def test_a_table_without_figures_ranks_nothing() -> None:
    words = "Machine | Colour\nHeron | blue\nKite | red\nOwl | grey"
    assert allowed("Which machine is the best?", words) == ["Heron", "Kite", "Owl"]


def test_what_is_no_row_is_not_looked_at() -> None:
    assert allowed("Which is the fastest?", "The Heron is fast.") == ["The Heron is fast."]


@pytest.mark.parametrize(
    ("sentence", "read", "without"),
    [
        ("It spins fastest at 4,200 rpm.", "At 4,200 rpm this gives 4,930 g.", True),
        ("It spins fastest at 4,200 rpm.", "Its top speed is 4,200 rpm.", False),
        ("Its cheapest rate is $0.5.", "Rates are as low as $0.5.", False),
        ("Most of it is lost.", "71 % of it is lost.", False),
        ("Most forests burn.", "71 % of the woods burn.", False),
        ("It is a forest fire at least.", "It burns.", False),
        ("It spins at 4,200 rpm.", "At 4,200 rpm this gives 4,930 g.", False),
    ],
)
def test_a_sentence_ranks_only_what_its_quotes_rank(sentence: str, read: str, without: bool) -> None:
    assert ranks_without_ground(sentence, read) is without
