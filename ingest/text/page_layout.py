"""Markup of older days made plain: tables that only place things, and line breaks for paragraphs."""

import re
from copy import deepcopy

from lxml import html
from lxml.html import HtmlElement

from ingest.text.clean_text import fold
from ingest.text.element_names import names_of
from ingest.text.html_blocks import inline_text

_BULLET = re.compile(r"[•·◦‣▪■●○➤►→✓✔–—*-]|\(?\d{1,2}[.)]")
_BLOCKS = (
    "p h1 h2 h3 h4 h5 h6 ul ol dl li dt dd pre blockquote table hr form div section article main header "
    "footer aside center figure details address"
).split()
_CONTAINERS = "div td center article section main font p".split()
_PARTS = ("tbody", "thead", "tfoot", "tr", "td", "th", "colgroup", "col", "caption")
_WIDTH = re.compile(r"(\d{1,4})(%?)(?:px)?")
_NARROW, _NARROW_PERCENT = 260, 30
_MOST_BESIDE = 0.5
_SHORTEST_LINE = 25
# More signs than a cell with data has.
_LONG_CELL = 400
# What stands in the cells of a table that was written with a word processor or a wiki.
_IN_CELLS = frozenset("p div ul ol li".split())
_MEAN_CELL = 120
_MOST_SPANNED = 50
_LIST_STYLE = re.compile(r"mso-list\s*:\s*(?!none)", re.IGNORECASE)
_SIGN = re.compile(r"\s*(?:[·•◦‣▪■●○§ü–-]|o(?=\s))\s+")
_LONGEST_HEADING = 100
_SENTENCE_END = re.compile(r"[.!?:;,…。！？؟۔]\W*\Z")


def make_plain(body: HtmlElement) -> None:
    """Turn tables that lay out a page into divisions, their bullets into lists, breaks into paragraphs."""
    for table in reversed(list(body.iter("table"))):  # the inner ones first
        _make_table_plain(table)
    for line in [one for one in body.iter("p") if _LIST_STYLE.search(one.get("style") or "")]:
        _to_item(line)
    for element in body.iter("figcaption", "figure"):
        element.tag = (
            "p" if element.tag == "figcaption" and next(element.iter(*_BLOCKS), None) is None else "div"
        )
        element.attrib.clear()
    for element in body.iter("p", "div"):
        if "caption" in names_of(element):
            element.attrib.clear()
    for element in [body, *body.iter(*_CONTAINERS)]:
        if _has_double_break(element) or (element.tag not in ("p", "font") and _is_mixed(element)):
            _part(element)
    for element in list(body.iter("div", "center")):
        # What stands straight in a division is a paragraph, but is not taken for one.
        if _is_line(element):
            element.tag = "p"
            element.attrib.clear()


def _make_table_plain(table: HtmlElement) -> None:
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    if rows and all(_bulleted(row) for row in rows):
        _to_list(table, rows)
    elif _is_layout(table, rows):
        _to_divisions(table)
    else:
        _flatten(rows)
        _repeat_spanning(rows)


def _is_line(element: HtmlElement) -> bool:
    return len(fold(element.text_content())) >= _SHORTEST_LINE and not any(map(_is_block, element))


def _is_mixed(element: HtmlElement) -> bool:
    """Whether words stand between the blocks of an element, in no block of their own."""
    if not any(map(_is_block, element)):
        return False
    loose = [element.text, *(one.tail for one in element)]
    loose += [one.text_content() for one in element if not _is_block(one)]
    return any(text and text.strip() for text in loose)


def _is_block(element: HtmlElement) -> bool:
    return element.tag in _BLOCKS or next(element.iter(*_BLOCKS), None) is not None


def _bulleted(row: HtmlElement) -> bool:
    cells = [cell for cell in row if cell.tag == "td"]
    return len(cells) == 2 and bool(_BULLET.fullmatch(fold(cells[0].text_content())))


def _to_list(table: HtmlElement, rows: list[HtmlElement]) -> None:
    items = []
    for row in rows:
        item = [cell for cell in row if cell.tag == "td"][1]
        item.tag = "li"
        item.tail = None
        items.append(item)
    table[:] = items
    table.tag = "ul"
    table.text = None
    table.attrib.clear()


def _is_layout(table: HtmlElement, rows: list[HtmlElement]) -> bool:
    if (table.get("role") or "").lower() in ("presentation", "none"):
        return True
    if any(table.find(f"./{path}") is not None for path in ("caption", "thead", "tr/th", "tbody/tr/th")):
        return False
    if max((sum(cell.tag in ("td", "th") for cell in row) for row in rows), default=0) < 2:
        return True
    return not _is_grid(rows) and any(
        next(cell.iter(*_BLOCKS), None) is not None or len(fold(cell.text_content())) > _LONG_CELL
        for row in rows
        for cell in row
        if cell.tag == "td"
    )


def _is_grid(rows: list[HtmlElement]) -> bool:
    """Whether all rows have as many cells, two at least, each with a line or a few and hardly any link."""
    cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
    widths = {sum(_span(cell) for cell in row) for row in cells}
    texts = [fold(cell.text_content()) for row in cells for cell in row]
    if len(rows) < 2 or len(widths) != 1 or max(map(len, texts)) > _LONG_CELL:
        return False
    if sum(map(len, texts)) > _MEAN_CELL * len(texts):
        return False
    blocks = (one for row in cells for cell in row for one in cell.iter(*_BLOCKS))
    if any(one.tag not in _IN_CELLS for one in blocks):
        return False
    linked = sum(len(fold(link.text_content())) for row in rows for link in row.iter("a"))
    pictures = sum(1 for row in rows for _ in row.iter("img"))
    return 2 * linked <= sum(map(len, texts)) and 2 * pictures < len(texts)


