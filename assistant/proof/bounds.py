"""What a sentence says around a figure: "over 20 minutes" is not "up to 20 minutes"."""

import re
from collections.abc import Iterator

from assistant.proof.exact_terms import stated_numbers

_LEAST = r"over|more than|at least|above|exceeding|exceeds?|beyond|a minimum of|longer than|later than"
_MOST = r"up to|at most|under|less than|fewer than|below|within|a maximum of|shorter than"
# "Not exceeding 500", "no less than 30": the other side.
_BOUND = re.compile(
    r"\b(?P<not>(?:not|no|never|nor|without|cannot)\s+(?:be\s+)?)?"
    rf"(?:(?P<least>{_LEAST})|(?P<most>{_MOST}))\s+(?:a total of |about |approximately |around )?[^\w\s]?"
    r"(?P<figure>\d[\d.,]*(?:\s?[KMBTkmbt]\b|\s(?:thousand|million|billion|trillion)\b)?)"
    r"(?:[\s-]?(?P<unit>[a-z]{2,}|%))?",
    re.IGNORECASE,
)
_MEASURE = re.compile(r"(?P<figure>\d+(?:[.,]\d+)*)[\s-]?(?P<unit>[a-z]{2,}|%)", re.IGNORECASE)
_THAN = re.compile(r"\bthan (?:the |its |a )?(\d+(?:[.,]\d+)*)(?![\w-])", re.IGNORECASE)
_CHANGE = (
    r"\s+(?:about |around |approximately |roughly |over |under |nearly )?[$€£]?(?P<figure>\d+(?:[.,]\d+)*)"
)
_BY = re.compile(rf"\bby{_CHANGE}", re.IGNORECASE)
_FROM = re.compile(rf"\bfrom{_CHANGE}(?=[^.;]{{0,40}}\bto\b)", re.IGNORECASE)
_COMPARATIVE = re.compile(
    r"\b(?:lower|higher|more|less|fewer|better|worse|greater|smaller|larger|longer|shorter|faster|slower)\b",
    re.IGNORECASE,
)
# A figure behind a capital is a name's: "Article 6"; four digits are mostly a year.
_NO_MEASURE = re.compile(r"(?:\b[A-Z]\w*[\s-]|\btype\s)$")
_YEAR = re.compile(r"(?:19|20)\d\d")


def other_bound(sentence: str, text: str, question: str = "") -> str | None:
    """A figure that `sentence` bounds from one side and `text` only from the other, as in "at most 20".

    Also one that only the question has, without that bound: whose case is 12 metres asks for no least.
    """
    told, asked = list(_bounds(text)), set(_measures(question)) - set(_measures(text))
    figures = stated_numbers(question) - stated_numbers(text)
    for side, figure, unit in _bounds(sentence):
        same = [one for one, other, of in told if other == figure and (of == unit or not (of and unit))]
        if side in same:
            continue
        of_the_case = figure in figures or (figure, unit) in asked
        asked_so = any((one, other) == (side, figure) for one, other, _ in _bounds(question))
        if same or (of_the_case and not asked_so):
            return f"{side} {figure}"
    return None


def is_bounded(figure: str, text: str) -> bool:
    """Whether `text` gives a figure as a bound, within which another case may well lie."""
    return any(bounded in stated_numbers(figure) for _, bounded, _ in _bounds(text))


def takes_a_start_for_a_step(sentence: str, text: str) -> bool:
    """Whether a change "by 310" is told of what `text` only has change from 310 to something else."""
    starts = {figure for found in _FROM.finditer(text) for figure in stated_numbers(found["figure"])}
    steps = {figure for found in _BY.finditer(text) for figure in stated_numbers(found["figure"])}
    told = {figure for found in _BY.finditer(sentence) for figure in stated_numbers(found["figure"])}
    return bool(told & (starts - steps))


def compares_with_itself(sentence: str) -> bool:
    """Whether a figure is said to be lower, higher ... than the same figure."""
    for than in _THAN.finditer(sentence):
        figure, before = than[1], sentence[: than.start()]
        if _YEAR.fullmatch(figure):
            continue
        for same in re.finditer(rf"(?<![\w.,-]){re.escape(figure)}(?![\w-]|[.,]\d)", before):
            if not _NO_MEASURE.search(before[: same.start()]) and _COMPARATIVE.search(before, same.end()):
                return True
    return False


def _bounds(text: str) -> Iterator[tuple[str, str, str]]:
    """Each bound as ("at least" or "at most", figure, unit or "")."""
    for found in _BOUND.finditer(text):
        least = (found["least"] is not None) is (found["not"] is None)
        for figure in stated_numbers(found["figure"].rstrip(".,")):
            yield ("at least" if least else "at most"), figure, _unit(found["unit"])


def _measures(text: str) -> Iterator[tuple[str, str]]:
    for found in _MEASURE.finditer(text):
        for figure in stated_numbers(found["figure"]):
            yield figure, _unit(found["unit"])


def _unit(word: str | None) -> str:
    return (word or "").lower().removesuffix("s")
