"""What came of something is not what it was meant for: "destroyed trust" is not "to destroy trust"."""

import re

_TO = re.compile(r"(?P<before>[^.;:]*?)\bto (?P<verb>[a-z]{4,}) (?P<object>[a-z]+)\b")
# Behind these, "to" tells no purpose: "allows it to run", "is able to run".
_NO_PURPOSE = re.compile(
    r"\b(?:(?:allow|enabl|help|caus|let|mak|forc|requir|expect|need|want)[a-z]*\b(?:\W+\w+){0,5}"
    r"|(?:continu|beg[iau]n|start|abl|abilit|used|ha[ds]|have|going|likel|due|way|how|right|tr[yi]|decid|plan"
    r"|cho[os]|refus|lead|led)[a-z]*\b(?:\W+\w+)?)\W*$",
    re.IGNORECASE,
)


def takes_result_for_purpose(sentence: str, quote: str) -> bool:
    """Whether a sentence says "to do" something that its quote only says was done by it."""
    for found in _TO.finditer(sentence):
        verb = found["verb"]
        done = rf"\b{verb.removesuffix('e')}(?:ed|s|es)\b\s+(?:\w+\s+){{0,2}}{found['object']}\b"
        if (
            not _NO_PURPOSE.search(found["before"])
            and re.search(rf"\bto {verb}\b", quote) is None
            and re.search(done, quote)
        ):
            return True
    return False
