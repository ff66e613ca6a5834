"""What a row of a table says by a "no" or a "yes", and what no single row can say."""

import re
from collections.abc import Callable, Collection

from assistant.proof.negation import is_negated

_CELL = " | "
_NO = frozenset({"no", "n", "false", "nein", "✘", "✗", "✕", "×", "❌"})
_YES = frozenset({"yes", "y", "true", "ja", "✔", "✓", "✅"})
_OF_ALL = re.compile(
    r"\b(?<!at )(?:cheapest|dearest|fastest|quickest|slowest|largest|biggest|smallest|highest|lowest|longest"
    r"|shortest|strongest|weakest|newest|oldest|best|worst|heaviest|lightest|safest|most|least)\b",
    re.IGNORECASE,
)


def misread_cell(
    sentence: str, row: str, header: str, words_of: Callable[[str], Collection[str]]
) -> str | None:
    """The column whose "no" a sentence tells as a yes, or the other way round; None where none is.

    A column is spoken of where all its stems, which `words_of` gives, are in the sentence.
    """
    cells, columns = row.split(_CELL), header.split(_CELL)
    if len(cells) != len(columns):
        return None
    said = set(words_of(sentence))
    for cell, column in zip(cells[1:], columns[1:], strict=True):
        stems = set(words_of(column))
        if not stems or not stems <= said:
            continue
        told = cell.strip(" |").casefold()
        if told in (_YES if is_negated(sentence) else _NO):
            return column.strip(" |")
    return None


def ranks_by_one_row(sentence: str, row: str, header: str) -> bool:
    """Whether a sentence ranks a thing among all by one row alone, which ranks nothing itself."""
    return _CELL in row and _OF_ALL.search(sentence) is not None and not _OF_ALL.search(f"{row} {header}")
