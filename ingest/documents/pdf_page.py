"""One page of a PDF to fragments: runs of signs on one line, each with its place, size and weight."""

import ctypes
import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Any

from ingest.documents.right_to_left import PlacedSign, is_right_to_left, reading_order

# A gap of this many type sizes may be more than a space: what stands behind it is apart.
_GAP = 0.9
_THIN_GAP = 0.2
# How far off a baseline, in type sizes, a sign may stand and still be on the line: raised and lowered signs.
_SAME_LINE = 0.5
_RAISED, _SMALL = 0.15, 0.85
# Far more than a sheet of paper holds: what says so costs minutes and is no page.
MOST_SIGNS = 200_000
_BOLD = re.compile("bold|black|heavy|demi|medi(?!um)|cmbx", re.IGNORECASE)
# What stands for a sign whose font does not say which letter it shows.
UNTOLD = "\ufffd"
_UNKNOWN = ("Cc", "Cn", "Cs", "Co")
_LIGATURES = str.maketrans(
    {
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
        "\x02": "-",
        "\u2010": "-",
    }
)


@dataclass(slots=True)
class Fragment:
    """Signs that stand together on one line. Lengths are in points, y grows upwards."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    bold: bool = False

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return (self.bottom + self.top) / 2


@dataclass(frozen=True, slots=True)
class PageText:
    """The fragments of one page, in the order of the file, and how high the page is (from 0 to `height`)."""

    fragments: tuple[Fragment, ...]
    height: float


Box = tuple[float, float, float, float]
"""Left, right, bottom, top."""


class PageSigns:
    """Reads the signs of pages through pdfium's own calls; `raw` is pypdfium2.raw."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._weights: dict[bytes, bool] = {}
        self._signs: dict[int, str] = {}

    def read(self, page: Any) -> PageText:
        """The fragments of an open pypdfium2 page. Text that runs across the others is left out."""
        left, bottom, right, top = page.get_bbox()
        text_page = page.get_textpage()
        try:
            lines = _Lines(_Look(self._raw, text_page.raw, self._weights))
            self._collect(text_page.raw, lines)
        finally:
            text_page.close()
        turns = Counter[int]()
        for turn, fragment in lines.done:
            turns[turn] += len(fragment.text)
        if not turns:
            return PageText((), top - bottom)
        turn = turns.most_common(1)[0][0]
        area = _turned(Fragment("", left, right, bottom, top, 0), turn)
        kept = [_turned(fragment, way) for way, fragment in lines.done if way == turn]
        for fragment in kept:
            fragment.left, fragment.right = fragment.left - area.left, fragment.right - area.left
            fragment.bottom, fragment.top = fragment.bottom - area.bottom, fragment.top - area.bottom
        height, width = area.top - area.bottom, area.right - area.left
        on_page = [one for one in kept if 0 <= one.middle <= height and one.right > 0 and one.left < width]
        return PageText(tuple(on_page), height)

    def _collect(self, text_page: Any, lines: "_Lines") -> None:
        # Some thousand signs a page: what is asked of each is as little as can be.
        box = self._raw.FS_RECTF()
        to_box = ctypes.byref(box)
        unicode_of, box_of = self._raw.FPDFText_GetUnicode, self._raw.FPDFText_GetLooseCharBox
        known, high = self._signs, 0
        for index in range(min(self._raw.FPDFText_CountChars(text_page), MOST_SIGNS)):
            code = unicode_of(text_page, index)
            if 0xD800 <= code < 0xE000:
                if code < 0xDC00:
                    high = code
                    continue
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0
            high = 0
            sign = known.get(code)
            if sign is None:
                sign = known[code] = _sign(code)
            if sign == " ":
                lines.space()
            elif not box_of(text_page, index, to_box) or box.top <= box.bottom:
                continue
            elif sign != UNTOLD or not self._raw.FPDFText_IsGenerated(text_page, index):
                lines.add(sign, index, (box.left, box.right, box.bottom, box.top))
        lines.end()


class _Look:
    """What is asked of a sign only now and then: its origin, and its type."""

    def __init__(self, raw: Any, text_page: Any, weights: dict[bytes, bool]) -> None:
        self._raw = raw
        self._page = text_page
        self._weights = weights
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._matrix = raw.FS_MATRIX()
        self._name = ctypes.create_string_buffer(200)
        self._flags = ctypes.c_int()

    def origin(self, index: int) -> tuple[float, float]:
        """Where the sign stands on its baseline."""
        self._raw.FPDFText_GetCharOrigin(self._page, index, self._x, self._y)
        return self._x.value, self._y.value

    def type(self, index: int) -> tuple[float, int, bool]:
        """Its size in points, by how many quarters it is turned, and whether it is bold."""
        raw, matrix = self._raw, self._matrix
        size, turn = float(raw.FPDFText_GetFontSize(self._page, index)), 0
        if raw.FPDFText_GetMatrix(self._page, index, matrix):
            size *= math.hypot(matrix.c, matrix.d)
            turn = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4
        return round(size, 1), turn, self._is_bold(index)

    def _is_bold(self, index: int) -> bool:
        if not self._raw.FPDFText_GetFontInfo(self._page, index, self._name, 200, self._flags):
            return False
        name = self._name.value
        if name not in self._weights:
            self._weights[name] = bool(_BOLD.search(name.decode(errors="replace")))
        return self._weights[name]


