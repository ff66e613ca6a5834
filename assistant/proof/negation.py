"""Whether a text says no to something, and whether more stands around a sentence that may turn it round."""

import re

_NEGATED = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|unlike|except|nicht|kein\w*|ohne)\b|n['’]t\b",
    re.IGNORECASE,
)
_TURNS = re.compile(r"\b(?:nobody|unless|if|whether|unclear|only|until|wenn|sofern|ob|nur)\b", re.IGNORECASE)


def is_negated(text: str) -> bool:
    """Whether there is a "not" in it, or what stands for one."""
    return _NEGATED.search(text) is not None


def may_turn(rest: str) -> bool:
    """Whether the rest of a sentence may take back, or narrow, what one part of it says by itself."""
    return is_negated(rest) or _TURNS.search(rest) is not None
