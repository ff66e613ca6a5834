"""Finds whom a sentence has do what its quote only says was done: "the port bought" for "were bought"."""

import re

_BE = r"(?:is|are|was|were|been|being|be)"
_DONE = re.compile(
    rf"\b{_BE}\s+(?:\w+ly\s+|not\s+|also\s+|already\s+)?(?P<done>[a-z]+(?:ed|ght|ilt|old|ade|iven|aken|own))\b"
    r"(?P<behind>[^.;:]*)",
    re.IGNORECASE,
)
_BY = re.compile(r"\bby\b", re.IGNORECASE)
# Before a deed that is told of nobody.
_PASSIVE = re.compile(
    rf"(?:\b(?:{_BE}|has|have|had|which|that|of|the|an?|and|or|as|when|if)\b|[,;:(]|^)\W*(?:\w+ly\W+|not\W+)?$",
    re.IGNORECASE,
)


def invented_agent(sentence: str, quote: str) -> str | None:
    """The deed that a sentence has somebody do, where its quote never says who did it."""
    for found in _DONE.finditer(quote):
        done = found["done"]
        if _BY.search(found["behind"]) or _is_active(done, quote):
            continue
        if _is_active(done, sentence):
            return done
    return None


def _is_active(done: str, text: str) -> bool:
    """Whether somebody does it: "the port bought", and not "was bought", "what was sold and bought"."""
    return any(
        _PASSIVE.search(text[: place.start()]) is None
        for place in re.finditer(rf"\b{re.escape(done)}\b(?!\s+by\b)", text, re.IGNORECASE)
    )
