"""What has to be done has not been done yet: a rule's words tell nothing of a case."""

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
