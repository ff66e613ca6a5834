"""The fragments of a page to rows in reading order: columns told from tables, rows put together again."""

import statistics
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ingest.documents.pdf_page import Fragment
from ingest.documents.right_to_left import is_right_to_left

# Running text fills its column and has several words a line; the cells of a table do neither.
_FILLED = 0.55
_WORDS = 3
_WHOLE_ROWS = 0.6
_FEWEST_LINES = 5
_NARROWEST = 0.2
_DEEPEST = 3
# In type sizes: a gap in a row that parts cells and not words.
_CELL_GAP = 1.6
_BLANK = 0.8
_MOST_INITIALS = 20
_FEWEST_ROWS = 3
_TABLE_PITCH = 2.5


@dataclass(slots=True)
class Row:
    """One line of a column, from its fragments; `cells` are more than one where wide gaps part them.

    `gaps` are these gaps, as spans from left to right.
    """

    cells: tuple[str, ...]
    left: float
    right: float
    bottom: float
    top: float
    size: float
    bold: bool
    column: int = 0
    begins_column: bool = False
    gaps: tuple[tuple[float, float], ...] = ()
    in_table: bool = False

    @property
    def text(self) -> str:
        """The row as running text."""
        return " ".join(self.cells)

    def is_parted_like(self, other: "Row") -> bool:
        """Whether a gap of this row lies under one of the other, as in the rows of a table."""
        return any(
            min(ends, other_ends) - max(begins, other_begins) > 0.5 * self.size
            for begins, ends in self.gaps
            for other_begins, other_ends in other.gaps
        )


class PageLayout:
    """Puts pages into reading order; remembers between pages where the columns part."""

    def __init__(self) -> None:
        self._known: float | None = None

    def rows(self, fragments: Sequence[Fragment]) -> list[Row]:
        """The rows of a page in reading order, column by column."""
        rows: list[Row] = []
        for number, column in enumerate(self._columns(list(_with_initials(fragments)), 0)):
            found = rows_of(column)
            for place, row in enumerate(found):
                row.column, row.begins_column = number, place == 0
            rows.extend(found)
        return rows

    def _columns(self, fragments: list[Fragment], depth: int) -> Iterator[list[Fragment]]:
        gutter = self._gutter(fragments, first=depth == 0) if depth < _DEEPEST else None
        if gutter is None:
            if fragments:
                yield fragments
            return
        together: list[Fragment] = []
        for in_columns, band in _bands(fragments, gutter):
            if not in_columns:
                together += band
                continue
            if together:
                yield together
                together = []
            yield from self._columns([one for one in band if one.right <= gutter], depth + 1)
            yield from self._columns([one for one in band if one.right > gutter], depth + 1)
        if together:
            yield together

    def _gutter(self, fragments: Sequence[Fragment], *, first: bool) -> float | None:
        """Where running text stands side by side: an x that fragments keep clear of on both sides."""
        found = _gutter_in(fragments)
        if not first:
            return found
        if found is None and self._known is not None:
            # The last page of an article: its right column may be short.
            left = sum(one.right <= self._known for one in fragments)
            right = sum(one.left >= self._known for one in fragments)
            if left and right and (len(fragments) - left - right) * 2 <= left + right:
                return self._known
        self._known = found if found is not None else self._known
        return found


def rows_of(fragments: Sequence[Fragment]) -> list[Row]:
    """The rows of one column (or of a whole page), from top to bottom."""
    rows: list[list[Fragment]] = []
    for one in sorted(fragments, key=lambda it: (-it.middle, it.left)):
        row = rows[-1] if rows else []
        overlap = min(one.top, row[0].top) - max(one.bottom, row[0].bottom) if row else 0.0
        if row and overlap > 0.5 * min(one.top - one.bottom, row[0].top - row[0].bottom):
            row.append(one)
        else:
            rows.append([one])
    return [_row(row) for row in rows]


def mark_tables(column: Sequence[Row], pitch: float) -> None:
    """Mark the rows of tables: several on end that are parted at the same places.

    `pitch` is how far apart lines of running text are, in points.
    """
    run: list[Row] = []
    for row in [*column, None]:
        if row is not None and run and row.is_parted_like(run[-1]):
            near = run[-1].bottom - row.bottom < _TABLE_PITCH * pitch
            if near:
                run.append(row)
                continue
        if len(run) >= _FEWEST_ROWS:
            for one in run:
                one.in_table = True
        run = [row] if row is not None and row.gaps else []


def _row(fragments: list[Fragment]) -> Row:
    backwards = is_right_to_left("".join(one.text for one in fragments))
    fragments.sort(key=(lambda one: -one.right) if backwards else (lambda one: one.left))
    cells: list[str] = []
    gaps: list[tuple[float, float]] = []
    before: Fragment | None = None
    for one in fragments:
        gap = max(one.left - before.right, before.left - one.right) if before else 0.0
        if before is not None and gap <= _CELL_GAP * max(one.size, before.size):
            cells[-1] = f"{cells[-1]} {one.text}"
        else:
            cells.append(one.text)
            if before is not None:
                gaps.append((min(one.right, before.right), max(one.left, before.left)))
        before = one
    sizes = Counter[float]()
    for one in fragments:
        sizes[one.size] += len(one.text)
    return Row(
        tuple(cells),
        min(one.left for one in fragments),
        max(one.right for one in fragments),
        min(one.bottom for one in fragments),
        max(one.top for one in fragments),
        sizes.most_common(1)[0][0],
        all(one.bold for one in fragments),
        gaps=tuple(gaps),
    )


