"""A page's markup to a tree, however deep its parts nest."""

from lxml import etree, html
from lxml.html import HtmlElement

from ingest.errors import ArticleUnreadable

# libxml2 stops at 256, in silence, and at 2,048 if it is told to go on. What reads the tree next stops
# at 256 as well, and puts elements of its own around it.
_KEPT = 200
_INLINE = ("a", "b", "big", "center", "em", "font", "i", "small", "span", "strong", "u")


def page_tree(markup: str) -> HtmlElement:
    """The tree of a page. Tags left open nest: too deep, and those that hold but one are left out.

    Raises lxml's ParserError where there is nothing in it, ArticleUnreadable where it nests too deep even so.
    """
    parser = html.HTMLParser()
    tree = html.document_fromstring(markup, parser=parser)
    if not _was_cut(parser):
        return tree
    parser = html.HTMLParser(huge_tree=True)
    tree = html.document_fromstring(markup, parser=parser)
    if not _was_cut(parser):
        _flatten(tree)
        if _depth(tree) <= _KEPT:
            return tree
    raise ArticleUnreadable(
        f"its parts nest more than {_KEPT} deep, as where tags are never closed; save it as text"
    )


def _was_cut(parser: html.HTMLParser) -> bool:
    # What is said of it tells which limit it was, and may hold words of the page where it is of another kind.
    return any(
        error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT and "depth" in error.message
        for error in parser.error_log
    )


def _flatten(tree: HtmlElement) -> None:
    """Leave out inline tags, and elements that hold one other and no words."""
    etree.strip_tags(tree, *_INLINE)
    for element in list(tree.iter("div", "section", "main", "article")):
        inner = list(element)
        if len(inner) == 1 and not (element.text or "").strip() and not (inner[0].tail or "").strip():
            element.drop_tag()


def _depth(tree: HtmlElement) -> int:
    deepest, level = 0, [tree]
    while level:
        deepest += 1
        level = [inner for one in level for inner in one]
    return deepest
