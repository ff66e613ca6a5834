"""Finds what a sentence states and its quotes only leave open: "indicates whether it supports this"."""

import re
from collections.abc import Callable

_CLAUSES = re.compile(r";|,?\s(?:and|but|while)\s|,(?!\d)")
_OPEN = re.compile(
    r"\b(?:whether|(?:unclear|unknown|unsure|undecided|check|see|ask|know|tell) if)\b[^.;:?!\n]*",
    re.IGNORECASE,
)
# A clause of fewer words comes together anywhere.
_FEWEST_WORDS = 3
# Nearly all of a clause stands in what is left open, and less than half of it in the rest of the quotes.
_IN_WHAT_IS_OPEN, _IN_THE_REST = 0.8, 0.5


def states_what_is_left_open(sentence: str, read: str, words_of: Callable[[str], frozenset[str]]) -> bool:
    """Whether a clause of a sentence has its words from where its quotes leave open whether it is so.

    `words_of` gives the stemmed words of a text.
    """
    left_open = " ".join(_OPEN.findall(read))
    if not left_open or _OPEN.search(sentence):
        return False
    held, rest = words_of(left_open), words_of(_OPEN.sub(" ", read))
    clauses = [words_of(clause) for clause in _CLAUSES.split(sentence)]
    return any(
        len(clause) >= _FEWEST_WORDS
        and len(clause & held) >= _IN_WHAT_IS_OPEN * len(clause)
        and len(clause & rest) < _IN_THE_REST * len(clause)
        for clause in clauses
    )
