"""What has to be done has not been done yet, and what can be done need not be."""

import re

_DUTY = (
    r"(?:must|shall|should|ought to|ha(?:s|ve) to|needs? to|(?:is|are) (?:(?:required|obliged|expected) )?to"
    r"|may|can|could|would|will)"
)
_DONE = r"(?:was|were|ha(?:s|ve) been|had been)"
# "Was reported", and what may stand between.
_PASSIVE_DEED = re.compile(
    rf"\b{_DONE}\s+(?:\w+ly\s+|not\s+|also\s+|already\s+)?(\w{{3,}}(?:ed|en|t|d))\b", re.IGNORECASE
)
_STEM = 5
_DEMANDS = re.compile(
    r"\b(?<!not )(?:must|needs? to|ha(?:s|ve) to|(?:is|are) required|requires?|necessary)\b", re.IGNORECASE
)
_DEMANDED = re.compile(
    r"\b(?:must|shall|should|need\w*|ha(?:s|ve) to|requir\w*|necessar\w*|minimum|at least|only|mandat\w*"
    r"|obliged|ensure|make sure|depends? on|essential)\b",
    re.IGNORECASE,
)
_LEFT_OPEN = re.compile(r"\b(?:can|may|could|might|optional\w*)\b", re.IGNORECASE)


def mistaken_duty(sentence: str, quote: str) -> str | None:
    """What a sentence makes of a duty that its quote does not: a deed, or a duty of what can be done.

    Of 200 true labelled claims none does, of 115 drafted sentences three, none of them rightly (docs/log.md).
    """
    if takes_a_duty_for_a_deed(sentence, quote):
        return "the passage says what has to be done, not that it was"
    if _DEMANDS.search(sentence) and _LEFT_OPEN.search(quote) and not _DEMANDED.search(quote):
        return "the passage says what can be done, not that it has to be"
    return None


def takes_a_duty_for_a_deed(sentence: str, quote: str) -> bool:
    """Whether a sentence says that something was done which its quote only says has to, or may, be done."""
    for deed in _PASSIVE_DEED.finditer(sentence):
        stem = re.escape(deed[1][:_STEM])
        ahead = [quote[: found.start()] for found in re.finditer(rf"\b{stem}", quote, re.IGNORECASE)]
        if ahead and all(
            re.search(rf"\b{_DUTY}\s+(?:\w+\s+){{0,2}}$", text, re.IGNORECASE) for text in ahead
        ):
            return True
    return False
