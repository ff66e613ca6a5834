"""Advice that an article gives under a condition is not its advice without."""

import re

# Where a sentence, or what follows its colon, begins with the condition: all of it stands under that.
_UNDER = re.compile(
    r"(?:^|[.;:!?]\s+)[“\"]?(?:only )?(?:where|if|unless|provided|as long as|in case)\b(?P<clause>[^,.:;]*)",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:where|if|when|unless|provided|as long as|in case|only|depending|otherwise"
    r"|for (?:those|teams|firms|anyone))\b",
    re.IGNORECASE,
)
# "For Chinese weights a bank must ...": of these alone. Behind a comma stands as often why, or how long.
_OF_A_CASE = re.compile(
    r"[“\"]?For\s+(?!th(?:at|is|ese|ose)\b)(?P<case>[^,.;:]{2,60}?)"
    r"\s(?=(?:an?|the|you|we|one|each|every|all|no)\s+(?:[\w-]+\s+){0,3}?"
    r"(?:must|should|may|can|has to|have to|needs?)\b)"
)
_WORD = re.compile(r"[^\W\d_]{4,}")
_CASE_WORD = re.compile(r"[^\W\d_]{2,}")
_STEM = 5


def loses_the_condition(sentence: str, quote: str) -> bool:
    """Whether a quote begins with a condition and a sentence that rests on it has none.

    Half of the condition's words, be it in other forms, are the condition in other words.
    """
    under = _UNDER.search(quote)
    if under is None or _CONDITION.search(sentence):
        return False
    asked, told = _stems(under["clause"]), _stems(sentence)
    return 2 * len(asked & told) < max(1, len(asked))


def loses_the_case(sentence: str, quote: str, question: str) -> bool:
    """Whether a quote begins with the case that it is of ("For Chinese weights ...") and a sentence drops it.

    Half of the case's words in the sentence or the question are the case. Of 185 drafted sentences over three
    libraries none that stood drops one.
    """
    case = _OF_A_CASE.match(quote)
    if case is None:
        return False
    words = [word.lower() for word in _CASE_WORD.findall(case["case"])]
    told = f"{sentence} {question}".lower()
    return 2 * sum(re.search(rf"\b{re.escape(word[:_STEM])}", told) is not None for word in words) < len(
        words
    )


def _stems(text: str) -> set[str]:
    return {word.lower()[:_STEM] for word in _WORD.findall(text)}
