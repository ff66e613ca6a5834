"""One page of a PDF to fragments: runs of signs on one line, each with its place, size and weight."""

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ingest.right_to_left import PlacedSign, is_right_to_left, reading_order

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


class PageSigns:
    """Reads the signs of pages through pdfium's own calls; `raw` is pypdfium2.raw."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._weights: dict[str, bool] = {}

    def read(self, page: Any) -> PageText:
        """The fragments of an open pypdfium2 page. Text that runs across the others is left out."""
        left, bottom, right, top = page.get_bbox()
        text_page = page.get_textpage()
        try:
            lines = _Lines()
            self._collect(text_page.raw, lines)
        finally:
            text_page.close()
        turns = Counter[int]()
        for turn, fragment in lines.done:
            turns[turn] += len(fragment.text)
        if not turns:
            return PageText((), top - bottom)
        turn = turns.most_common(1)[0][0]
        box = Fragment("", left, right, bottom, top, 0)
        area = _turned(box, turn)
        kept = [_turned(fragment, way) for way, fragment in lines.done if way == turn]
        for fragment in kept:
            fragment.left, fragment.right = fragment.left - area.left, fragment.right - area.left
            fragment.bottom, fragment.top = fragment.bottom - area.bottom, fragment.top - area.bottom
        height, width = area.top - area.bottom, area.right - area.left
        on_page = [one for one in kept if 0 <= one.middle <= height and one.right > 0 and one.left < width]
        return PageText(tuple(on_page), height)

    def _collect(self, text_page: Any, lines: "_Lines") -> None:
        raw = self._raw
        x, y = ctypes.c_double(), ctypes.c_double()
        box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
        unicode_of, origin_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetCharOrigin
        box_of = raw.FPDFText_GetLooseCharBox
        high = 0
        for index in range(min(raw.FPDFText_CountChars(text_page), MOST_SIGNS)):
            code = unicode_of(text_page, index)
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
            high = 0
            sign = chr(code) if code < 0x110000 else UNTOLD
            if sign.isspace():
                lines.space()
                continue
            sign = sign.translate(_LIGATURES)
            if code == 0 or unicodedata.category(sign[0]) in _UNKNOWN:
                if raw.FPDFText_IsGenerated(text_page, index):
                    continue
                sign = UNTOLD
            if not (
                origin_of(text_page, index, x, y) and box_of(text_page, index, box) and box.top > box.bottom
            ):
                continue
            place = (box.left, box.right, box.bottom, box.top)

            def look(index: int = index) -> tuple[float, int, bool]:
                """Type size, quarter turns and weight: asked for once a word only."""
                size = float(raw.FPDFText_GetFontSize(text_page, index))
                turn = 0
                if raw.FPDFText_GetMatrix(text_page, index, matrix):
                    size *= math.hypot(matrix.c, matrix.d)
                    turn = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4
                return size, turn, self._is_bold(text_page, index)

            lines.add(sign, x.value, y.value, place, look)
        lines.end()

    def _is_bold(self, text_page: Any, index: int) -> bool:
        name = ctypes.create_string_buffer(200)
        flags = ctypes.c_int()
        if not self._raw.FPDFText_GetFontInfo(text_page, index, name, 200, flags):
            return False
        plain = name.value.decode(errors="replace")
        if plain not in self._weights:
            self._weights[plain] = bool(_BOLD.search(plain))
        return self._weights[plain]


class _Lines:
    """Puts signs together into fragments, one open at a time."""

    def __init__(self) -> None:
        self.done: list[tuple[int, Fragment]] = []
        self._signs: list[PlacedSign] = []
        self._spaced = True
        self._raised = False
        self._size, self._turn, self._base = 0.0, 0, (0.0, 0.0)
        self._box = self._last = (0.0, 0.0, 0.0, 0.0)
        self._sizes = Counter[tuple[float, bool]]()
        self._style = (0.0, False)

    def space(self) -> None:
        """A space, drawn or only told by a gap."""
        self._spaced = True

    def add(
        self,
        sign: str,
        x: float,
        y: float,
        box: tuple[float, float, float, float],
        look: Callable[[], tuple[float, int, bool]],
    ) -> None:
        """One sign with its origin and its box (left, right, bottom, top)."""
        if self._spaced or not self._signs or box[3] - box[2] != self._last[3] - self._last[2]:
            size, turn, bold = look()
            style = (round(size, 1), bold)
        else:
            size, turn, style = self._style[0], self._turn, self._style
        if self._signs and (turn != self._turn or self._is_apart(x, y, box, size)):
            self.end()
        if not self._signs:
            self._base, self._size, self._turn, self._box = (x, y), size, turn, box
            self._raised = False
        else:
            was_raised = self._raised
            across = (x - self._base[0]) * -math.sin(turn * math.pi / 2) + (y - self._base[1]) * math.cos(
                turn * math.pi / 2
            )
            self._raised = size < _SMALL * self._size and across > _RAISED * self._size
            if self._raised and not was_raised and self._gap(box) < _THIN_GAP * size:
                self._spaced = False  # pdfium takes the step up for a space
            if self._spaced:
                self._signs.append((" ", x))
            elif self._raised and not was_raised and sign.isdigit():
                self._signs.append(("^", x))  # 10 to the 6th is not 106
            if size > self._size * 1.05 and not self._raised:
                self._base, self._size = (x, y), size
        self._signs.append((sign, x))
        self._sizes[style] += 1
        self._style, self._last, self._spaced = style, box, False
        kept = self._box
        self._box = (min(kept[0], box[0]), max(kept[1], box[1]), min(kept[2], box[2]), max(kept[3], box[3]))

    def end(self) -> None:
        """Close the open fragment."""
        if self._signs:
            (size, bold), _ = self._sizes.most_common(1)[0]
            left, right, bottom, top = self._box
            text = "".join(sign for sign, _ in self._signs)
            if is_right_to_left(text):
                text = reading_order(self._signs)
            self.done.append((self._turn, Fragment(text, left, right, bottom, top, size, bold)))
        self._signs.clear()
        self._sizes.clear()
        self._spaced = True

    def _is_apart(self, x: float, y: float, box: tuple[float, float, float, float], size: float) -> bool:
        larger = max(size, self._size)
        off = abs(x - self._base[0]) if self._turn % 2 else abs(y - self._base[1])
        return off > _SAME_LINE * larger or self._gap(box) > _GAP * larger

    def _gap(self, box: tuple[float, float, float, float]) -> float:
        """How far a sign is from the one before it, along the line."""
        low, high = (2, 3) if self._turn % 2 else (0, 1)
        return max(box[low] - self._last[high], self._last[low] - box[high])


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
