"""Ids that were made from headings: "related-work" over "Related work" names a subject, no part of a page."""

import re

from lxml.html import HtmlElement

from ingest.text.clean_text import fold
from ingest.text.element_names import class_names_of, names_of
from ingest.text.furniture_names import is_furniture_word, names_furniture

_HEADS = frozenset("h1 h2 h3 h4 h5 h6".split())
_SECTIONS = frozenset("section div article".split())
_WRAPPERS = _SECTIONS | {"header", "hgroup"}
_WORD = re.compile(r"[^\W_]+")
_PREFIXES = frozenset("user content section".split())


def is_named_by_its_heading(element: HtmlElement, body: HtmlElement) -> bool:
    """Whether its id alone makes an element look like a part of the page's frame, and tells its heading.

    Where the heading itself has no word but those of frames ("Comments", "Related posts"), it must stand on a
    page that names its sections so.
    """
    if names_furniture(class_names_of(element)) or not _has_id_of_heading(element):
        return False
    words = {word.casefold() for word in _WORD.findall(element.get("id") or "")}
    if not all(word.isdigit() or is_furniture_word(word) for word in words):
        return True
    if element.tag not in _SECTIONS:
        return True  # a heading by itself: what it stands over goes or stays by its own names
    return any(
        one is not element and not names_furniture(names_of(one)) and _has_id_of_heading(one)
        for one in body.iter(element.tag)
    )


def _has_id_of_heading(element: HtmlElement) -> bool:
    id = _words(element.get("id") or "")
    if not id:
        return False
    above = element.getparent()
    within = above is not None and above.tag in _HEADS
    heading = element if within else _heading_of(element)
    if heading is None:
        return False
    told = _words(fold(heading.text_content()))
    while id and id[0] in _PREFIXES and id != told:
        id = id[1:]
    if len(id) == len(told) + 1 and id[-1].isdigit():  # the second heading with the same words
        id = id[:-1]
    return bool(told) and id == told


def _words(text: str) -> list[str]:
    # Signs go when ids are made: "What's new?" becomes "whats-new".
    return [word.casefold() for word in _WORD.findall(re.sub(r"[’'¶#]", "", text))]


def _heading_of(element: HtmlElement) -> HtmlElement | None:
    """The heading that it is, or begins with."""
    if element.tag in _HEADS:
        return element
    while element.tag in _WRAPPERS:
        if (element.text or "").strip():
            return None
        first = next((one for one in element if isinstance(one.tag, str)), None)
        if first is None:
            return None
        if first.tag in _HEADS:
            return first
        if first.tag in ("span", "a"):  # a place to jump to, before the heading
            after = first.getnext()
            return after if after is not None and after.tag in _HEADS else None
        element = first
    return None
