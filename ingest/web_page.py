"""A saved or fetched web page to clean blocks and metadata, by way of trafilatura."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import trafilatura
from lxml import html
from lxml.etree import ParserError
from trafilatura.settings import use_config

from ingest.clean_text import CleanText, fold
from ingest.dates import iso_date
from ingest.html_blocks import HtmlBlocks, parse_fragment


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

    def write(self, markup: str, out: CleanText) -> WebPageFacts:
        """Append the main blocks of `markup` to `out` and tell what the page says about itself.

        A page too short for trafilatura to judge is taken whole, frame tags left out.
        """
        if not markup.strip():
            return WebPageFacts()
        main = trafilatura.extract(
            markup,
            output_format="html",
            include_comments=False,
            include_tables=True,
            include_formatting=True,
            include_links=False,
            deduplicate=False,
            config=use_config(),
        )
        facts = _facts(markup)
        try:
            if main:
                HtmlBlocks(out).write(parse_fragment(main))
            if not out.blocks:
                HtmlBlocks(out).write(html.document_fromstring(markup))
        except ParserError:
            return facts
        return facts


def _facts(markup: str) -> WebPageFacts:
    try:
        found = trafilatura.extract_metadata(markup, extensive=False)
    except (ParserError, ValueError):
        return WebPageFacts()
    if found is None:
        return WebPageFacts()
    known = found.as_dict()
    tree = html.document_fromstring(markup)
    url = known.get("url")
    return WebPageFacts(
        title=_line(known.get("title")),
        published=iso_date(known.get("date")),
        publisher=_line(known.get("sitename")),
        author=_line(known.get("author")),
        url=url if url and urlsplit(url).scheme in ("http", "https") else None,
        language=_line(known.get("language")) or _line(tree.get("lang")),
    )


def _line(value: str | None) -> str | None:
    return fold(value) or None if value else None
