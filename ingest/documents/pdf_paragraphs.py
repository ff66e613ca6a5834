"""The rows of all pages to headings, paragraphs, items and tables, each knowing where its pages begin."""

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from index_store.article import BlockKind
from ingest.documents.document_text import OnPart
from ingest.documents.line_joining import LineJoiner
from ingest.documents.pdf_layout import Row, mark_tables

_LARGER = 1.1
_SAME_SIZE = 0.07
_LONGEST_HEADING = 200
_LONGEST_BOLD_HEADING = 100
_SMALLER = 0.93
_BULLET = re.compile(r"^\s*(?:[-*•–▪◦‣→●■□·]|\(?(?:\d{1,2}|[a-z])[.)])\s+(?=\S)")
_SIGN_ALONE = re.compile(r"^\s*[•▪◦‣→●■□]\s*")
_STOPPED = re.compile(r"[.!?:…。！？؟۔][\"'”’)\]»」』]*$")
_LEADERS = re.compile(r"(?:\s?\.){5,}\s*|…{2,}\s*")
# A line of a table of contents: it says nothing that its own heading does not say.
_OF_CONTENTS = re.compile(r"(?:(?:\s?\.){5,}|…{2,})\s*(?:\d{1,4}|[ivxl]{1,6})$")


@dataclass(slots=True)
class PdfBlock:
    """One block of text; `starts` are the pages that begin in it: (page, offset in `text`)."""

    kind: BlockKind
    text: str
    level: int = 0
    starts: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Group:
    """Rows that belong to one block, with the page of each."""

    kind: BlockKind
    rows: list[Row]
    pages: list[int]


