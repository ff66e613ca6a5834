"""Running heads, running feet and page numbers: what stands at the edge of page after page."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from ingest.documents.pdf_layout import Row, rows_of
from ingest.documents.pdf_page import Fragment, PageText

# The part of a page, from its edge, in which these stand, and how many rows of it at most.
_EDGE = 0.15
_ROWS = 3
_FEWEST_PAGES = 3
_LARGE = 1.05
_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"(?=.)m{0,3}(?:c[md]|d?c{0,3})(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})", re.IGNORECASE)
_LONE_NUMBER = re.compile(r"[-–—|\s]*(?:page\s+)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?[-–—|\s]*", re.IGNORECASE)


class PageFurniture:
    """Learns from all pages which rows at their edges repeat, but for the numbers in them."""

    def __init__(self, pages: Sequence[PageText]) -> None:
        sizes = Counter[float]()
        for page in pages:
            for one in page.fragments:
                sizes[one.size] += len(one.text)
        self._body = sizes.most_common(1)[0][0] if sizes else 0.0
        self._least = min(_FEWEST_PAGES, max(2, len(pages)))
        self._seen = Counter[tuple[str, str]]()
        for page in pages:
            self._seen.update({(edge, self._mark(row)) for edge, row, _ in _edge_rows(page)})
        offsets = Counter[int]()
        for number, page in enumerate(pages, start=1):
            offsets.update(
                {printed - number for _, row, _ in _edge_rows(page) for printed in _ends(row.text)}
            )
        # How far the numbers that are printed are ahead of the pages, where most pages print one.
        self._offset = next(
            (offset for offset, times in offsets.most_common(1) if times >= max(3, len(pages) / 2)), None
        )

    def without(self, page: PageText, number: int) -> list[Fragment]:
        """The fragments of page `number` (from 1) that belong to its text."""
        gone: set[int] = set()
        stopped: set[str] = set()
        for edge, row, fragments in _edge_rows(page):
            repeats = self._seen[edge, self._mark(row)] >= self._least
            if edge in stopped or not (repeats or self._is_numbered(row, number)):
                stopped.add(edge)
                continue
            gone.update(id(one) for one in fragments)
        return [one for one in page.fragments if id(one) not in gone]

    def _mark(self, row: Row) -> str:
        """What a row says, its numbers left open: but in large type these are numbers of chapters."""
        folded = " ".join(row.text.split()).casefold()
        if _ROMAN.fullmatch(folded):
            return "#"
        return folded if self._is_large(row) else _NUMBER.sub("#", folded)

    def _is_large(self, row: Row) -> bool:
        return row.size > _LARGE * self._body

    def _is_numbered(self, row: Row, number: int) -> bool:
        """Whether a row is the page's number, or a short head or foot with it."""
        if _is_number(row.text, number):
            return True
        if self._offset is None or len(row.text) >= 100 or self._is_large(row):
            return False  # "2 Methods" in large type is a heading on page 2
        return number + self._offset in _ends(row.text)


def _edge_rows(page: PageText) -> list[tuple[str, Row, list[Fragment]]]:
    """The rows at both edges, from the edge inwards: which edge, the row and its parts."""
    zone = _EDGE * page.height
    found = []
    edges: tuple[tuple[str, Callable[[Fragment], bool], int], ...] = (
        ("top", lambda one: one.middle > page.height - zone, 1),
        ("bottom", lambda one: one.middle < zone, -1),
    )
    for edge, is_there, step in edges:
        there = [one for one in page.fragments if is_there(one)]
        rows = rows_of(there)[::step][:_ROWS]
        for row in rows:
            parts = [one for one in there if row.bottom <= one.middle <= row.top]
            found.append((edge, row, parts))
    return found


def _ends(text: str) -> set[int]:
    """The numbers that a row begins or ends with."""
    words = text.split()
    return (
        {int(word) for word in (words[0], words[-1]) if word.isdecimal() and len(word) < 6}
        if words
        else set()
    )


def _is_number(text: str, number: int) -> bool:
    """Whether a row is the number of its own page and nothing else: in a short document nothing repeats."""
    return bool(_LONE_NUMBER.fullmatch(text.strip())) and str(number) in _NUMBER.findall(text)
