"""What can be quoted, and when a quote holds a sentence."""

import pytest
from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import quotes_of
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder


def holds(text: str, sentence: str) -> bool:
    [hit] = hits(article("a.md", text))
    [quote] = quotes_of(hit.passage)
    return quote.holds(sentence)


def test_a_sentence_or_a_part_of_it_stands_word_for_word() -> None:
    assert holds("The licence permits commercial use.", "The licence permits  commercial use.")
    assert holds("Since May, the licence permits commercial use.", "The licence permits commercial use.")
    assert holds("Do not take it with wine.", "Do not take it with wine.")
    assert not holds("The licence permits commercial use.", "The licence permits it.")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Do not take metformin with wine.", "Take metformin with wine."),
        ("Nobody says that the licence permits sale.", "The licence permits sale."),
        ("It is unclear whether it is safe for children.", "It is safe for children."),
        ("It is safe for children unless they swim.", "It is safe for children."),
    ],
)
def test_what_the_rest_turns_round_does_not(text: str, sentence: str) -> None:
    assert not holds(text, sentence)


@pytest.mark.parametrize("second", ["Small |  |  |", "MMLU | 68.4 | 69.5 |", " | 68.4 | 69.5 | 70.1"])
def test_a_header_row_states_nothing_also_above_a_row_with_empty_cells(second: str) -> None:
    table = f"Datasets | One | Two | Three\n{second}\nGPQA | 34.2 | 33.1 | 35.0"
    sentences = EvidenceSentences(hits(article("a.md", table)), "?", HashEmbedder(64), Bm25Encoder())
    [header] = [one.quote.text for one in sentences.candidates if one.names_columns]
    assert header == "Datasets | One | Two | Three"
