"""Gives a figure the qualifier that its quote gives it: "up to 64K" is less than 64K.

Small models drop "up to" and "over", and put "approximately" to the wrong one of two figures; the rest of
such a sentence is right. What a program can put right need not be taken back.
"""

import re
from dataclasses import dataclass

from assistant.proof.exact_terms import stated_numbers

_WORDS = (
    "up to|at most|no more than|at least|no less than|over|more than|less than|fewer than|under|nearly"
    "|almost|approximately|about|around|roughly"
)
_FIGURE = re.compile(
    r"(?<![\w.,-])[$€£]?(?P<figure>\d+(?:[.,]\d+)*(?:\s?[KMBTkmbt]\b|\s(?:thousand|million|billion|trillion)\b)?)"
    r"(?P<behind>\s?\+|\s?[–—]|\s?%?\s(?:or (?:more|less|fewer)|plus)\b)?(?![\w]*-)"
)
_BEFORE = re.compile(rf"(?P<words>\b(?:{_WORDS})|[~≈≤≥<>])(?P<gap>\s*)$", re.IGNORECASE)
_BEHIND = re.compile(
    r"(?P<unit>\s?%|(?:\s[a-z]+){1,2}?)?"
    r"\s(?P<words>natively|by default|on average|at best|at peak|in theory)\b",
    re.IGNORECASE,
)
_SIGNS = {"~": "about", "≈": "about", "≤": "at most", "≥": "at least"}
# Behind these a figure is one of two, or none that could be qualified: "from 4 to 8", "a 64K window".
_STANDS_FAST = re.compile(
    r"(?:^|\b(?:a|an|the|its|their|this|each|every|another|first|last|top|from|to|than|between|and|or|exactly"
    r"|only|just|precisely|article|section|version|step)|[A-Z][\w-]*|\d|[-–—/(“\"])\s*$"
)
# "Over three days", "about two ways": these are no bounds.
_ALSO_PREPOSITIONS = frozenset({"over", "under", "about", "around"})
_TIME = re.compile(r"[\s-]*(?:second|minute|hour|day|night|week|month|quarter|year|decade)", re.IGNORECASE)
_FEW = re.compile(r"[$€£]?\d(?![\d.,]*\d)(?!\s?(?:[KMBTkmbt]\b|thousand|million|billion|trillion))")
_YEAR = re.compile(r"(?:19|20)\d\d")
# "AIME 2026" is another test than AIME 2025.
_EDITION = re.compile(
    r"\d\s?%?\s(?:on |in |at |for )?(?P<name>[A-Z][A-Z-]{2,}) (?P<year>(?:19|20)\d\d)(?![\w-])"
)


# "At least 12.5 g/dl for women and 13.5 g/dl for men": such a bound before the first is one of both. Of words
# that are no bounds, or where each is not for somebody, this is not sure.
_SHARED = re.compile(r"(?P<unit>\s?%|\s?[^\W\d]\S*)\sfor(?:\s[^\W\d][\w-]*){1,3}\s(?:and|or)\s$")
_SHARED_BOUNDS = ("at least", "at most", "no less than", "no more than")


@dataclass(frozen=True, slots=True)
class _Said:
    """A figure where it stands: with its sign and unit, and the qualifier before it, if any.

    `qualified_at` is 0 where it shares one with the figure before it.
    """

    start: int
    numbers: frozenset[str]
    qualifier: str
    qualified_at: int
    is_bounded: bool
    stands_fast: bool


def qualified(sentence: str, text: str) -> str:
    """The sentence with each figure qualified as `text` does it, where that does so every time."""
    sentence = _with_editions(_with_what_follows(sentence, text), text)
    told = _said(text)
    for one in reversed(_said(sentence)):
        same = [other for other in told if other.numbers == one.numbers]
        if not same or one.is_bounded:
            continue
        given = {other.qualifier.lower() for other in same}
        if len(given) != 1 or any(other.is_bounded for other in same):
            continue
        [words] = given
        if words and not one.qualifier and not one.stands_fast:
            sentence = f"{sentence[: one.start]}{words} {sentence[one.start :]}"
        elif one.qualifier and not words and one.qualified_at:
            sentence = sentence[: one.qualified_at] + sentence[one.start :]
    return sentence


def _with_what_follows(sentence: str, text: str) -> str:
    """ "256K tokens natively" is no longer than 256K tokens can be made."""
    for figure in _FIGURE.finditer(text):
        behind = _BEHIND.match(text, figure.end())
        if behind is None or text.count(figure["figure"]) > 1:
            continue
        said = rf"(?<![\w.,-]){re.escape(figure['figure'])}{re.escape(behind['unit'] or '')}(?![\w-])"
        places = list(re.finditer(said, sentence))
        if len(places) == 1 and behind["words"].lower() not in sentence.lower():
            end = places[0].end()
            sentence = f"{sentence[:end]} {behind['words']}{sentence[end:]}"
    return sentence


def _with_editions(sentence: str, text: str) -> str:
    """ "The AIME score" with the year that the text gives it beside its figure, where it gives none."""
    years: dict[str, set[str]] = {}
    for one in _EDITION.finditer(text):
        years.setdefault(one["name"], set()).add(one["year"])
    for name, known in years.items():
        alone = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])(?!['’]?\s?\d)")
        if len(known) == 1 and len(alone.findall(sentence)) == 1 and not alone.search(text):
            sentence = alone.sub(f"{name} {min(known)}", sentence)
    return sentence


def _said(text: str) -> list[_Said]:
    found: list[_Said] = []
    ends = 0
    for figure in _FIGURE.finditer(text):
        if _YEAR.fullmatch(figure["figure"]):
            continue
        ahead = text[: figure.start()]
        before = _BEFORE.search(ahead)
        words = before["words"] if before else ""
        shared = "" if before or not found else _shared(found[-1], ends, text, figure)
        ends = figure.end()
        found.append(
            _Said(
                figure.start(),
                frozenset(stated_numbers(figure["figure"])),
                shared or _SIGNS.get(words, words),
                0 if shared else before.start() if before else figure.start(),
                # In signs that have no words here, or behind the figure: left as it is.
                words in ("<", ">") or figure["behind"] is not None or _may_be_no_bound(words, text, figure),
                _STANDS_FAST.search(ahead) is not None,
            )
        )
    return found


def _shared(one: _Said, ends: int, text: str, figure: re.Match[str]) -> str:
    """The qualifier of the figure that ends there, if this figure is of the same unit and joined to it."""
    between = _SHARED.match(text[ends : figure.start()])
    if between is None or one.is_bounded:
        return ""
    is_alike = text.startswith(f"{between['unit']} for ", figure.end())
    return one.qualifier if is_alike and one.qualifier.lower() in _SHARED_BOUNDS else ""


def _may_be_no_bound(words: str, text: str, figure: re.Match[str]) -> bool:
    if words.lower() not in _ALSO_PREPOSITIONS:
        return False
    return bool(_TIME.match(text, figure.end()) or _FEW.match(text, figure.start()))
