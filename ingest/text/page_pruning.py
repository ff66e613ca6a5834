"""Takes out of a page's tree what surely is no article, before the main text is looked for.

Told by landmarks (nav, dialog, role="search"), by what is hidden, and by the names that builders of pages
give: but nothing goes that holds much of the page's text, or its title.
"""

import re
from collections.abc import Collection, Iterator

from lxml.html import HtmlElement

from ingest.text.clean_text import fold
from ingest.text.element_names import drop_variants, names_of
from ingest.text.folded_parts import folded_parts, is_hidden, unfold
from ingest.text.furniture_lines import is_web_furniture, points_elsewhere
from ingest.text.furniture_names import names_furniture, names_short_furniture
from ingest.text.page_offers import drop_offers
from ingest.text.section_ids import is_named_by_its_heading

_LANDMARKS = frozenset("nav dialog button menu".split())
_ROLES = frozenset(
    "navigation banner contentinfo search dialog alertdialog menu menubar toolbar tablist status alert "
    "tooltip".split()
)
# Names of code's parts are words too: a remark in a listing is a "comment".
_WHOLE = frozenset("pre code table figure math svg".split())
_BLOCKS = frozenset(
    "div section aside ul ol dl p header footer form table tr td li h2 h3 h4 h5 h6 a span article label "
    "center font strong nav details".split()
)
# The share of a page's text above which an element is rather a part of the article than something beside it.
_MOST = 0.35
_MOST_HIDDEN = 0.5
_REFERENCE = re.compile(r"\[[^\[\]]{1,30}\]")
_HEADS = ("h2", "h3", "h4", "h5", "h6")
_LINES = ("p", "div", "li", "center", *_HEADS)
_LONGEST_LINE = 240
_LONGEST_ROW = 1000
_FEWEST_LINKS, _SHORTEST_ROW = 3, 60


def prune(tree: HtmlElement, title: str | None) -> None:
    """Take menus, dialogs, share bars, teasers, comments and the like out of `tree`, in place.

    `title` is the article's: of several articles on a page, those with another title of their own go.
    """
    body = tree.find("body")
    if body is None:
        return
    whole = max(1, _length(body))
    folded = folded_parts(body)
    for element in list(_candidates(body)):
        if element.getparent() is None or body not in element.iterancestors():
            continue  # gone with what it stood in
        limit = _limit(element, body, folded)
        if limit and _length(element) <= limit * whole and not _holds_title(element, title):
            element.drop_tree()
    for element in folded:
        unfold(element)
    for element in body.iter():
        drop_variants(element)
    drop_offers(body)
    _drop_reference_marks(body)
    _drop_next_articles(body, title)


def prune_lines(tree: HtmlElement) -> None:
    """Take out lines that say only what a page's frame says, point to another article, or are rows of links.

    To be called when paragraphs are marked as such.
    """
    body = tree.find("body")
    if body is None:
        return
    lines = [one for one in body.iter(*_LINES) if not _holds_blocks(one)]
    for line in lines:
        if _is_frame(line):
            line.drop_tree()
    rows = [line for line in lines if _is_row_of_links(line)]
    # On an index of names such rows are the text.
    if sum(map(_length, rows)) <= _MOST * _length(body):
        for row in rows:
            row.drop_tree()


def _is_frame(line: HtmlElement) -> bool:
    """Whether a line says only what a page's frame says, or points to another article."""
    words = fold(line.text_content())
    if not 0 < len(words) <= _LONGEST_LINE:
        return False
    links = list(line.iter("a"))
    if line.tag != "li" or links:
        if is_web_furniture(words):
            return True
        if not links:
            return line.tag in _HEADS and points_elsewhere(words)
    return points_elsewhere(_beside_links(words, links))


def _is_row_of_links(line: HtmlElement) -> bool:
    words = fold(line.text_content())
    if line.tag == "li" or len(words) > _LONGEST_ROW:
        return False
    links = list(line.iter("a"))
    row = len(links) >= _FEWEST_LINKS or (len(links) > 1 and len(words) <= _SHORTEST_ROW)
    return row and not any(sign.isalnum() for sign in _beside_links(words, links))


def _beside_links(words: str, links: list[HtmlElement]) -> str:
    for link in links:
        words = words.replace(fold(link.text_content()), "", 1)
    return words.strip()


def _holds_blocks(element: HtmlElement) -> bool:
    return any(one.tag in _LINES or one.tag in _WHOLE for one in element.iterdescendants())


def _candidates(body: HtmlElement) -> Iterator[HtmlElement]:
    """All elements but those within code and the like, outer before inner."""
    for element in body:
        yield element
        if element.tag not in _WHOLE or element.tag == "table":
            yield from _candidates(element)


def _limit(element: HtmlElement, body: HtmlElement, folded: Collection[HtmlElement]) -> float:
    """The share of the page's text up to which an element goes; 0 for what stays."""
    role = (element.get("role") or "").lower()
    if is_hidden(element):
        return 0.0 if element in folded else _MOST_HIDDEN
    if element.tag in ("header", "footer"):
        # An article has a head of its own, and a quotation a foot that says whose it is.
        within = {one.tag for one in element.iterancestors()}
        return 0.0 if within & ({"article", "main"} if element.tag == "header" else {"blockquote"}) else _MOST
    if element.tag in _LANDMARKS or role in _ROLES or element.get("aria-modal") == "true":
        return _MOST
    if element.tag not in _BLOCKS:
        return 0.0
    names = names_of(element)
    if names_furniture(names):
        if not is_named_by_its_heading(element, body):
            return _MOST
        del element.attrib["id"]  # what looks for the main text would take it for a name too
        return 0.0
    short = names_short_furniture(names)
    return _MOST if short and _length(element) <= _LONGEST_LINE else 0.0


def _holds_title(element: HtmlElement, title: str | None) -> bool:
    """Whether the page's own heading stands in it: then it is the article's head, whatever its name."""
    return title is not None and any(_is_of(fold(one.text_content()), title) for one in element.iter("h1"))


def _is_of(heading: str, title: str) -> bool:
    """Whether a heading is the title, or either goes on from the other ("Title (part 2)")."""
    return bool(heading) and (heading.startswith(title) or (len(heading) > 5 and title.startswith(heading)))


def _drop_reference_marks(body: HtmlElement) -> None:
    """Take out raised links to notes, "[1]" or "[citation needed]": in a quote they would be footnotes."""
    for mark in list(body.iter("sup")):
        linked = any((link.get("href") or "").startswith(("#", "/")) for link in mark.iter("a"))
        if linked and _REFERENCE.fullmatch(fold(mark.text_content())):
            mark.drop_tree()


def _drop_next_articles(body: HtmlElement, title: str | None) -> None:
    """Of a page that goes on with other articles when one scrolls, the first is the one that it is about."""
    titled = [one for one in body.iter("article") if one.find(".//h1") is not None]
    for number, article in enumerate(titled):
        own = fold(article.find(".//h1").text_content())
        if number and own != title and titled[0] not in article.iterancestors():
            article.drop_tree()


def _length(element: HtmlElement) -> int:
    return sum(len(fold(text)) for one in element.iter() for text in (one.text or "", one.tail or ""))
