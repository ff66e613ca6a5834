"""What a question must be before anything is done with it."""

import re

from assistant.errors import QuestionEmpty, QuestionTooLong

LONGEST_QUESTION = 4000
"""Characters."""
# What asks mostly stands at the end of what was pasted; characters.
_BRIEFLY = 1000
_YES_OR_NO = re.compile(
    r"\W*(?:is|are|was|were|do|does|did|can|could|may|must|has|have|had|will|would|should)\b", re.IGNORECASE
)

_COURTESY = re.compile(
    r"\W*(?:(?:ok(?:ay)?|great|cool|perfect|hi|hello|hey|good (?:morning|afternoon|evening)|bye|goodbye"
    r"|(?:many )?thanks|thank you)\b(?: (?:there|so much|very much|a lot|again)\b)?[^\w?]*)+",
    re.IGNORECASE,
)


def checked_question(question: str) -> str:
    """The question, encodable and without white space around it. Raises QuestionEmpty, QuestionTooLong."""
    text = encodable(question).strip()
    if not text:
        raise QuestionEmpty("the question is empty; type one")
    if len(text) > LONGEST_QUESTION:
        raise QuestionTooLong(
            f"the question has {len(text):,} characters; shorten it to {LONGEST_QUESTION:,} or fewer"
        )
    return text


def encodable(text: str) -> str:
    """The text without halves of characters, which JSON can carry and no tokenizer reads."""
    return text.encode("utf-8", errors="replace").decode()


def says_something(question: str) -> bool:
    """Whether it asks for more than pictures, signs and courtesies do: to search for these finds anything."""
    return any(map(str.isalnum, question)) and _COURTESY.fullmatch(question) is None


def briefly(question: str) -> str:
    """The end of a long question, from a word on: before each sentence it would be read once more."""
    return question if len(question) <= _BRIEFLY else question[-_BRIEFLY:].partition(" ")[2]


def asks_yes_or_no(question: str) -> bool:
    """Whether a question is answered by a yes or a no."""
    return _YES_OR_NO.match(question) is not None
