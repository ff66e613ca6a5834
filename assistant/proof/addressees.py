"""Tells of whom an article says what is told of the asker: a bank, what "regulated firms" should do."""

import re

from assistant.finding.regulated import names_a_regulated_firm, put_as

_SHOULD = re.compile(
    r"^\W*(?P<who>(?!(?:it|they|you|we|this|that|these|those|one|there)\b)[^,.;:()“”]{4,80}?)"
    r"\s(?:should|must|ought to|need to|are advised to)\s",
    re.IGNORECASE,
)
_FOR = re.compile(r"^\W*(?P<who>(?:for|in)\s[^,.;:()“”]{4,60})[:,]\s", re.IGNORECASE)
_END = re.compile(r"[.!?]*\s*$")
_NAME = re.compile(r"\w*[A-Z0-9]\w*[A-Z0-9]")


def with_its_addressee(sentence: str, quote: str) -> str:
    """The sentence with whom its quote advises, where it gives that advice to a bank or a hospital instead.

    "The bank should move" over "On-premise deployments should move" is told as said of on-premise
    deployments: whoever reads it sees under what condition it holds.
    """
    if put_as(sentence) == sentence or names_a_regulated_firm(quote):
        return sentence
    found = _SHOULD.match(quote)
    who = f"of {_lowered(found['who'])}" if found else None
    if found is None and (found := _FOR.match(quote)) is not None:
        who = _lowered(found["who"])
    if found is None or found["who"].lower() in sentence.lower():
        return sentence
    end = _END.search(sentence)
    body, rest = (sentence[: end.start()], end.group()) if end else (sentence, "")
    return f"{body}, as the article says {who}{rest}"


def _lowered(who: str) -> str:
    first = who.split(maxsplit=1)[0]
    return who if _NAME.match(first) else who[:1].lower() + who[1:]
