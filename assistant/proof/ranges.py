"""What lies between two figures: "before 7 and between 9 and 4" is not "from 7 to 9"."""

import re
from collections.abc import Iterator

from assistant.proof.exact_terms import stated_numbers

_FIGURE = r"[$€£]?\d+(?:[.,:]\d+)*"
# "7 a.m.", "4 °C", "12 metres", "30%": at most two short words.
_UNIT = r"(?:\s?%|\s?°\s?[CF]?|\s[ap]\.?m\.?|(?:\s[a-z]+){1,2}?)?"
_TO = r"(?:to|until|till|through)"
_RANGE = re.compile(
    rf"\bfrom (?P<from>{_FIGURE}){_UNIT} (?:up )?{_TO} (?P<to>{_FIGURE})"
    rf"|\bbetween (?P<low>{_FIGURE}){_UNIT} and (?P<high>{_FIGURE})"
    rf"|(?<![\w.,:–-])(?P<start>{_FIGURE})(?:{_UNIT}\s?[–—-]\s?|{_UNIT} {_TO} )(?P<end>{_FIGURE})(?![\w]*-)",
    re.IGNORECASE,
)
_END = re.compile(rf"(?:\b{_TO} |\bat |[–—-]\s?)(?P<end>{_FIGURE})", re.IGNORECASE)

_YEAR = re.compile(r"(?:19|20)\d\d")


def other_range(sentence: str, text: str) -> str | None:
    """A range that `sentence` makes of the ends of others: `text` has not it, but one that shares an end.

    Ranges are compared by their figures, in order, whatever their units. What begins one and ends another
    ("from 12 to 10, and later to 8") may be one as well.
    """
    told = set(_ranges(text))
    starts, ends = {start for start, _ in told}, {_plain(found["end"]) for found in _END.finditer(text)}
    for start, end in _ranges(sentence):
        if (start, end) in told or (start in starts and end in ends and not _ends_apart(end, told)):
            continue
        if any((start in one) != (end in one) for one in told):
            return f"from {start} to {end}"
    return None


def _ends_apart(end: str, told: set[tuple[str, str]]) -> bool:
    """Whether a range that ends there begins where none ends: of "2 to 6, 20 to 24" none leads to 24."""
    ends = {last for _, last in told}
    return any(last == end and first not in ends for first, last in told)


def _ranges(text: str) -> Iterator[tuple[str, str]]:
    for found in _RANGE.finditer(text):
        start, end = (_plain(figure) for figure in found.groups() if figure is not None)
        # "From 25 % in 2024 to 11 %" ranges from no year.
        if (_YEAR.fullmatch(start) is None) is (_YEAR.fullmatch(end) is None):
            yield start, end


def _plain(figure: str) -> str:
    """A figure as it compares; a time of day stays as it is."""
    bare = figure.lstrip("$€£")
    return bare if ":" in bare else min(stated_numbers(bare), default=bare)
