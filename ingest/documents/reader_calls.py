"""Sentences that a site puts to whoever reads its pages: they belong to no article."""

import re

from ingest.passages.telling_words import states_a_fact, words_of

_CALL = re.compile(
    r"\b(?:subscribe|sign up|newsletter|follow us|share (?:this|on)|all rights reserved|cookies?|read more"
    r"|click here|advertis\w+|back to top|log in|sign in|terms of (?:use|service)|privacy policy|join us"
    r"|leave a comment|related (?:articles|posts)|contact us)\b",
    re.IGNORECASE,
)
_DENIES = frozenset("no not never none nobody nothing without cannot".split())
_LONGEST = 40


def is_call(text: str) -> bool:
    """Whether a text of at most 40 words speaks to the reader of the page, and states no figure or name."""
    if _CALL.search(text) is None:
        return False
    words = words_of(text)
    # "Subscribe To Our Newsletter" names nothing, though it has its capitals.
    return len(words) <= _LONGEST and not any(
        states_a_fact(word) and not (word.isascii() and word.istitle()) for word in words
    )


def says_nothing(text: str) -> bool:
    """Whether a text is such a call, and denies nothing either, so that nobody misses it.

    "We never use cookies." is none of these.
    """
    return is_call(text) and not any(
        word.casefold() in _DENIES or word.casefold().endswith(("n't", "n’t")) for word in words_of(text)
    )
