"""Puts the lines of a paragraph together: words parted at a line's end become whole again."""

import re
from collections.abc import Iterable

# First parts of words that keep their hyphen, as dictionaries have them.
_KEEPING = frozenset(
    "self non well high low open state long short real large small time one two three cross multi on off "
    "full half all ex quasi single double third first second low-cost end data user use-case machine".split()
)
_PARTED = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)[-\u00ad]$")
_BEGINS = re.compile(r"[^\W\d_]+")
_COMPOUND = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
_WORD = re.compile(r"[^\W\d_]+")
# Chinese, Japanese and their signs and wide forms: no space stands between lines of these.
_UNSPACED = re.compile(
    "[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u201c\u201d\u2018\u2019\U00020000-\U0003ffff]"
)


class LineJoiner:
    """Joins lines; learns from the document itself which words it writes with a hyphen."""

    def __init__(self) -> None:
        self._words: set[str] = set()
        self._compounds: set[str] = set()

    def learn(self, lines: Iterable[str]) -> None:
        """Take note of the words that stand whole within lines."""
        for line in lines:
            # The last word may be half of one, and so may the first.
            inner = line.strip().rpartition(" ")[0].partition(" ")[2].lower()
            self._words.update(_WORD.findall(inner))
            self._compounds.update(_COMPOUND.findall(inner))

    def joint(self, before: str, after: str) -> tuple[bool, str]:
        """How two lines become one: whether the first loses its hyphen, and what goes between them."""
        parted = _PARTED.search(before)
        if parted is None:
            return False, "" if self._touch(before[-1:], after[:1]) else " "
        begins = _BEGINS.match(after)
        if begins is None or not after[0].islower():
            return False, ""  # GPT- and 4, or Jean- and Paul
        return not self._keeps_hyphen(parted[1].lower(), begins[0].lower()), ""

    def _keeps_hyphen(self, first: str, second: str) -> bool:
        if f"{first}-{second}" in self._compounds:
            return True
        if first.rpartition("-")[2] + second in self._words:
            return False
        return "-" in first or first in _KEEPING

    @staticmethod
    def _touch(last: str, first: str) -> bool:
        digits = last == "-" and first.isdigit()
        wide = bool(_UNSPACED.match(last)) and bool(_UNSPACED.match(first))
        return digits or wide
