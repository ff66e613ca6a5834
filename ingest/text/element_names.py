"""The words in an element's class and id: what those who built the page call it."""

import re
from functools import lru_cache
from itertools import takewhile

from lxml.html import HtmlElement

_WORD = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+")
# "has-sidebar", "no-comments" and "anchorWithStickyNavbar" tell of what stands elsewhere.
_OF_OTHERS = frozenset("has no with without is not".split())
# What style sheets of single classes call a place on the screen says nothing about what stands there.
_LONGEST = 300
# "print:p-4" says how a thing looks when printed; these that it is not printed.
_VARIANT = re.compile(r"[:\[\]]")
_UNPRINTED = frozenset("print:hidden no-print dont-print d-print-none hidden-print hide-print".split())
# What blogs say in these of a post is what it is about: "category-social", "tag-newsletter".
_POST = frozenset("hentry type-post type-page".split())
_SUBJECT = re.compile(r"(?:category|tag|post_tag|topic)-")


def names_of(element: HtmlElement) -> frozenset[str]:
    """Single words in lower case: of class="postShareBar" post, share and bar."""
    return _names(f"{element.get('class') or ''} {element.get('id') or ''}"[:_LONGEST])


def class_names_of(element: HtmlElement) -> frozenset[str]:
    """The same, of the class alone."""
    return _names((element.get("class") or "")[:_LONGEST])


def drop_variants(element: HtmlElement) -> None:
    """Take names that only say how something looks in some case ("print:p-4") off an element."""
    said = element.get("class")
    if said and _VARIANT.search(said):
        element.set("class", " ".join(name for name in said.split() if not _VARIANT.search(name)))


@lru_cache(maxsize=4096)
def _names(said: str) -> frozenset[str]:
    found: set[str] = set()
    parts = said.split()
    is_post = not _POST.isdisjoint(parts)
    for name in parts:
        if name in _UNPRINTED:
            found.add("noprint")
        if _VARIANT.search(name) or (is_post and _SUBJECT.match(name)):
            continue
        words = (word.lower() for word in _WORD.findall(name))
        found.update(takewhile(lambda word: word not in _OF_OTHERS, words))
    return frozenset(found)
