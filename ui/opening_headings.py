"""The headings that a text opens with: shown above it already, they would stand there twice."""

import re
from collections.abc import Iterable

# One after the other: a book is not cut into lines for the sake of its first.
_LINE = re.compile(r"[^\n]*\n?")


def opening_headings(text: str, headings: Iterable[str]) -> tuple[int, frozenset[str]]:
    """How many characters of a text only repeat some of these headings, each on a line of its own, and which.

    Blank lines behind them count too. 0 where nothing else would be left of the text.
    """
    wanted = {_folded(one): one for one in headings if one.strip()}
    repeated: set[str] = set()
    end = 0
    for line in _LINE.finditer(text):
        folded = _folded(line[0])
        if folded in wanted:
            repeated.add(wanted[folded])
            end = line.end()
        elif not folded and repeated:
            end = line.end()
        elif folded:
            return end, frozenset(repeated)
    return 0, frozenset()


def _folded(line: str) -> str:
    return " ".join(line.split()).casefold()
