"""Advice that an article gives under a condition is not its advice without."""

import re

# Where a sentence, or what follows its colon, begins with the condition: all of it stands under that.
_UNDER = re.compile(
    r"(?:^|[.;:!?]\s+)[“\"]?(?:only )?(?:where|if|when|unless|provided|as long as|in case|should)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:where|if|when|unless|provided|as long as|in case|only|depending|otherwise|without|except"
    r"|for (?:those|teams|firms|anyone))\b",
    re.IGNORECASE,
)


def loses_the_condition(sentence: str, quote: str) -> bool:
    """Whether a quote begins with a condition and a sentence that rests on it has none."""
    return _UNDER.search(quote) is not None and _CONDITION.search(sentence) is None
