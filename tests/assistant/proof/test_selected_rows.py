"""Which things of a table have what was asked for is told from all its rows."""

import pytest
from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.proof.selected_rows import selected_rows
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

TABLE = (
    "Berth | Shore power | Load | Frequency converter\n"
    "Container 1 | yes | 6.5 MVA | yes\n"
    "Container 2 | yes | 4.0 MVA | no\n"
    "Bulk quay | no | none | no"
)


def told(question: str, table: str = TABLE) -> str | None:
    found = hits(article("berths.md", table, title="Berths of the port"))
    selected = selected_rows(EvidenceSentences(found, question, HashEmbedder(64), Bm25Encoder()))
    return selected and selected.text


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Which berths have shore power?", "Shore power – yes: Container 1 and Container 2."),
        ("Which berths of the port have no shore power?", "Shore power – no: Bulk quay."),
        (
            "Which berths have shore power and a frequency converter?",
            "Shore power and Frequency converter – yes: Container 1.",
        ),
        ("Which berths have no shore power and no frequency converter?", None),
        ("Which berths have shore power of 4 MVA?", None),
        ("Which berths of Tarn have shore power?", None),
        ("Which berths have shore power today that vessels from overseas would like?", None),
        ("Which berths have a load?", None),
        ("Does the bulk quay have shore power?", None),
    ],
)
def test_the_rows_that_have_it_are_named_and_nothing_else_is_told(question: str, text: str | None) -> None:
    assert told(question) == text


def test_what_is_no_table_or_has_one_row_selects_nothing() -> None:
    for text in ("Container 1 has shore power.", "Berth | Shore power\nContainer 1 | yes", ""):
        assert told("Which berths have shore power?", text) is None
