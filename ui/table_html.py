"""A table of an article as a table on the page, in a box of its own that scrolls from side to side."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from ui.markup import NOTHING, Html, attribute, html, joined
from ui.table_text import PlacedTable, Span, Table

UNMARKED: Span = (0, 0)
"""The span of no words."""


def table_html(table: Table, within: Span, marked: Span = UNMARKED) -> Html:
    """The rows of a table that stand within a span of its text, below the header, wherever that stands.

    What is `marked` of the text is marked in each cell that it reaches into.
    """
    first = bisect_right(table.rows, within[0], key=lambda row: row[-1][1])
    last = bisect_left(table.rows, within[1], key=lambda row: row[0][0])
    head = NOTHING
    shown = list(range(first, last))
    if table.header is not None:
        if table.header in shown or table.header < first:
            names = _row(table, table.header, (0, len(table.text)), marked, is_header=True)
            above = [row for row in shown if row < table.header]
            head = html("<thead>{}{}</thead>", _rows(table, above, within, marked), names)
        shown = [row for row in shown if row > table.header or not head]
    return html(
        '<div class="table-box" role="group" aria-label="Table" tabindex="0"><table>{}<tbody>{}</tbody>'
        "</table></div>",
        head,
        _rows(table, shown, within, marked),
    )


def text_with_tables(text: str, tables: Iterable[PlacedTable], within: Span, marked: Span = UNMARKED) -> Html:
    """A span of a text with its tables as such, and with what is `marked` of it; `tables` stand in order."""
    out: list[Html] = []
    at, end = within
    for placed in tables:
        first, last = max(placed.at, at), min(placed.end, end)
        if first >= last:
            continue
        out.append(_marked(text, at, _before_lines(text, at, first), marked))
        here = (first - placed.at, last - placed.at)
        out.append(table_html(placed.table, here, (marked[0] - placed.at, marked[1] - placed.at)))
        at = behind_lines(text, last, end)
    out.append(_marked(text, at, end, marked))
    return joined(out)


def behind_lines(text: str, start: int, end: int) -> int:
    """The place behind the line ends at `start`: a table brings its own distance."""
    while start < end and text[start] == "\n":
        start += 1
    return start


def _before_lines(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] == "\n":
        end -= 1
    return end


def _rows(table: Table, rows: Iterable[int], within: Span, marked: Span) -> Html:
    return joined(_row(table, row, within, marked) for row in rows)


def _row(table: Table, row: int, within: Span, marked: Span, *, is_header: bool = False) -> Html:
    cells = table.rows[row]
    across = str(table.columns) if len(cells) < table.columns else None
    pattern = _named if is_header else _filled
    return html("<tr>{}</tr>", joined(pattern(table, cell, within, marked, across) for cell in cells))


def _named(table: Table, cell: Span, within: Span, marked: Span, _: str | None) -> Html:
    words, quoted = _words(table, cell, within, marked)
    return html('<th scope="col"{quoted}>{words}</th>', words=words, quoted=attribute("class", quoted))


def _filled(table: Table, cell: Span, within: Span, marked: Span, across: str | None) -> Html:
    words, quoted = _words(table, cell, within, marked)
    return html(
        "<td{across}{quoted}>{words}</td>",
        words=words,
        across=attribute("colspan", across),
        quoted=attribute("class", quoted),
    )


def _words(table: Table, cell: Span, within: Span, marked: Span) -> tuple[Html, str | None]:
    """What is shown of a cell, and the class of one that is marked as a whole."""
    start, end = max(cell[0], within[0]), min(cell[1], within[1])
    is_whole = marked[0] <= cell[0] and cell[1] <= marked[1] and marked[0] < marked[1]
    return _marked(table.text, start, max(start, end), marked), "quoted" if is_whole else None


def _marked(text: str, start: int, end: int, marked: Span) -> Html:
    """A span of a text, with the words in it that are marked."""
    first, last = max(start, marked[0]), min(end, marked[1])
    if first >= last:
        return joined((text[start:end],))
    mark = html('<mark class="quote">{}</mark>', text[first:last])
    return joined((text[start:first], mark, text[last:end]))
