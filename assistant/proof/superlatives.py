"""What ranks first: which row of a table may be "the fastest", and what a sentence may call so."""

import re

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import Quote
from assistant.proof.table_cells import CELL, WHICH, cells_of

SUPERLATIVE = re.compile(
    r"\b(?<!at )(?:cheapest|dearest|fastest|quickest|slowest|largest|biggest|smallest|highest|lowest|longest"
    r"|shortest|strongest|weakest|newest|oldest|best|worst|heaviest|lightest|safest|most|fewest|least)\b",
    re.IGNORECASE,
)
"""What ranks one thing above all others; "at most" and "at least" do not."""
# "Most of it", "best practice" and "at least" rank nothing. A quote may rank in other words.
_RANK_NOTHING = frozenset(("best", "worst", "most", "least"))
_RANKED = re.compile(
    r"\b\w{2,}est\b|#\s?1\b|\b(?:top|first|last|maxim\w+|minim\w+|max|min|peak|lead\w*|record|most|least|only"
    r"|exceed\w*|limit\w*|outperform\w*|surpass\w*|state-of-the-art|ahead|beats?|up to|down to"
    r"|as (?:low|high) as)\b",
    re.IGNORECASE,
)
_FEWEST_ROWS = 3
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def can_be_the_most(quote: Quote, asked: str, sentences: EvidenceSentences) -> bool:
    """Whether a row has the greatest or the smallest figure in some column, where one of all is asked for.

    Which column counts is not always said: "spins fastest" is of "Top speed". True for what is no row, where
    no superlative asks for a thing, and for a table without figures or with less than three rows.
    """
    if CELL not in quote.text or not (WHICH.search(asked) and SUPERLATIVE.search(asked)):
        return True
    header = sentences.columns_of(quote)
    rows = [
        one.quote.text
        for one in sentences.stating
        if one.quote.passage.id == quote.passage.id and sentences.columns_of(one.quote) == header
    ]
    columns = _figures(rows, header) if header and len(rows) >= _FEWEST_ROWS else {}
    return not columns or any(
        figures[rows.index(quote.text)] in (min(figures), max(figures)) for figures in columns.values()
    )


def ranks_without_ground(sentence: str, read: str) -> bool:
    """Whether a sentence calls something the fastest where nothing in what was read ranks anything."""
    ranked = {found[0].lower() for found in SUPERLATIVE.finditer(sentence)} - _RANK_NOTHING
    return bool(ranked) and not _RANKED.search(read)


def _figures(rows: list[str], header: str) -> dict[str, list[float]]:
    """By column, the first figure of each row's cell; only columns that have one in all, not all alike."""
    cells = [dict(cells_of(row, header)) for row in rows]
    found: dict[str, list[float]] = {}
    for column in cells[0]:
        numbers = [_NUMBER.search(row.get(column, "")) for row in cells]
        figures = [float(number[0].replace(",", "")) for number in numbers if number]
        if len(figures) == len(rows) and min(figures) < max(figures):
            found[column] = figures
    return found
