"""What a sentence says around a figure: "over 20 minutes" is not "up to 20 minutes"."""

import re
from collections.abc import Iterator

from assistant.proof.exact_terms import stated_numbers

_LEAST = r"over|more than|at least|above|exceeding|exceeds|beyond|no less than|a minimum of|longer than"
_MOST = r"up to|at most|under|less than|fewer than|below|within|no more than|a maximum of|shorter than"
_BOUND = re.compile(
    rf"\b(?:(?P<least>{_LEAST})|(?P<most>{_MOST}))\s+(?:a total of |about |approximately |around |[~$€])?"
    r"(?P<figure>\d[\d.,]*(?:\s?[KMBTkmbt]\b|\s(?:thousand|million|billion|trillion)\b)?)",
    re.IGNORECASE,
)
_WITH_ITSELF = re.compile(
    r"(?<![\w.,])(\d+(?:[.,]\d+)*)(?![\d.,]*\d)\b.*\b(?:lower|higher|more|less|fewer|better|worse|greater|smaller|larger"
    r"|longer|shorter|faster|slower)\b.*?\bthan\b.*?(?<![\w.,])\1(?![\d.,]*\d)\b",
    re.IGNORECASE | re.DOTALL,
)


def other_bound(sentence: str, text: str) -> str | None:
    """A figure that `sentence` bounds from one side and `text` only from the other."""
    told = set(_bounds(text))
    for side, figure in _bounds(sentence):
        if (side, figure) not in told and (_other(side), figure) in told:
            return f"{side} {figure}"
    return None


def compares_with_itself(sentence: str) -> bool:
    """Whether a figure is said to be lower, higher ... than the same figure."""
    return _WITH_ITSELF.search(sentence) is not None


def _bounds(text: str) -> Iterator[tuple[str, str]]:
    for found in _BOUND.finditer(text):
        for figure in stated_numbers(found["figure"].rstrip(".,")):
            yield ("at least" if found["least"] else "at most"), figure


def _other(side: str) -> str:
    return "at most" if side == "at least" else "at least"
