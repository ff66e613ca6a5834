"""A saved or fetched web page to clean blocks and metadata, by way of trafilatura."""

import re

import trafilatura
from lxml import etree, html
from lxml.etree import ParserError
from lxml.html import HtmlElement
from trafilatura.settings import use_config

from ingest.text.clean_text import CleanText, fold
from ingest.text.folded_parts import name_folded_parts
from ingest.text.html_blocks import HtmlBlocks, parse_fragment
from ingest.text.page_facts import WebPageFacts, read_page_facts
from ingest.text.page_layout import make_plain
from ingest.text.page_pruning import prune, prune_lines
from ingest.text.page_tree import page_tree

_SHORT_PAGE = 250
# The least share of a page's prose that its main text holds, once what surely is no article has gone.
_LEAST_OF_PAGE = 0.6
_UNSEEN = ("script", "style", "noscript", "template", "button", "svg")
_HEADS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NEARLY_ALL = 0.95
_SENTENCE = 40
_BEFORE_TITLE = 200
_LINES = ("p", "li", "pre", "blockquote", "table")
# A page can name these by number, and lxml then reads them but takes them back from nobody.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
# lxml refuses text that names an encoding, as XHTML does: it is decoded already.
_XML_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*>")


class WebPageReader:
    """Writes a page's main text into a CleanText; menus, share bars and footers stay out."""

    def write(self, markup: str, out: CleanText, *, mostly_text: bool = False) -> WebPageFacts:
        """Append the main blocks of `markup` to `out` and tell what the page says about itself.

        A page in which trafilatura finds no main text is taken whole, frame tags left out; so is a page that
        is known to be `mostly_text`, as a mail is, when it would leave out more than a third of it. Raises
        ArticleUnreadable where its parts nest too deep.
        """
        markup = _XML_DECLARATION.sub("", markup)
        try:
            tree = page_tree(markup)
        except ParserError:  # nothing in it but comments or instructions
            return WebPageFacts()
        _make_sound(tree)
        facts = read_page_facts(tree)
        is_told = _head_tells(tree, facts.title)
        etree.strip_elements(tree, *_UNSEEN, with_tail=False)
        if not mostly_text:
            prune(tree, facts.title)
        _make_plain(tree)
        if not mostly_text:
            prune_lines(tree)
        main = _main_text(html.tostring(tree, encoding="unicode"))
        if mostly_text and 1.5 * _length(main) < len(fold(tree.text_content())):
            main = ""
        if main:
            article = parse_fragment(main)
            if not mostly_text and _is_poorer(article, tree):
                article = _scope(tree)
                _drop_lone_links(article)
            _drop_around_title(article, facts.title if is_told else None)
            HtmlBlocks(out).write(article)
        if not out.blocks:
            HtmlBlocks(out).write(tree)
        return facts


def _make_sound(tree: HtmlElement) -> None:
    """Take out of the tree what can be read but not written, and remarks."""
    etree.strip_elements(tree, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    for element in tree.iter():
        if element.text and _CONTROL.search(element.text):
            element.text = _CONTROL.sub("", element.text)
        if element.tail and _CONTROL.search(element.tail):
            element.tail = _CONTROL.sub("", element.tail)
    name_folded_parts(tree)


def _make_plain(tree: HtmlElement) -> None:
    """Change what trafilatura would misread, in the tree."""
    for listing in list(tree.iter("pre")):
        for line in listing.iter("br", "div", "li", "p", "tr"):
            if not (line.tail or "").startswith("\n"):
                line.tail = f"\n{line.tail or ''}"  # its text alone would run the lines together
        if listing.find(".//code") is None:  # it takes a listing without this for a quotation
            code = html.Element("code")
            code.text = listing.text_content()
            listing[:] = [code]
            listing.text = None
    for code in list(tree.iter("code", "kbd", "samp", "tt")):
        if next(code.iterancestors("pre"), None) is None:  # it takes code in a sentence for a listing
            code.tag = "span"
    body = tree.find("body")
    if body is not None:
        make_plain(body)
    if body is not None and not tree.xpath("//article | //main | //*[@role='main']"):
        # Of a page without any of these, as word processors and wikis save it, it drops headings and lists.
        body.tag = "article"
        outer = html.Element("body")
        tree.replace(body, outer)
        outer.append(body)


def _prose(tree: HtmlElement) -> int:
    """How many signs stand in lines as long as sentences, links left out."""
    total = 0
    for line in tree.iter("p", "li", "pre", "blockquote", "td"):
        if line.tag != "pre" and any(one.tag in _LINES for one in line.iterdescendants()):
            continue
        words = len(fold(line.text_content())) - sum(
            len(fold(link.text_content())) for link in line.iter("a")
        )
        total += words if words >= _SENTENCE else 0
    return total


def _is_poorer(main: HtmlElement, tree: HtmlElement) -> bool:
    """Whether the main text is one part of several, or has lost its headings."""
    if _prose(main) < _LEAST_OF_PAGE * _prose(tree):
        return True
    return next(main.iter(*_HEADS), None) is None and sum(1 for _ in _scope(tree).iter(*_HEADS)) > 1


def _scope(tree: HtmlElement) -> HtmlElement:
    """The smallest element with nearly all of the page's prose."""
    least = _NEARLY_ALL * _prose(tree)
    while (
        inner := next((one for one in tree if isinstance(one.tag, str) and _prose(one) >= least), None)
    ) is not None:
        if inner.tag in _LINES:
            break
        tree = inner
    return tree


def _drop_lone_links(tree: HtmlElement) -> None:
    """Take out lines that are a link and nothing else: what one may do with a page, not what it says."""
    for line in list(tree.iter("p", "div")):
        words = fold(line.text_content())
        links = list(line.iter("a"))
        if len(links) == 1 and len(words) <= _SENTENCE and fold(links[0].text_content()) == words:
            line.drop_tree()


def _drop_around_title(tree: HtmlElement, title: str | None) -> None:
    """Take out the few words before the title's heading, and headings that repeat it in an answer to it."""
    headings = [one for one in tree.iter("h1", "h2", "h3") if _is_title(one, title)]
    for again in headings[1:]:
        again.drop_tree()
    if not headings or not title:
        return
    above = [headings[0], *headings[0].iterancestors()]
    early = [one for ancestor in above for one in ancestor.itersiblings(preceding=True) if one.tag != "head"]
    words = [fold(one.text_content()) for one in early]
    if sum(map(len, words)) <= _BEFORE_TITLE and not any(map(_is_sentence, words)):
        for one in early:
            one.drop_tree()


def _is_sentence(words: str) -> bool:
    return len(words) >= _SENTENCE and words.endswith((".", "!", "?", "。", "！", "？"))


def _head_tells(tree: HtmlElement, title: str | None) -> bool:
    """Whether a page's head has its title: else it is but the first heading, and text may stand before it."""
    said = [one.text_content() for one in tree.iter("title", "script")]
    said += [one.get("content") or "" for one in tree.iter("meta")]
    return title is not None and any(title in fold(one) for one in said)


def _is_title(heading: HtmlElement, title: str | None) -> bool:
    words = fold(heading.text_content())
    return title is not None and words.removeprefix("Re: ") == title


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
