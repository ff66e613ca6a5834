"""Makes a follow-up question stand alone, by rule: what it leaves unsaid is named from the turns before."""

import re
from collections.abc import Sequence

from assistant.events import Turn
from assistant.exact_terms import NOT_NAMES

_LEANS_BACK = re.compile(
    r"\b(it|its|they|them|their|theirs|this|that|these|those|he|she|his|her|one|ones"
    r"|the (?:same|former|latter|first|second|other|others|model|models|article))\b"
    r"|^(?:and|but|so|or|also|then|what about|how about|why)\b"
    r"|\b(?:instead|else|otherwise|too|as well)\s*\?*$",
    re.IGNORECASE,
)
# A name: words that begin with a capital or hold a figure, with the figures and capitals that follow them.
_NAME = re.compile(
    r"\b(?:[A-Z][\w.+-]*\w|[A-Z]|[^\WA-Za-z]*+[A-Za-z](?:[^\W\d]|[.+-])*+\d[\w.+-]*)"
    r"(?:[ ](?:[A-Z][\w.+-]*|\d[\w.]*))*"
)
_MOST_NAMES = 3
# Then what comes next is about the name that was answered.
_ASKS_FOR_A_NAME = re.compile(r"\b(?:which|who|what (?:model|tool|library|company|licence|license))\b", re.I)


def standalone_question(question: str, history: Sequence[Turn]) -> str:
    """The question as it can be understood without the turns before.

    A question that names its own subject and does not lean back is left as it is. Otherwise the names
    that the latest turn to have any speaks of are added: "Is it open? (about Qwen3-Coder)".
    """
    if not history or not _leans_back(question):
        return question
    own = {name.lower() for name in _names(question)}
    for asked, answered in reversed(history):
        spoken_of = [*_names(asked), *_names(_first_sentence(answered))]
        if _ASKS_FOR_A_NAME.search(asked):
            spoken_of = [*_names(_first_sentence(answered)), *_names(asked)]
        names = [name for name in dict.fromkeys(spoken_of) if name.lower() not in own]
        names = [name for name in names if not any(name != other and name in other for other in names)]
        if names:
            return f"{question} (about {', '.join(names[:_MOST_NAMES])})"
    return question


def _leans_back(question: str) -> bool:
    return bool(_LEANS_BACK.search(question)) or not _names(question)


def _names(text: str) -> list[str]:
    found = []
    for match in _NAME.finditer(text):
        words = match.group().rstrip(".,-").split()
        while words and words[0].lower() in NOT_NAMES:
            words.pop(0)
        name = " ".join(words)
        if len(name) > 1 and any(letter.isalpha() for letter in name):
            found.append(name)
    return found


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?;:])\s", text, maxsplit=1)[0]
