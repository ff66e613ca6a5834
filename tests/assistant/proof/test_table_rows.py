"""A row of a table is read with its yes and no, and ranks nothing."""

import pytest
from tiny_library import article, hits

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import quotes_of
from assistant.proof.table_rows import (
    TableRows,
    is_asked_against,
    is_proved_by_cell,
    misread_cell,
    ranks_by_one_row,
    recommends_a_row,
)
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder

HEADER = "Product | Agent | Contact time | Kills spores | Price"
NO = "Clarosept | ethanol 70 % | 1 minute | no | 4.20 EUR"
YES = "Oxiwell | peroxide | 5 minutes | ✔ | 9.80 EUR"


@pytest.mark.parametrize(
    ("sentence", "row", "column"),
    [
        ("Clarosept kills spores.", NO, "Kills spores"),
        ("Clarosept acts within 1 minute, kills spores, and costs 4.20 EUR.", NO, "Kills spores"),
        ("Oxiwell does not kill spores.", YES, "Kills spores"),
        ("Clarosept does not kill spores.", NO, None),
        ("Oxiwell kills spores.", YES, None),
        ("Clarosept has a contact time of 1 minute.", NO, None),
        ("Clarosept kills spores.", "Clarosept kills no spores.", None),
        ("Clarosept kills spores.", "Clarosept | no", None),
    ],
)
def test_a_no_in_a_table_is_not_told_as_a_yes(sentence: str, row: str, column: str | None) -> None:
    assert misread_cell(sentence, row, HEADER, Bm25Encoder().words) == column


@pytest.mark.parametrize(
    ("sentence", "row", "proved"),
    [
        ("Clarosept does not kill spores.", NO, True),
        ("Yes, Oxiwell kills spores.", YES, True),
        ("Oxiwell kills spores.", YES, True),
        ("Clarosept kills spores.", NO, False),
        ("Clarosept does not kill spores within 1 minute.", NO, False),
        ("Oxiwell does not kill spores.", NO, False),
    ],
)
def test_what_says_just_what_a_cell_says_is_proved(sentence: str, row: str, proved: bool) -> None:
    assert is_proved_by_cell(sentence, row, HEADER, Bm25Encoder().words) is proved


def test_one_row_does_not_make_a_thing_the_first_of_all() -> None:
    assert ranks_by_one_row("The cheapest product is Clarosept.", NO, HEADER)
    assert not ranks_by_one_row("Clarosept costs at least 4.20 EUR.", NO, HEADER)
    assert not ranks_by_one_row("Clarosept is the cheapest.", "Clarosept | lowest price of all", HEADER)
    assert not ranks_by_one_row("Clarosept is the cheapest.", "Clarosept costs 4.20 EUR.", "")


@pytest.mark.parametrize(
    ("question", "row", "against"),
    [
        ("Which products do not kill spores?", YES, True),
        ("Which products do not kill spores?", NO, False),
        ("What kills spores here?", NO, True),
        ("Which of them kill spores?", YES, False),
        ("Does Clarosept kill spores?", NO, False),
        ("Which product is the cheapest?", NO, False),
    ],
)
def test_a_row_that_says_the_contrary_is_not_what_was_asked_for(
    question: str, row: str, against: bool
) -> None:
    assert is_asked_against(question, row, HEADER, Bm25Encoder().words) is against


def test_a_table_recommends_nothing_unless_it_says_so() -> None:
    sentence = "The product to buy is Clarosept, which costs 4.20 EUR."
    assert recommends_a_row(sentence, NO, HEADER)
    assert not recommends_a_row(sentence, NO, f"{HEADER} | Recommended")
    assert not recommends_a_row(sentence, NO, f"{HEADER} | Take")
    assert recommends_a_row(sentence, NO, f"{HEADER} | Intake")
    assert not recommends_a_row("Clarosept costs 4.20 EUR.", NO, HEADER)


def test_rows_are_read_under_the_header_of_their_table() -> None:
    found = hits(article("surfaces.md", f"{HEADER}\n{NO}\n{YES}", title="Surfaces"))
    rows = TableRows(EvidenceSentences(found, "Does it kill spores?", HashEmbedder(64), Bm25Encoder()))
    _, no, yes = quotes_of(found[0].passage)
    assert rows.wrong("Clarosept kills spores.", [no]) == "the table says otherwise under “Kills spores”"
    assert rows.wrong("The cheapest is Clarosept.", [no]) == "one row of a table does not say that"
    assert rows.wrong("Clarosept does not kill spores.", [no]) is None
    assert rows.wrong("Oxiwell kills spores, and Clarosept does not.", [no, yes]) is None
    assert rows.prove("Clarosept does not kill spores.", [yes, no])
    assert not rows.prove("Clarosept kills spores.", [no])
