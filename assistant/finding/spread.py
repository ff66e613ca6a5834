"""Whether a question asks for several things side by side, which no single article may crowd out."""

import re
from itertools import pairwise

from assistant.proof.spoken_names import distinct, spoken_names

_SEVERAL = re.compile(
    r"\b(?:each|both|respectively|compar(?:e[sd]?|ing|ison)|versus|vs|differ(?:s|ed|ence|ences)?|in common"
    r"|side by side|(?:better|worse|faster|slower|cheaper|larger|smaller|bigger) than)\b",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(
    r"(?:'s|’s)?,? (?:and|or|versus|vs\.?|to|than|from|with) (?:the )?", re.IGNORECASE
)


def asks_for_several(question: str) -> bool:
    """Whether the question compares, asks about "each" or "both", or sets two names side by side."""
    if _SEVERAL.search(question):
        return True
    names = spoken_names(question)
    if len(distinct(names)) < 2:
        return False
    return any(_BETWEEN_NAMES.fullmatch(question[one.end : other.start]) for one, other in pairwise(names))
