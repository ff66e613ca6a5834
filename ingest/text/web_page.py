"""A saved or fetched web page to clean blocks and metadata, by way of trafilatura."""

import re
from dataclasses import dataclass

import trafilatura
from lxml import html
from lxml.etree import ParserError
from lxml.html import HtmlElement
from trafilatura.settings import use_config

from ingest.text.clean_text import CleanText, fold
from ingest.text.dates import iso_date
from ingest.text.html_blocks import HtmlBlocks, parse_fragment

_SHORT_PAGE = 250
# A page can name these by number, and lxml then reads them but takes them back from nobody.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
# lxml refuses text that names an encoding, as XHTML does: it is decoded already.
_XML_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*>")


@dataclass(frozen=True, slots=True)
class WebPageFacts:
    """What a page says about itself in its head and its markup."""

    title: str | None = None
    published: str | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    language: str | None = None


class WebPageReader:
    """Writes a page's main text into a CleanText; menus, share bars and footers stay out."""

    def write(self, markup: str, out: CleanText, *, mostly_text: bool = False) -> WebPageFacts:
        """Append the main blocks of `markup` to `out` and tell what the page says about itself.

        A page in which trafilatura finds no main text is taken whole, frame tags left out; so is a page that
        is known to be `mostly_text`, as a mail is, when it would leave out more than a third of it.
        """
        markup = _XML_DECLARATION.sub("", markup)
        try:
            tree = html.document_fromstring(markup)
        except ParserError:  # nothing in it but comments or instructions
            return WebPageFacts()
        _make_plain(tree)
        main = _main_text(html.tostring(tree, encoding="unicode"))
        if mostly_text and 1.5 * _length(main) < len(fold(tree.text_content())):
            main = ""
        if main:
            HtmlBlocks(out).write(parse_fragment(main))
        if not out.blocks:
            HtmlBlocks(out).write(tree)
        return _facts(markup)


def _make_plain(tree: HtmlElement) -> None:
    """Change what trafilatura would misread, in the tree."""
    for listing in list(tree.iter("pre")):
        if listing.find(".//code") is None:  # it takes a listing without this for a quotation
            code = html.Element("code")
            code.text = _CONTROL.sub("", listing.text_content())
            listing[:] = [code]
            listing.text = None
    for code in list(tree.iter("code", "kbd", "samp", "tt")):
        if next(code.iterancestors("pre"), None) is None:  # it takes code in a sentence for a listing
            code.tag = "span"
    body = tree.find("body")
    if body is not None and not tree.xpath("//article | //main | //*[@role='main']"):
        # Of a page without any of these, as word processors and wikis save it, it drops headings and lists.
        body.tag = "article"
        outer = html.Element("body")
        tree.replace(body, outer)
        outer.append(body)


def _length(markup: str) -> int:
    return len(fold(parse_fragment(markup).text_content())) if markup else 0


def _main_text(markup: str) -> str:
    """The main part of a page as HTML. A short one is compared with what trafilatura calls long enough."""
    short = _extracted(markup, shortest=1)
    if len(short) >= _SHORT_PAGE:
        return short
    long = _extracted(markup, shortest=_SHORT_PAGE)
    return long if len(long) > 2 * len(short) else short


def _extracted(markup: str, *, shortest: int) -> str:
    settings = use_config()
    settings.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(shortest))
    try:
        found = trafilatura.extract(
            markup,
            output_format="html",
            include_comments=False,
            include_tables=True,
            include_formatting=True,
            include_links=False,
            deduplicate=False,
            config=settings,
        )
    except AssertionError:  # lxml's, where a page is but one thing that is left out
        return ""
    return found or ""


def _facts(markup: str) -> WebPageFacts:
    try:
        found = trafilatura.extract_metadata(markup, extensive=False)
    except AssertionError:
        return WebPageFacts()
    if found is None:
        return WebPageFacts()
    known = found.as_dict()
    tree = html.document_fromstring(markup)
    return WebPageFacts(
        title=_line(known.get("title")),
        published=iso_date(known.get("date")),
        publisher=_line(known.get("sitename")),
        author=_line(known.get("author")),
        url=_line(known.get("url")),
        language=_line(known.get("language")) or _line(tree.get("lang")),
    )


def _line(value: str | None) -> str | None:
    return fold(value) or None if value else None
