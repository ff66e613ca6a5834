"""Keeps what a quote has somebody say as what they say, and not as what is so."""

import re
from collections.abc import Sequence

from assistant.proof.exact_terms import missing_names, missing_numbers, names_in, numbers_in

_WHO = r"(?P<who>(?!He\b|She\b|It\b|They\b|We\b|I\b|This\b|That\b|You\b|One\b)[A-Z][^,.;:()“”]{1,50}?)"
_VERBS = "says? said claims? claimed argues? argued estimates? estimated believes? believed reports? reported"
_THAT = rf"{_WHO}\s(?:{'|'.join(_VERBS.split())})\sthat\s"
_ACCORDING = r"[Aa]ccording to (?P<whom>[^,.;:()“”]{2,60}),\s"
# Names may be set off by commas: "According to the operator, Heron Rail, ...".
_OPENS_ACCORDING = re.compile(r"^According to (?P<whom>[^,.;:()]{2,60}(?:, (?:[A-Z][\w.-]*\s?){1,4})?), ")
_SAYS = re.compile(rf"^\W*(?:{_THAT}|{_ACCORDING})")
_TOLD = re.compile(
    r"\b(?:according to|says?|said|(?:claim|argue|estimate|believe|report)\w*)\b", re.IGNORECASE
)
_ARTICLE = re.compile(r"(?:The|An?|Its|Their|Our|His|Her)\b")
_NAME = re.compile(r"\w*[A-Z0-9]\w*[A-Z0-9]|I\b")


def with_its_speaker(sentence: str, quote: str) -> str:
    """The sentence with whom its quote lets say it before it, where it names nobody itself.

    "It can turn round 120 a day" over "Frostwell says that it can" is told according to Frostwell.
    """
    said = _SAYS.match(quote)
    if said is None or _TOLD.search(sentence):
        return sentence
    who = said["who"] or said["whom"]
    if _ARTICLE.match(who):
        who = who[:1].lower() + who[1:]
    return f"According to {who}, {_lowered(sentence, quote)}"


def without_a_foreign_speaker(sentence: str, quotes: Sequence[str]) -> str:
    """The sentence without "according to X" before it, where the quote with its figures never names X.

    Small models carry it over from one sentence of an article to the next.
    """
    found = _OPENS_ACCORDING.match(sentence)
    if found is None:
        return sentence
    rest = sentence[found.end() :]
    telling = [quote for quote in quotes if not missing_numbers(rest, quote)] if numbers_in(rest) else []
    names = names_in(f"of {found['whom']}")
    if not telling or not names or any(not missing_names(f"of {found['whom']}", quote) for quote in telling):
        return sentence
    return rest[:1].upper() + rest[1:]


def _lowered(sentence: str, quote: str) -> str:
    """With a small letter at its beginning, unless the quote has that word with a capital inside it."""
    first = sentence.split(maxsplit=1)[0] if sentence.strip() else ""
    if _NAME.match(first) or re.search(rf"(?<=\s){re.escape(first)}\b", quote):
        return sentence
    return sentence[:1].lower() + sentence[1:]
