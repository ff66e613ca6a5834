"""A row is told under its columns, and a cell of one column is not told of another one."""

import pytest

from assistant.proof.table_cells import column_missed, is_told_by_row, one_of_several, told_row
from index_store.lexical import Bm25Encoder

HEADER = "Item | Tarn Terminals | Quayline"
PLUG = "Plug-in per day | EUR 64 | EUR 58"
LATE = "Charge waived if vessel is late | yes | no"


@pytest.mark.parametrize(
    ("row", "header", "told"),
    [
        (PLUG, HEADER, "Plug-in per day – Tarn Terminals: EUR 64; Quayline: EUR 58."),
        ("Heron | 4 GB |", "Name | Memory | Note", "Heron – Memory: 4 GB."),
        ("Heron | 4 GB", "Name | Memory | Note", None),
        ("It needs 4 GB.", "", None),
        ("Heron | 4 GB | yes", "Stork | 8 GB | no", None),
        ("Sales | 4 | 5", "Figure | 2024 | 2025", "Sales – 2024: 4; 2025: 5."),
        (" | 4 GB", "Name | Memory", None),
        (" | ".join("abcdefghijk"), " | ".join("ABCDEFGHIJK"), None),
    ],
)
def test_a_row_is_told_under_its_columns(row: str, header: str, told: str | None) -> None:
    assert told_row(row, header) == told


@pytest.mark.parametrize(
    ("sentence", "question", "row", "column"),
    [
        ("The plug-in at Quayline is EUR 64 per day.", "What is it?", PLUG, "Quayline"),
        ("It costs EUR 64 per day.", "What does the plug-in cost at Quayline?", PLUG, "Quayline"),
        ("The plug-in at Quayline is EUR 58 per day.", "What is it?", PLUG, None),
        ("It is EUR 58 at Quayline and EUR 64 at Tarn Terminals.", "Which is cheaper?", PLUG, None),
        ("It costs EUR 64 per day.", "What does the plug-in cost?", PLUG, None),
        ("At Quayline it is cheaper.", "Which is cheaper?", PLUG, None),
        ("The charge is waived if the vessel is late.", "Does Quayline waive it?", LATE, "Quayline"),
        ("The charge is not waived for a late vessel.", "Does Quayline waive it?", LATE, None),
        ("The charge is not waived if late.", "Do Tarn Terminals waive it?", LATE, "Tarn Terminals"),
    ],
)
def test_a_cell_is_not_told_of_another_column(
    sentence: str, question: str, row: str, column: str | None
) -> None:
    assert column_missed(sentence, question, row, HEADER, Bm25Encoder().words) == column


FREE = "Free days, dry import | 5 | 4"


@pytest.mark.parametrize(
    ("sentence", "row", "told"),
    [
        ("For dry import, Tarn Terminals give 5 free days, compared to 4 free days at Quayline.", FREE, True),
        ("For dry import there are 4 free days at Tarn Terminals and 5 at Quayline.", FREE, False),
        ("The plug-in at Quayline is EUR 58 per day.", PLUG, True),
        ("The plug-in at Quayline is EUR 64 per day.", PLUG, False),
        ("The plug-in is EUR 58 per day.", PLUG, False),
        ("The plug-in at Quayline is not EUR 58 per day.", PLUG, False),
        ("The plug-in at Quayline is EUR 58 per day because its crane drivers strike often.", PLUG, False),
        ("Quayline charges EUR 58 for each meal.", PLUG, False),
        ("The plug-in at Quayline is dear.", PLUG, False),
        ("Free dry import at Quayline is 4 days per month.", FREE, False),
    ],
)
def test_what_just_tells_cells_is_told_by_its_row(sentence: str, row: str, told: bool) -> None:
    assert is_told_by_row(sentence, "What do I pay?", row, HEADER, Bm25Encoder().words) is told


def test_properties_of_one_thing_are_no_rivals() -> None:
    header, row = "Name | Contact time | Price", "Clarosept | 1 minute | 4.20 EUR"
    sentence = "Clarosept costs 4.20 EUR whatever the contact time."
    assert column_missed(sentence, "What is its contact time?", row, header, Bm25Encoder().words) is None


FARES = "Ticket | Adult | Child (6-14) | Valid on"
DAY = "Day ticket | 8.90 euros | 4.20 euros | tram, bus"


@pytest.mark.parametrize(
    ("sentence", "question", "row", "header", "column"),
    [
        ("A day ticket costs 8.90 euros.", "What does a day ticket cost?", DAY, FARES, "Adult"),
        ("An adult day ticket costs 8.90 euros.", "What does a day ticket cost?", DAY, FARES, None),
        ("A day ticket costs 4.20 euros.", "What does a day ticket for a child cost?", DAY, FARES, None),
        ("A day ticket is valid on tram and bus.", "Where is it valid?", DAY, FARES, None),
        (
            "A ferry costs 2.50 euros.",
            "The ferry?",
            "Ferry | 2.50 euros | free",
            "Ticket | Adult | Child",
            None,
        ),
        ("It costs 8.90 and 4.20 euros.", "What does it cost?", DAY, FARES, None),
        ("It needs 16 GB of memory.", "How much?", "Heron | 16 GB | 80 GB", "Model | RAM | Disk", None),
        ("It costs 5 euros.", "The ferry?", "Ferry | 5 euros | 5 euros", "Ticket | Adult | Child", None),
    ],
)
def test_a_cell_that_is_one_of_several_alike_is_not_told_without_its_column(
    sentence: str, question: str, row: str, header: str, column: str | None
) -> None:
    words = Bm25Encoder().words
    assert one_of_several(sentence, question, row, header, lambda text: set(words(text))) == column
