"""Walks an HTML tree and writes its blocks as clean text: headings, paragraphs, items, tables, code."""

import re
from collections.abc import Iterator

from lxml import html
from lxml.etree import _Comment, _ProcessingInstruction
from lxml.html import HtmlElement

from index_store.article import BlockKind
from ingest.text.clean_text import CleanText, fold

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LEFT_OUT = frozenset(
    "script style noscript template svg math iframe object embed audio video source picture canvas form "
    # What is struck out is what the author took back.
    "input button select textarea nav head map area del s strike".split()
)
_CONTAINERS = frozenset(
    "html body div section article main header footer aside figure figcaption details summary center ul ol "
    "dl blockquote fieldset hgroup address".split()
)
_PARTING = _CONTAINERS | {*_HEADINGS, "br", "p", "li", "dt", "dd", "tr", "td", "th", "pre", "hr", "table"}
_BREAK = "\n"
_NUMBER = re.compile(r"\s*[-−+]?\d")


class HtmlBlocks:
    """Turns one tree into blocks. Inline markup vanishes, its words stay."""

    def __init__(self, out: CleanText) -> None:
        self._out = out
        self._pending: list[str] = []

    def write(self, root: HtmlElement) -> None:
        """Write the whole tree below `root`."""
        self._container(root, "paragraph")
        self._flush("paragraph")

    def _container(self, element: HtmlElement, kind: BlockKind) -> None:
        self._pending.append(element.text or "")
        for child in element:
            self._child(child, kind)
            self._pending.append(child.tail or "")

    def _child(self, child: HtmlElement, kind: BlockKind) -> None:
        if isinstance(child, _Comment | _ProcessingInstruction) or child.tag in _LEFT_OUT:
            return
        tag = str(child.tag).lower()
        if tag in _HEADINGS:
            self._flush(kind)
            self._out.add("heading", inline_text(child), level=_HEADINGS[tag])
        elif tag == "pre":
            self._flush(kind)
            self._out.add("code", str(_innermost(child).text_content()))
        elif tag == "table":
            self._flush(kind)
            self._out.add("table", "\n".join(table_rows(child)))
        elif tag in ("p", "li", "dt", "dd"):
            self._flush(kind)
            inner: BlockKind = "paragraph" if tag == "p" else "item"
            inner = kind if tag == "p" and kind in ("item", "quote") else inner
            self._container(child, inner)
            self._flush(inner)
        elif tag in _CONTAINERS:
            self._flush(kind)
            inner = "quote" if tag == "blockquote" else kind
            self._container(child, inner)
            self._flush(inner)
        elif tag == "br":
            self._pending.append("\n")
        elif tag == "hr":
            self._flush(kind)
        elif _holds_blocks(child):
            self._container(child, kind)
        else:
            _collect(child, self._pending)

    def _flush(self, kind: BlockKind) -> None:
        text = "".join(self._pending)
        self._pending.clear()
        piped = [line.strip() for line in text.splitlines() if line.strip()]
        if len(piped) > 1 and all(line.startswith("|") for line in piped):
            # A pipe table that the Markdown reader refused (rows of unequal length) is a table all the same.
            self._out.add("table", "\n".join(_pipe_rows(piped)))
        else:
            self._out.add(kind, text)


def inline_text(element: HtmlElement) -> str:
    """The words of an element and of all below it, on one line."""
    pieces: list[str] = []
    _collect(element, pieces)
    return "".join(pieces)


def _collect(element: HtmlElement, pieces: list[str]) -> None:
    if element.tag == "sup" and _NUMBER.match(element.text_content()):
        before = next((piece for piece in reversed(pieces) if piece), " ")
        pieces.append("" if before[-1].isspace() else "^")  # 10 to the 6th is not 106
    pieces.append(element.text or "")
    for child in element:
        if not isinstance(child, _Comment | _ProcessingInstruction) and child.tag not in _LEFT_OUT:
            parting = _BREAK if child.tag in _PARTING else ""
            pieces.append(parting)
            _collect(child, pieces)
            pieces.append(parting)
        pieces.append(child.tail or "")


def _innermost(code: HtmlElement) -> HtmlElement:
    """The listing itself: trafilatura puts one into another, with white space of its own between them."""
    while len(code) == 1 and code[0].tag == "pre" and not f"{code.text or ''}{code[0].tail or ''}".strip():
        code = code[0]
    return code


def table_rows(table: HtmlElement) -> Iterator[str]:
    """The rows of a table as "cell | cell | cell"; rows without words are left out."""
    for row in table.iter("tr"):
        if next(row.iterancestors("table")) is not table:
            continue  # the row of a table in a cell: that cell holds its words
        cells = [fold(inline_text(cell)) for cell in row if cell.tag in ("td", "th")]
        if any(cells):
            yield " | ".join(cells)


def parse_fragment(markup: str) -> HtmlElement:
    """The tree of an HTML fragment, whatever is wrong with it."""
    # lxml's own reading of fragments fails on those that bring an <html> of their own.
    return html.document_fromstring(f"<html><body><div>{markup}</div></body></html>")


def _holds_blocks(element: HtmlElement) -> bool:
    blocks = ("p", "li", "table", "pre", "div", "section", *_HEADINGS)
    return next(element.iter(*blocks), None) is not None


def _pipe_rows(lines: list[str]) -> Iterator[str]:
    for line in lines:
        cells = [fold(cell) for cell in line.strip().strip("|").split("|")]
        if any(cell.strip(":- ") for cell in cells):
            yield " | ".join(cells)