def _span(cell: HtmlElement) -> int:
    said = cell.get("colspan") or ""
    return int(said) if said.isdecimal() and len(said) < 4 else 1


def _flatten(rows: list[HtmlElement]) -> None:
    """Make one line of what stands in each cell: what looks for the main text would take paragraphs apart."""
    for row in rows:
        for cell in row:
            if cell.tag in ("td", "th") and next(cell.iter(*_BLOCKS), None) is not None:
                cell.text = fold(inline_text(cell))
                cell[:] = []


def _repeat_spanning(rows: list[HtmlElement]) -> None:
    """Write what spans several rows into each of them: a row is read by itself."""
    for number, row in enumerate(rows):
        for place, cell in enumerate([one for one in row if one.tag in ("td", "th")]):
            said = cell.attrib.pop("rowspan", "")
            span = int(said) if said.isdecimal() and len(said) < 4 else 1
            for below in rows[number + 1 : number + min(span, _MOST_SPANNED)]:
                again = deepcopy(cell)
                again.tail = None
                below.insert(min(place, len(below)), again)


def _to_item(line: HtmlElement) -> None:
    """Make an item of a line that a word processor set as one, without the sign before it."""
    signs = _SIGN.match(fold(line.text_content()) + " ")
    if signs:
        sign = signs.group().strip()
        for one in line.iter():
            if (one.text or "").lstrip().startswith(sign):
                one.text = (one.text or "").lstrip()[len(sign) :]
                break
    item = html.Element("ul")
    line.addprevious(item)
    item.tail, line.tail = line.tail, None
    line.tag = "li"
    item.append(line)


def _is_beside(cell: HtmlElement, main: HtmlElement) -> bool:
    """Whether a cell is a column of links or remarks beside the one with the text."""
    words, most = len(fold(cell.text_content())), len(fold(main.text_content()))
    if cell is main or words > _MOST_BESIDE * most:
        return False
    linked = sum(len(fold(link.text_content())) for link in cell.iter("a"))
    width = _WIDTH.fullmatch((cell.get("width") or "").strip())
    narrow = width is not None and int(width[1]) <= (_NARROW_PERCENT if width[2] else _NARROW)
    return narrow or 2 * linked > words


def _to_divisions(table: HtmlElement) -> None:
    for row in [one for one in table.iter("tr") if next(one.iterancestors("table")) is table]:
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        main = max(cells, key=lambda cell: len(cell.text_content()), default=None)
        for cell in cells:
            if _is_beside(cell, main):
                cell.drop_tree()
    for part in [one for one in table.iter(*_PARTS) if next(one.iterancestors("table"), None) is table]:
        if part.tag in ("td", "th", "caption"):
            part.tag = "div"
        elif part.tag in ("colgroup", "col"):
            part.drop_tree()
        else:
            part.drop_tag()
    table.tag = "div"
    if table.get("role"):
        del table.attrib["role"]


def _has_double_break(element: HtmlElement) -> bool:
    return any(
        one.tag == "br"
        and (following := one.getnext()) is not None
        and following.tag == "br"
        and not (one.tail or "").strip()
        for one in element
    )


def _part(element: HtmlElement) -> None:
    """Put what stands between blocks and double line breaks into paragraphs of its own."""
    pieces: list[HtmlElement] = []
    lines: list[HtmlElement] = [html.Element("p")]  # of the paragraph that is being read

    def close() -> None:
        kept = [line for line in lines if fold(line.text_content())]
        lines[:] = [html.Element("p")]
        paragraph: HtmlElement | None = None
        for line in kept:
            heading = _heading(line)
            if heading is not None or paragraph is None:
                paragraph = None if heading is not None else line
                pieces.append(line if heading is None else heading)
            else:
                paragraph.append(html.Element("br"))
                _append(paragraph, line)

    _append_text(lines[-1], element.text or "")
    for child in list(element):
        tail, child.tail = child.tail, None
        if child.tag == "br":
            if not fold(lines[-1].text_content()):
                close()
            else:
                lines.append(html.Element("p"))
        elif _is_block(child):
            close()
            pieces.append(child)
        else:
            lines[-1].append(child)
        _append_text(lines[-1], tail or "")
    close()
    if element.tag == "p":
        element.tag = "div"
    element.text = None
    element[:] = pieces


def _append(paragraph: HtmlElement, line: HtmlElement) -> None:
    _append_text(paragraph, line.text or "")
    paragraph.extend(list(line))


def _heading(line: HtmlElement) -> HtmlElement | None:
    """A heading where the whole of a line is bold, short and no sentence."""
    words = fold(line.text_content())
    bold = next(line.iter("b", "strong"), None)
    if bold is None or fold(bold.text_content()) != words or len(words) > _LONGEST_HEADING:
        return None
    if _SENTENCE_END.search(words):
        return None
    heading = html.Element("h3")
    heading.text = words
    return heading


def _append_text(element: HtmlElement, text: str) -> None:
    if len(element):
        element[-1].tail = f"{element[-1].tail or ''}{text}"
    else:
        element.text = f"{element.text or ''}{text}"
