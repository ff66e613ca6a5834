"""Prefers passages of the right date when the question asks for now, for the latest, or as of a day.

Without such words nothing changes. With them the order only leans: a passage that speaks of something else
does not become evidence because it is new, and one without a date keeps its score.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index_store.passage import ScoredPassage

# By how much of its score the newest gains and the oldest loses: among near equals the date decides.
_LEAN = 0.15
# What is left of the score of a passage from after the day that was asked for.
_TOO_LATE = 0.5
# By so many places at most a passage falls behind newer ones: those may be of other things.
_FALLS_BY = 2

# "The current minimum stock", but not "the current through the coil", nor "a current account".
_CURRENT = (
    r"(?:(?<=\bthe )|(?<=\bour )|(?<=\byour )|(?<=\bits )|(?<=\btheir )|(?<=['’]s )|(?<=\bis )|(?<=\bare ))"
    r"current(?= [a-z])(?! (?:of|through|in|at|is|was|that|which|draw\w*|flow\w*|ratings?|accounts?"
    r"|transformers?|sensors?|limiters?|sources?|density|loops?|leakage)\b)"
)
_NOW = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|currently|nowadays|at present|at the moment|these days|today"
    rf"|up[- ]to[- ]date|now(?! that\b| and then\b)|{_CURRENT})\b",
    re.IGNORECASE,
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DATES = tuple(
    re.compile(
        rf"(?P<word>as of|as at|until|up to|before|prior to|by)(?: the end of)? (?:the )?{date}",
        re.IGNORECASE,
    )
    for date in (
        rf"{_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)\b",
        rf"{_YEAR}-(?P<number>\d\d)\b",
        rf"(?P<day>\d\d?)(?:st|nd|rd|th)?(?: of)? {_MONTH},? {_YEAR}\b",
        rf"{_MONTH} (?P<day>\d\d?)(?:st|nd|rd|th)?,? {_YEAR}\b",
        rf"{_MONTH},? {_YEAR}\b",
        rf"{_YEAR}\b",
    )
)


@dataclass(frozen=True, slots=True)
class AskedDate:
    """What the question says about time: the newest there is, up to `until` (a year, month or day, ISO 8601).

    `until` itself still counts, unless it is `excluded`; None asks for the newest of all.
    """

    until: str | None = None
    excluded: bool = False

    def is_too_late(self, published: str) -> bool:
        """Whether something of this date (ISO 8601) is from after the day asked for."""
        if self.until is None:
            return False
        told = published[: len(self.until)]
        return told >= self.until if self.excluded else told > self.until


def asked_date(question: str) -> AskedDate | None:
    """What the question says about time, or None when it does not ask for any."""
    for pattern in _DATES:
        match = pattern.search(question)
        if match:
            given = match.groupdict()
            month = given.get("month")
            number = f"{_MONTHS.index(month[:3].lower()) + 1:02}" if month else given.get("number")
            day = given.get("day")
            parts = (given["year"], number, day.zfill(2) if day else None)
            excluded = match["word"].lower() in ("before", "prior to")
            return AskedDate("-".join(part for part in parts if part), excluded)
    return AskedDate() if _NOW.search(question) else None


def in_order_of_date(asked: AskedDate | None, candidates: Sequence[ScoredPassage]) -> list[ScoredPassage]:
    """The candidates, best first, leaning to the newest that is not too late; scores stay as they were."""
    dates = sorted({hit.passage.published for hit in candidates if hit.passage.published})
    if asked is None or not dates:
        return list(candidates)
    fitting = [date for date in dates if not asked.is_too_late(date)]

    def leaned(hit: ScoredPassage) -> float:
        published = hit.passage.published
        if not published:
            return hit.score
        if published not in fitting:
            return hit.score * _TOO_LATE
        if len(fitting) == 1:
            return hit.score
        newness = 2 * fitting.index(published) / (len(fitting) - 1) - 1
        return hit.score * (1 + _LEAN * newness)

    leaning = sorted(enumerate(candidates), key=lambda found: leaned(found[1]), reverse=True)

    def bounded(place: int) -> tuple[int, int]:
        found_at, hit = leaning[place]
        late = asked.is_too_late(hit.passage.published or "")
        return place if late else min(place, found_at + _FALLS_BY), found_at

    return [leaning[place][1] for place in sorted(range(len(leaning)), key=bounded)]
