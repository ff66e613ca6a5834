"""The words in an element's class and id: what those who built the page call it."""

import re
from functools import lru_cache

from lxml.html import HtmlElement

_WORD = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+")
# "has-sidebar" and "no-comments" are said of what stands elsewhere.
_OF_OTHERS = frozenset("has no with without is not".split())
# What style sheets of single classes call a place on the screen says nothing about what stands there.
_LONGEST = 300


def names_of(element: HtmlElement) -> frozenset[str]:
    """Single words in lower case: of class="postShareBar" post, share and bar."""
    return _names(f"{element.get('class') or ''} {element.get('id') or ''}"[:_LONGEST])


@lru_cache(maxsize=4096)
def _names(said: str) -> frozenset[str]:
    found: set[str] = set()
    for name in said.split():
        words = [word.lower() for word in _WORD.findall(name)]
        if words and words[0] not in _OF_OTHERS:
            found.update(words)
    return frozenset(found)
