"""What a sentence counts in words, against what its quotes count: "two patients" of "22 patients"."""

import re

_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()
_COUNTED = re.compile(rf"\b(\d+(?:,\d{{3}})*|{'|'.join(_WORDS)})\s+([a-z]{{3,}})\b", re.IGNORECASE)
_ASKED = re.compile(
    rf"\b(?:which|what|name|list|give)\b(?:\s+(?:are|were|me|us|the|all|of|its|his|her|their)){{0,3}}"
    rf"\s+(?P<number>\d|{'|'.join(_WORDS[1:])})\s+[a-z]{{3,}}",
    re.IGNORECASE,
)
# "one thing" counts nothing, and "ten times" may be said of any two figures.
_NO_COUNT = frozenset(("one", "1"))
_NO_THINGS = frozenset("times fold percent per thing way".split())


def other_count(sentence: str, quotes: str) -> str | None:
    """What the sentence counts in a word and the quotes only with other numbers; None where all is well."""
    told: dict[str, set[str]] = {}
    for number, thing in _counted(quotes):
        told.setdefault(thing, set()).add(number)
    for number, thing in _counted(sentence):
        if number.isalpha() and thing in told and not {number, _figure(number)} & told[thing]:
            return f"{number} {thing}"
    return None


def things_asked(question: str) -> int | None:
    """How many things a question wants named: "Which four recommendations?" None where it does not say."""
    found = _ASKED.search(question)
    if found is None:
        return None
    number = found["number"].lower()
    return int(number) if number.isdigit() else int(_figure(number))


def _counted(text: str) -> list[tuple[str, str]]:
    """Each number, in figures or in a word, with the thing behind it, in its singular."""
    found = [(number.lower(), thing.lower()) for number, thing in _COUNTED.findall(text)]
    return [
        (number, thing.removesuffix("s"))
        for number, thing in found
        if number not in _NO_COUNT and thing not in _NO_THINGS
    ]


def _figure(word: str) -> str:
    return str(_WORDS.index(word) + 1)