class _Lines:
    """Puts signs together into fragments, one open at a time."""

    def __init__(self, look: _Look) -> None:
        self.done: list[tuple[int, Fragment]] = []
        self._look = look
        self._signs: list[PlacedSign] = []
        self._spaced = True
        self._raised = False
        self._size, self._turn, self._base = 0.0, 0, (0.0, 0.0)
        self._box = self._last = (0.0, 0.0, 0.0, 0.0)
        self._styles = Counter[tuple[float, bool]]()
        self._style = (0.0, False)
        self._counted = 0

    def space(self) -> None:
        """A space, drawn or only told by a gap."""
        self._spaced = True

    def add(self, sign: str, index: int, box: Box) -> None:
        """One sign, the `index`th of its page."""
        last = self._last
        if (
            self._signs
            and not self._spaced
            and not self._turn
            and box[2] == last[2]
            and box[3] == last[3]
            and -self._size < box[0] - last[1] < _GAP * self._size
        ):
            self._append(sign, box)
        else:
            self._add_anew(sign, index, box)

    def _append(self, sign: str, box: Box) -> None:
        self._signs.append((sign, box[0]))
        self._last, self._spaced = box, False
        kept = self._box
        self._box = (min(kept[0], box[0]), max(kept[1], box[1]), min(kept[2], box[2]), max(kept[3], box[3]))

    def _add_anew(self, sign: str, index: int, box: Box) -> None:
        """A sign of which more must be known than that it stands close behind the one before."""
        size, turn, bold = self._look.type(index)
        origin = self._look.origin(index)
        if self._signs and (turn != self._turn or self._is_apart(origin, box, size)):
            self.end()
        self._count()
        self._style = (size, bold)
        if not self._signs:
            self._base, self._size, self._turn, self._box = origin, size, turn, box
            self._raised = False
        else:
            was_raised = self._raised
            self._raised = size < _SMALL * self._size and self._above(origin) > _RAISED * self._size
            if self._raised and not was_raised and self._gap(box) < _THIN_GAP * size:
                self._spaced = False  # pdfium takes the step up for a space
            if self._spaced:
                self._signs.append((" ", box[0]))
            elif self._raised and not was_raised and sign.isdigit():
                self._signs.append(("^", box[0]))  # 10 to the 6th is not 106
            if size > self._size * 1.05 and not self._raised:
                self._base, self._size = origin, size
        self._append(sign, box)

    def end(self) -> None:
        """Close the open fragment."""
        self._count()
        if self._signs:
            (size, bold), _ = self._styles.most_common(1)[0]
            left, right, bottom, top = self._box
            text = "".join(sign for sign, _ in self._signs)
            if is_right_to_left(text):
                text = reading_order(self._signs)
            self.done.append((self._turn, Fragment(text, left, right, bottom, top, size, bold)))
        self._signs = []
        self._styles.clear()
        self._counted = 0
        self._spaced = True

    def _count(self) -> None:
        """Note how many signs were set in the style in use."""
        if len(self._signs) > self._counted:
            self._styles[self._style] += len(self._signs) - self._counted
            self._counted = len(self._signs)

    def _above(self, origin: tuple[float, float]) -> float:
        """How far a sign stands above the line."""
        across, up = origin[0] - self._base[0], origin[1] - self._base[1]
        return (up, -across, -up, across)[self._turn]

    def _is_apart(self, origin: tuple[float, float], box: Box, size: float) -> bool:
        larger = max(size, self._size)
        return abs(self._above(origin)) > _SAME_LINE * larger or self._gap(box) > _GAP * larger

    def _gap(self, box: Box) -> float:
        """How far a sign is from the one before it, along the line."""
        low, high = (2, 3) if self._turn % 2 else (0, 1)
        return max(box[low] - self._last[high], self._last[low] - box[high])


def _sign(code: int) -> str:
    """What a code shows: a space for all white space, UNTOLD where that is not known."""
    if not 0 < code < 0x110000:
        return UNTOLD
    sign = chr(code)
    if sign.isspace():
        return " "
    sign = sign.translate(_LIGATURES)
    return UNTOLD if unicodedata.category(sign[0]) in _UNKNOWN else sign


def _turned(one: Fragment, turn: int) -> Fragment:
    """The fragment as it lies when the page is turned so that its text runs level."""
    if turn == 0:
        return one
    sides = {
        1: (one.bottom, one.top, -one.right, -one.left),
        2: (-one.right, -one.left, -one.top, -one.bottom),
        3: (-one.top, -one.bottom, one.left, one.right),
    }[turn]
    return Fragment(one.text, *sides, one.size, one.bold)