class ParagraphMaker:
    """Makes blocks of a whole document: what is large and what is a gap only shows against all of it."""

    def __init__(self, pages: Sequence[Sequence[Row]]) -> None:
        self._pages = [[row for row in rows if not _OF_CONTENTS.search(row.text)] for rows in pages]
        self._joiner = LineJoiner()
        sizes, lines, bold = Counter[float](), Counter[float](), 0
        for rows in pages:
            self._joiner.learn(row.text for row in rows)
            for row in rows:
                sizes[round(row.size * 2) / 2] += len(row.text)
                lines[round(row.size * 2) / 2] += 1
                bold += len(row.text) * row.bold
        self._body = sizes.most_common(1)[0][0] if sizes else 10.0
        # Text may be set in several sizes: headings are larger than the largest of them.
        running = (size for size, signs in sizes.items() if lines[size] >= 5 and signs * 10 >= sizes.total())
        self._largest = max(self._body, *running, 0.0)
        self._bold_tells = bold * 2 < sizes.total()

    def blocks(self, on_page: OnPart = lambda: None) -> list[PdfBlock]:
        """All blocks in reading order. To be called once: what they are made of is let go meanwhile."""
        groups: list[_Group] = []
        for place, rows in enumerate(self._pages):
            found = list(self._groups(rows, place + 1))
            self._pages[place] = []
            self._carry_on(groups, found)
            groups.extend(found)
            on_page()
        levels = self._levels(groups)
        blocks = []
        for group in groups:
            blocks.append(self._block(group, levels))
            group.rows.clear()
            group.pages.clear()
        return blocks

    def _groups(self, rows: Sequence[Row], page: int) -> Iterator[_Group]:
        """The blocks of one page."""
        for column in _columns(rows):
            pitch, left, right = self._measures(column)
            mark_tables(column, pitch)
            open_rows: list[Row] = []
            for place, row in enumerate(column):
                if open_rows and self._breaks(open_rows, row, pitch, left, right):
                    yield self._group(open_rows, page)
                    open_rows = []
                open_rows.append(row)
                if place == len(column) - 1:
                    yield self._group(open_rows, page)

    def _measures(self, column: Sequence[Row]) -> tuple[float, float, float]:
        """How far apart the lines of running text are in a column, and where these begin and end."""
        body = [row for row in column if abs(row.size - self._body) <= _SAME_SIZE * self._body] or column
        steps = [
            before.bottom - after.bottom
            for before, after in pairwise(body)
            if 0 < before.bottom - after.bottom < 3 * self._body
        ]
        pitch = statistics.median_low(steps) if steps else 1.2 * self._body
        lefts = Counter(round(row.left) for row in body)
        return pitch, float(lefts.most_common(1)[0][0]), max(row.right for row in body)

    def _breaks(self, rows: Sequence[Row], row: Row, pitch: float, left: float, right: float) -> bool:
        before = rows[-1]
        em = row.size
        if row.in_table or before.in_table:
            return not (row.in_table and before.in_table and row.is_parted_like(before))
        if abs(row.size - before.size) > _SAME_SIZE * before.size or row.bold != before.bold:
            return True
        scale = max(1.0, row.size / self._body)
        if before.bottom - row.bottom > 1.3 * pitch * scale:
            return True
        if _BULLET.match(row.text):
            return True
        ended_early = self._ended_early(before, row, right)
        if _BULLET.match(rows[0].text):
            # The lines of an item hang under its words; one further left is no longer of it.
            return ended_early or row.left < rows[0].left - 0.3 * em
        indented = row.left - left
        if 0.6 * em < indented < 6 * em and abs(row.left - before.left) > 0.6 * em:
            return True
        return ended_early

    @staticmethod
    def _ended_early(before: Row, row: Row, right: float) -> bool:
        """Whether the first word of `row` had room on the line before, and may well begin something new."""
        if before.text.endswith(("-", "\u00ad")):
            return False
        word = len(row.text.partition(" ")[0]) + 1
        room = right - before.right - 0.5 * row.size
        if room <= word * (row.right - row.left) / max(1, len(row.text)):
            return False
        return bool(_STOPPED.search(before.text)) or not row.text[:1].islower()

    def _group(self, rows: list[Row], page: int) -> _Group:
        return _Group(self._kind(rows), list(rows), [page] * len(rows))

    def _kind(self, rows: Sequence[Row]) -> BlockKind:
        text = " ".join(row.text for row in rows)
        if rows[0].in_table:
            return "table"
        if _is_heading_text(text) and len(rows) <= 4:
            if rows[0].size >= _LARGER * self._largest and len(text) <= _LONGEST_HEADING:
                return "heading"
            plain = not _STOPPED.search(text) and not text.endswith((",", ";"))
            if (
                self._bold_tells
                and plain
                and all(row.bold for row in rows)
                and rows[0].size >= _SMALLER * self._body
                and len(text) <= _LONGEST_BOLD_HEADING
                and not _SIGN_ALONE.match(text)
            ):
                return "heading"
        return "item" if _BULLET.match(text) else "paragraph"

    def _carry_on(self, groups: list[_Group], found: list[_Group]) -> None:
        """Let paragraphs run on from column to column, and from the page before, over what stands between.

        Notes at the foot of a page in smaller type come before a paragraph that goes on behind them.
        """
        if groups and found:
            self._join_over_notes(groups, found)
        place = 1
        while place < len(found):
            if found[place].rows[0].begins_column and self._runs_on(found[place - 1], found[place]):
                _append(found[place - 1], found.pop(place))
            else:
                place += 1

    def _join_over_notes(self, groups: list[_Group], found: list[_Group]) -> None:
        page = groups[-1].pages[-1]
        last = len(groups) - 1
        while (
            last >= 0
            and groups[last].pages[0] == page
            and groups[last].kind in ("paragraph", "item")
            and groups[last].rows[0].size < _SMALLER * self._body
        ):
            last -= 1
        if last < 0 or groups[last].pages[-1] != page:
            last = len(groups) - 1
        if self._runs_on(groups[last], found[0]):
            group = groups.pop(last)
            _append(group, found.pop(0))
            groups.append(group)

    def _runs_on(self, before: _Group, after: _Group) -> bool:
        if before.kind not in ("paragraph", "item") or after.kind != "paragraph":
            return False
        last, first = before.rows[-1], after.rows[0]
        if abs(last.size - first.size) > _SAME_SIZE * last.size or first.in_table:
            return False
        if _STOPPED.search(last.text):
            return False
        start = first.text.lstrip("(\"'“‘„«")[:1]
        return last.text.endswith(("-", "\u00ad", ",")) or not start.isupper() or len(before.rows) > 1

    def _levels(self, groups: Iterable[_Group]) -> dict[float, int]:
        """Levels of headings by their size; bold ones in the size of the text are the lowest."""
        sizes = sorted({_size_of(group) for group in groups if group.kind == "heading"}, reverse=True)
        levels: dict[float, int] = {}
        level, last = 0, 0.0
        for size in sizes:
            if not last or size < last * 0.96:
                level, last = min(level + 1, 6), size
            levels[size] = level
        return levels

    def _block(self, group: _Group, levels: dict[float, int]) -> PdfBlock:
        starts: list[tuple[int, int]] = []
        pieces: list[str] = []
        length = page = 0
        for row, number in zip(group.rows, group.pages, strict=True):
            table = group.kind == "table"
            text = " ".join(_LEADERS.sub(" … ", " | ".join(row.cells) if table else row.text).split())
            if not text:
                continue
            if pieces:
                loses_hyphen, between = (False, "\n") if table else self._joiner.joint(pieces[-1], text)
                if loses_hyphen:
                    pieces[-1] = pieces[-1][:-1]
                    length -= 1
                pieces.append(between)
                length += len(between)
            if number != page:
                starts.append((number, length))
                page = number
            pieces.append(text)
            length += len(text)
        whole = "".join(pieces)
        sign = _BULLET.match(whole) if group.kind == "item" and _SIGN_ALONE.match(whole) else None
        if sign:
            whole = whole[sign.end() :]
            starts = [(number, max(0, at - sign.end())) for number, at in starts]
        return PdfBlock(group.kind, whole, levels[_size_of(group)] if group.kind == "heading" else 0, starts)


def _size_of(group: _Group) -> float:
    return round(group.rows[0].size, 1)


def _append(group: _Group, more: _Group) -> None:
    group.rows.extend(more.rows)
    group.pages.extend(more.pages)


def _columns(rows: Sequence[Row]) -> Iterator[list[Row]]:
    column: list[Row] = []
    for row in rows:
        if row.begins_column and column:
            yield column
            column = []
        column.append(row)
    if column:
        yield column


def _is_heading_text(text: str) -> bool:
    first = text.lstrip("§#[(\"'“ ")[:1]
    letters = sum(map(str.isalpha, text))
    return letters >= 2 and letters * 2 > len(text.replace(" ", "")) and not first.islower()
