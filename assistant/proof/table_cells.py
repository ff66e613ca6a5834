"""The cells of a table's row under its columns: told in words, and held against a sentence."""

import re
from collections.abc import Callable, Collection

from assistant.proof.exact_terms import stated_numbers
from assistant.proof.negation import is_negated

CELL = " | "
"""What parts the cells of a table's row in clean text."""
WHICH = re.compile(r"\b(?:which|what|who)\b", re.IGNORECASE)
"""A question that looks for things."""
NO = frozenset({"no", "n", "false", "nein", "✘", "✗", "✕", "×", "❌"})
YES = frozenset({"yes", "y", "true", "ja", "✔", "✓", "✅"})
_MOST_COLUMNS = 7
_FIGURE = re.compile(r"\d[\d.,]*")
_AMOUNT = re.compile(r"(?:[€$£]|EUR|USD|GBP)?\s?\d[\d.,]*\s?(?:%|[A-Za-z]{1,4})?")
_MONEY = re.compile(r"[€$£¥]|\b(?:eur|euros?|usd|dollars?|gbp|pounds?|chf|francs?)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_LABEL_SHARE = 0.5
# So many words of a sentence may be neither the row's nor the question's, "compared" or "charged", but none
# that says of what a figure is.
_FEW_WORDS = 2
_EACH = re.compile(r"\b(?:per|each|every|for|by)\s+(\w+)", re.IGNORECASE)

Words = Callable[[str], Collection[str]]
"""The stems of a text."""


def cells_of(row: str, header: str) -> list[tuple[str, str]]:
    """Each column's name with its cell, the first one apart; none where row and header do not fit."""
    # A row whose first or last cell is empty begins or ends with what parts two.
    cells, columns = f" {row} ".split(CELL), f" {header} ".split(CELL)
    if len(cells) != len(columns) or any(_is_value(column.strip()) for column in columns):
        return []
    return [(column.strip(), cell.strip()) for column, cell in zip(columns[1:], cells[1:], strict=True)]


def _is_value(column: str) -> bool:
    """Whether what stands as a column's name is none: the table has no header, and this is its first row."""
    return column.casefold() in YES | NO or (
        _AMOUNT.fullmatch(column) is not None and _YEAR.fullmatch(column) is None
    )


def told_row(row: str, header: str) -> str | None:
    """A row as a person reads it: "Plug-in per day – Tarn: EUR 64; Quayline: EUR 58."

    None for what is no row, has no header that fits, or too many columns to be read in a line.
    """
    pairs = [(column, cell) for column, cell in cells_of(row, header) if column and cell]
    thing = f" {row}".partition(CELL)[0].strip()
    if not pairs or not thing or len(pairs) > _MOST_COLUMNS:
        return None
    told = "; ".join(f"{column}: {cell}" for column, cell in pairs)
    return f"{thing} – {told}{'' if told.endswith(('.', '!', '?')) else '.'}"


def column_missed(sentence: str, question: str, row: str, header: str, words_of: Words) -> str | None:
    """The column that the sentence, or else the question, names, where another one's cell is told of it.

    Columns compare where their cells are alike but for the figures, or are all a yes or a no: one thing for
    each, and not one property.
    """
    pairs = cells_of(row, header)
    named = _named(pairs, sentence, words_of) or _named(pairs, question, words_of)
    if not 0 < len(named) < len(pairs):
        return None
    said = stated_numbers(sentence)
    for column, cell in named:
        others = [pair for pair in pairs if pair not in named and _are_alike(pair[1], cell)]
        if cell.casefold() in YES | NO:
            against = YES if is_negated(sentence) else NO
            if others and cell.casefold() in against and _is_about(sentence, row, words_of):
                return column
        elif said.isdisjoint(stated_numbers(cell)):
            known = stated_numbers(f"{question} {row.partition(CELL)[0]}")
            if any(said & stated_numbers(told) - known for _, told in others):
                return column
    return None


def one_of_several(sentence: str, question: str, row: str, header: str, words_of: Words) -> str | None:
    """The column whose cell a sentence tells without its name, where another has one alike: 8.90 for adults.

    Of amounts of money alone: other figures of one kind are seldom of the same thing for each. None where
    sentence or question has a word of a column's name, or all of them are told.
    """
    pairs = cells_of(row, header)
    label = row.partition(CELL)[0]
    spoken = set(words_of(f"{sentence} {question}")) - set(words_of(label))
    told = stated_numbers(sentence) - stated_numbers(f"{question} {label}")
    if any(spoken & set(words_of(column)) for column, _ in pairs):
        return None
    for column, cell in pairs:
        own = stated_numbers(cell)
        others = [
            stated_numbers(other) for name, other in pairs if name != column and _are_alike(other, cell)
        ]
        if _MONEY.search(cell) and told & own and any(other != own and not other <= told for other in others):
            return column
    return None


def is_told_by_row(sentence: str, question: str, row: str, header: str, words_of: Words) -> bool:
    """Whether each figure of a sentence stands in the cell of the column named next to it, and little else.

    "5 free days at Tarn and 4 at Quayline" of "Free days | 5 | 4". What denies is more than cells say.
    """
    pairs = cells_of(row, header)
    named = _named(pairs, sentence, words_of)
    label = row.partition(CELL)[0]
    figures = [
        found
        for found in _FIGURE.finditer(sentence)
        if not stated_numbers(found.group().rstrip(".,")) <= stated_numbers(f"{label} {question}")
    ]
    if not named or not figures or is_negated(sentence) or not _is_about(sentence, row, words_of):
        return False
    known = set(words_of(" ".join((label, question, *(f"{column} {cell}" for column, cell in pairs)))))
    others = set(words_of(sentence)) - known
    if len(others) > _FEW_WORDS or others & set(words_of(" ".join(_EACH.findall(sentence)))):
        return False
    for found in figures:
        place = found.start()
        cell = min(named, key=lambda pair: _distance(sentence, pair[0], place))[1]
        if not stated_numbers(found.group().rstrip(".,")) <= stated_numbers(cell):
            return False
    return True


def _distance(sentence: str, column: str, place: int) -> int:
    """How far a column's name is from a place in the sentence, in characters."""
    words = re.findall(r"\w+", column.casefold())
    starts = [found.start() for word in words for found in re.finditer(rf"\b{word}", sentence.casefold())]
    return min((abs(start - place) for start in starts), default=len(sentence))


def _named(pairs: list[tuple[str, str]], text: str, words_of: Words) -> list[tuple[str, str]]:
    said = set(words_of(text))
    return [pair for pair in pairs if (stems := set(words_of(pair[0]))) and stems <= said]


def _are_alike(one: str, other: str) -> bool:
    if {one.casefold(), other.casefold()} <= YES | NO:
        return True
    figures = _FIGURE.search(one) and _FIGURE.search(other)
    return figures is not None and _FIGURE.sub("#", one) == _FIGURE.sub("#", other)


def _is_about(sentence: str, row: str, words_of: Words) -> bool:
    label = set(words_of(row.partition(CELL)[0]))
    return len(label & set(words_of(sentence))) >= _LABEL_SHARE * max(1, len(label))