def _gutter_in(fragments: Sequence[Fragment]) -> float | None:
    if len(fragments) < 2 * _FEWEST_LINES:
        return None
    leftmost, rightmost = min(one.left for one in fragments), max(one.right for one in fragments)
    least = _NARROWEST * (rightmost - leftmost)
    best: tuple[int, float, float] | None = None
    lefts, rights = sorted(one.left for one in fragments), sorted(one.right for one in fragments)
    for edge in {round(right, 1) for right in rights}:
        if not leftmost + least <= edge <= rightmost - least:
            continue
        clear, first = bisect_right(rights, edge + 0.1), bisect_left(lefts, edge)
        beyond = len(lefts) - first
        if min(clear, beyond) < _FEWEST_LINES:
            continue
        score = (clear + beyond, lefts[first] - edge, (edge + lefts[first]) / 2)
        best = max(best, score) if best else score
    if best is None:
        return None
    gutter = best[2]
    sides = (
        ([one for one in fragments if one.right <= gutter], leftmost),
        ([one for one in fragments if one.left >= gutter], rightmost),
    )
    return gutter if all(_is_text(side, abs(gutter - end)) for side, end in sides) else None


def _is_text(side: Sequence[Fragment], width: float) -> bool:
    """Whether one side of a gutter holds running text, be it in columns of its own."""
    return _is_running_text(side, width) or _gutter_in(side) is not None


def _is_running_text(side: Sequence[Fragment], width: float) -> bool:
    rows = rows_of(side)
    if len(rows) < _FEWEST_LINES:
        return False
    filled = statistics.median(row.right - row.left for row in rows) >= _FILLED * width
    whole = sum(len(row.cells) == 1 for row in rows) >= _WHOLE_ROWS * len(rows)
    return filled and whole and statistics.median(_word_count(row.text) for row in rows) >= _WORDS


def _word_count(text: str) -> int:
    # Scripts without spaces: about two signs a word.
    wide = sum(unicodedata.east_asian_width(sign) == "W" for sign in text)
    return len(text.split()) + wide // 2


def _bands(fragments: Sequence[Fragment], gutter: float) -> Iterator[tuple[bool, list[Fragment]]]:
    """From top to bottom: bands in which columns stand beside the gutter (True), and all others."""
    kinds: list[tuple[bool | None, list[Fragment]]] = []
    ordered = sorted(fragments, key=lambda one: -one.middle)
    for across, run in groupby(ordered, key=lambda one: one.left < gutter < one.right):
        if across:
            kinds.append((False, list(run)))
        else:
            kinds.extend((_in_columns(strip, gutter), strip) for strip in _strips(list(run)))
    # What has nothing beside it goes with what is above it, or at the top with what is below.
    known: bool | None = next((kind for kind, _ in kinds if kind is not None), False)
    bands: list[tuple[bool, list[Fragment]]] = []
    for kind, strip in kinds:
        known = known if kind is None else kind
        if bands and bands[-1][0] == known:
            bands[-1][1].extend(strip)
        else:
            bands.append((bool(known), strip))
    yield from bands


def _strips(band: Sequence[Fragment]) -> Iterator[list[Fragment]]:
    """A band cut where a blank runs through it from left to right."""
    strip: list[Fragment] = []
    bottom = 0.0
    for one in sorted(band, key=lambda it: -it.top):
        if strip and one.top < bottom - _BLANK * (one.top - one.bottom):
            yield strip
            strip = []
        bottom = min(bottom, one.bottom) if strip else one.bottom
        strip.append(one)
    if strip:
        yield strip


def _in_columns(strip: Sequence[Fragment], gutter: float) -> bool | None:
    """Whether a strip holds columns, and not the cells of a table; None where it holds but one side."""
    left = [one for one in strip if one.right <= gutter]
    right = [one for one in strip if one.right > gutter]
    if not left or not right:
        return None
    widths = gutter - min(one.left for one in left), max(one.right for one in right) - gutter
    return max(len(left), len(right)) >= _FEWEST_LINES - 1 and all(
        _is_column(side, width) for side, width in zip((left, right), widths, strict=True)
    )


def _is_column(side: Sequence[Fragment], width: float) -> bool:
    rows = rows_of(side)
    if len(rows) >= _FEWEST_LINES:
        return _is_text(side, width)
    # The last lines of a column: one of them is full.
    return any(row.right - row.left >= _FILLED * width and _word_count(row.text) >= _WORDS for row in rows)


def _with_initials(fragments: Sequence[Fragment]) -> Iterator[Fragment]:
    """Fragments, with large initials put before the line that they begin."""
    initials = [one for one in fragments if len(one.text) == 1 and one.text.isupper()]
    if not 0 < len(initials) <= _MOST_INITIALS:
        yield from fragments
        return
    glued: dict[int, str] = {}
    gone: set[int] = set()
    for initial in initials:
        beside = [
            one
            for one in fragments
            if one.size * 1.8 <= initial.size
            and 0 <= one.left - initial.right + initial.size * 0.2 <= initial.size
            and initial.bottom <= one.middle <= initial.top
        ]
        if beside:
            first = max(beside, key=lambda one: one.middle)
            glued[id(first)] = initial.text
            gone.add(id(initial))
    for one in fragments:
        if id(one) in glued:
            one.text = glued[id(one)] + one.text
        if id(one) not in gone:
            yield one
