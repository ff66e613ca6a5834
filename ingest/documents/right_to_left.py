"""Words that are written from right to left, put into the order in which they are read."""

import re
from collections.abc import Sequence
from itertools import groupby

# Hebrew, Arabic and its kin, with their presentation forms.
_LETTER = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LOOSE_STOP = re.compile(r" ([.،؛؟!:]+)(?= |$)")
_ALEF = "\u0622\u0623\u0625\u0627"
_LAM = "\u0644"

PlacedSign = tuple[str, float]
"""A sign and where its origin stands on the line; a space is a sign."""


def is_right_to_left(text: str) -> bool:
    """Whether most letters of `text` are of such a script."""
    found = len(_LETTER.findall(text))
    return found > 0 and found * 2 > sum(map(str.isalpha, text))


def reading_order(signs: Sequence[PlacedSign]) -> str:
    """The words of one line in reading order, whatever order the file drew them in.

    A file may draw each word from either end. Where a word's signs stand tells which; figures and Latin words
    between the others keep their own direction.
    """
    words = [list(run) for spaces, run in groupby(signs, key=lambda one: one[0] == " ") if not spaces]
    text = "".join(sign for sign, _ in signs)
    if not is_right_to_left(text):
        return " ".join(_word(word) for word in words)
    words.sort(key=lambda word: -max(x for _, x in word))
    ordered: list[str] = []
    for level, run in groupby(words, key=lambda word: not _LETTER.search("".join(sign for sign, _ in word))):
        found = [_word(word) for word in run]
        ordered += reversed(found) if level else found
    return _LOOSE_STOP.sub(r"\1", " ".join(ordered))


def _word(word: Sequence[PlacedSign]) -> str:
    text = "".join(sign for sign, _ in word)
    if not _LETTER.search(text):
        return text
    first, last = word[0][1], word[-1][1]
    # Lam and alef share a glyph; no word is these two the other way about.
    joined = first == last and text[0] in _ALEF and text[-1] == _LAM
    return text[::-1] if last > first or joined else text
