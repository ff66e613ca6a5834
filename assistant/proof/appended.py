"""A clause at the end that nothing states: small models append reasons and praise of their own."""

import re
from collections.abc import Callable, Collection

_CLAUSE = re.compile(
    r",? (?:as|because|since|so that|which|where|while|making|allowing|ensuring|providing|leading|resulting"
    r"|enabling|thus|meaning|in order to|to ensure|that)\b",
    re.IGNORECASE,
)
# Of 103 drafted sentences that were read one has an end with so few of its words in the quotes, wrongly; none
# of 45 labelled claims with such a clause has (docs/log.md).
_FEWEST_WORDS = 4
_TOLD = 0.4


def appends(sentence: str, read: str, words_of: Callable[[str], Collection[str]]) -> bool:
    """Whether the last clause of a sentence has hardly a word of what is read with its quotes.

    `words_of` gives the stems of a text's content words.
    """
    clauses = list(_CLAUSE.finditer(sentence))
    if not clauses:
        return False
    words = set(words_of(sentence[clauses[-1].start() :]))
    return len(words) >= _FEWEST_WORDS and len(words & set(words_of(read))) < _TOLD * len(words)
