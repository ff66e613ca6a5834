"""What a page shows when one clicks: hidden as the page was saved, and text of the article all the same."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from ingest.text.clean_text import fold

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|max-height\s*:\s*0(?!\.)", re.IGNORECASE
)
_ROLES = frozenset("tabpanel region".split())
_FRAME = frozenset("nav header footer dialog aside menu form".split())
# What is shown by such a click is what its own words announce, and says more than they do.
_LEAST_WORDS, _LEAST_ANNOUNCED = 40, 8
_MOST_LINKED = 0.5
_HEADS = frozenset("h1 h2 h3 h4 h5 h6".split())
_CONTROLS = ("aria-controls", "data-target", "data-bs-target", "href")


def is_hidden(element: HtmlElement) -> bool:
    """Whether the element itself says that it is not to be seen."""
    style = element.get("style")
    return "hidden" in element.attrib or bool(style and _HIDDEN.search(style))


def name_folded_parts(tree: HtmlElement) -> None:
    """Make headings of the buttons that unfold text: their words say what it is about.

    To be called before buttons are taken out.
    """
    by_id = {one.get("id"): one for one in tree.iter() if isinstance(one.tag, str) and one.get("id")}
    for button in list(tree.iter("button")):
        above = button.getparent()
        if above.tag in _HEADS:
            for name, value in button.items():
                if name not in above.attrib:
                    above.set(name, value)
            button.drop_tag()
        elif any(id in by_id and _is_text(by_id[id]) for id in _controlled_by(button)):
            button.tag = "h4"


def folded_parts(body: HtmlElement) -> frozenset[HtmlElement]:
    """The elements of `body` that are hidden until a heading, or a line that announces them, is clicked."""
    controlled = {id for one in body.iter("a", "dt", "div", "span", *_HEADS) for id in _controlled_by(one)}
    return frozenset(
        element
        for element in body.iter()
        if isinstance(element.tag, str)
        and is_hidden(element)
        and (
            (element.get("role") or "").lower() in _ROLES
            or element.get("hidden") == "until-found"
            or (element.get("id") in controlled and _is_text(element))
        )
    )


def unfold(element: HtmlElement) -> None:
    """Take off what hides an element."""
    for name in ("style", "hidden", "aria-hidden", "class"):
        element.attrib.pop(name, None)


def _controlled_by(element: HtmlElement) -> Iterator[str]:
    if "aria-expanded" not in element.attrib and not any(name.endswith("toggle") for name in element.attrib):
        return
    if len(fold(element.text_content())) < _LEAST_ANNOUNCED:
        return
    if any(one.tag in _FRAME for one in element.iterancestors()):
        return
    for name in _CONTROLS:
        ids = (element.get(name) or "").split()
        yield from (id.lstrip("#") for id in ids if name != "href" or id.startswith("#"))


def _is_text(element: HtmlElement) -> bool:
    words = len(fold(element.text_content()))
    linked = sum(len(fold(link.text_content())) for link in element.iter("a"))
    return words >= _LEAST_WORDS and linked <= _MOST_LINKED * words
