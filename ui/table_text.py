"""The rows and cells of a table in clean text, where each row is a line: "cell | cell | cell"."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Span = tuple[int, int]
"""A half-open span of characters."""

_BETWEEN_CELLS = re.compile(r"(?:^| )\|(?: |$)")
_LINE = re.compile(r"[^\n]+")
_PARAGRAPH = re.compile(r"(?:(?!\n\s*\n)[\s\S])+")
# What a column holds, and is hardly ever called.
_AMOUNT = re.compile(
    r"[^\w\s]*[€$£¥]\s?\d|[^\w\s]*\s?\d[\d., ]*(?:(?<=[.,]\d)|\s?(?:%|€|\$|£|¥|EUR|USD|GBP|CHF)\b)"
)
_SHORT_ANSWER = re.compile(r"yes|no|true|false|n/?a|[✓✔✗✘–—-]+", re.IGNORECASE)
_FIGURE = re.compile(r"[^\w\s]*\s?\d")
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Table:
    """A table's text and the spans of its cells in it, row by row.

    A row with another number of cells than there are `columns` has a single one, which stands across them:
    under which column its words belong cannot be known. `header` is the place of the row that names the
    columns, None where no row does.
    """

    text: str
    rows: tuple[tuple[Span, ...], ...]
    columns: int
    header: int | None

    def words(self, row: int) -> str:
        """A row as it stands in the text."""
        return self.text[self.rows[row][0][0] : self.rows[row][-1][1]]


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A table, and where it begins in a text: before that text (`at` < 0) where its head is cut off."""

    at: int
    table: Table

    @property
    def end(self) -> int:
        """Where it ends in that text, or behind it."""
        return self.at + len(self.table.text)


def read_table(text: str) -> Table | None:
    """The table whose text this is; None where its lines have no cells."""
    lines = [line.span() for line in _LINE.finditer(text)]
    split = [tuple(_cells(text, *line)) for line in lines]
    widths = Counter(len(cells) for cells in split if len(cells) > 1)
    if not widths:
        return None
    columns = max(widths, key=lambda width: (widths[width], width))
    rows = tuple(
        cells if len(cells) == columns else (line,) for cells, line in zip(split, lines, strict=True)
    )
    first = next(place for place, cells in enumerate(rows) if len(cells) == columns)
    whole = [[text[slice(*cell)] for cell in cells] for cells in rows[first:] if len(cells) == columns]
    return Table(text, rows, columns, first if _names_columns(whole) else None)


def tables_in(text: str) -> tuple[PlacedTable, ...]:
    """The tables of a text whose blocks are not known: lines behind each other with as many cells each.

    Where the text begins with one, its head may be cut off: its first row counts as header only where it
    differs in kind from the rows below it.
    """
    found = []
    for paragraph in _PARAGRAPH.finditer(text):
        table = read_table(paragraph[0].strip("\n"))
        if table is None or len(table.rows) < 2 or any(len(row) != table.columns for row in table.rows):
            continue
        at = paragraph.start() + len(paragraph[0]) - len(paragraph[0].lstrip("\n"))
        if at == 0 and table.header is not None and not _stands_out(table):
            table = Table(table.text, table.rows, table.columns, None)
        found.append(PlacedTable(at, table))
    return tuple(found)


def header_above(text: str, quote: str) -> str | None:
    """The header of the table in which a quote of the text stands; None where the text has none above it."""
    at = text.find(quote)
    for placed in tables_in(text):
        table = placed.table
        if table.header is not None and placed.at <= at < placed.end:
            is_below = placed.at + table.rows[table.header][-1][1] < at
            return table.words(table.header) if is_below else None
    return None


def _cells(text: str, start: int, end: int) -> Iterator[Span]:
    begin = start
    for between in _BETWEEN_CELLS.finditer(text[start:end]):
        yield begin, start + between.start()
        begin = start + between.end()
    yield begin, end


def _names_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row reads like the names of columns, rather than like a row of what is in them."""
    first, *below = rows
    if not below or not any(first):
        return False
    if len(first) == 2 and _FIGURE.match(first[1]):
        return False
    return not any(
        _AMOUNT.match(cell) or _SHORT_ANSWER.fullmatch(cell) or len(cell) > _LONGEST_NAME for cell in first
    )


def _stands_out(table: Table) -> bool:
    """Whether some column holds values everywhere but in the first row."""
    first, *below = ([table.text[slice(*cell)] for cell in row] for row in table.rows)
    return any(
        bool(first[column]) and not _is_value(first[column]) and all(_is_value(row[column]) for row in below)
        for column in range(table.columns)
    )


def _is_value(cell: str) -> bool:
    return bool(_FIGURE.match(cell) or _SHORT_ANSWER.fullmatch(cell))
