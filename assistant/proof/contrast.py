"""Sentences that set two things apart: what is said of one of them must not be told of the other."""

import re
from itertools import takewhile

from assistant.proof.exact_terms import missing_names, missing_numbers, names_in, numbers_in

# "A is X, while B is Y." A semicolon and "compared to" part what belongs together too often.
_APART = re.compile(r"\b(?:while|whereas|but|unlike)\b", re.IGNORECASE)
# A sentence that joins, compares or denies speaks of both sides by itself.
_OF_BOTH = re.compile(
    r"\b(?:while|whereas|but|unlike|versus|vs|compared|than|both|either|neither|not|no|except)\b",
    re.IGNORECASE,
)
_JOINS = re.compile(r"\b(?:and|or)\b", re.IGNORECASE)
# "While A is X, B is Y": neither side is spoken of on the other.
_OPENS = re.compile(r"(?:while|whereas|unlike)\s([^,]+),\s(.+)", re.IGNORECASE | re.DOTALL)
_WITHOUT = re.compile(r"\bwithout (?:an? |the |any )?(\w+)", re.IGNORECASE)
_CASES = re.compile(r";|(?<=[a-z])\.\s")
_FIRST_WORD = re.compile(r"[\w][\w.+-]*")

_BEFORE_A_THING = ("in", "for", "of", "with", "among", "at", "on", "from")


def takes_from_both_sides(sentence: str, quote: str) -> bool:
    """Whether names and figures of `sentence` all stand in `quote`, but on no single side of its contrast.

    The thing that a quote begins with is spoken of on every side: "Heron 7B is free, while 3B is not", "In
    Heron most sizes are free, but ...".
    """
    opened = _OPENS.match(quote.strip())
    sides = list(opened.groups()) if opened else [side for side in _APART.split(quote) if side.strip()]
    if len(sides) < 2 or _OF_BOTH.search(sentence):
        return False
    names, numbers = names_in(f"of {sentence}"), numbers_in(sentence)
    if len(names) > 1 and _JOINS.search(sentence):
        return False
    if len(names) + len(numbers) < 2 or not _has(quote, names, numbers):
        return False
    first = None if opened else _FIRST_WORD.search(sides[0])
    subject = first.group() if first else ""
    if subject.lower() in _BEFORE_A_THING:
        # "In Heron": of a side too that begins with no thing of its own.
        subject = " ".join(takewhile(lambda word: not word[0].islower(), sides[0].split()[1:]))
        return not any(
            _has(side if _begins_with_a_thing(side) else f"{subject} {side}", names, numbers)
            for side in sides
        )
    return not any(_has(f"{subject} {side}", names, numbers) for side in sides)


def _begins_with_a_thing(side: str) -> bool:
    first = side.split(maxsplit=1)[0]
    return first[0].isupper() or first.lower() in _BEFORE_A_THING


def moves_a_without(sentence: str, quote: str) -> bool:
    """Whether a sentence tells a figure of the case "without" something that its quote gives with it.

    "With a lid it keeps for 7 days; without a lid for 12 hours."
    """
    case = _WITHOUT.search(sentence)
    numbers = numbers_in(sentence)
    if case is None or not numbers or any(missing_numbers(number, quote) for number in numbers):
        return False
    without = re.compile(rf"\bwithout\b[^;]*\b{re.escape(case[1])}", re.IGNORECASE)
    sides = [side for side in _CASES.split(quote) if without.search(side)]
    return bool(sides) and not any(_has(side, [], numbers) for side in sides)


def _has(text: str, names: list[str], numbers: list[str]) -> bool:
    return not any(missing_numbers(number, text) for number in numbers) and not any(
        missing_names(f"of {name}", text) for name in names
    )
