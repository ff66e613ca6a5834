"""XML from an untrusted file: no document types, no entities of its own, nothing fetched."""

import re
from html.entities import html5

from lxml import etree, html
from lxml.html import HtmlElement

from ingest.errors import ArticleEmpty, ArticleNotText, ArticleUnreadable
from ingest.text.text_encoding import decode

_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*>")
# HTML takes these for the beginning of what they would hold.
_CLOSED_AT_ONCE = re.compile(r"<((title|script|style|a|p|div|span|i|b|em|h[1-6])\b[^<>]*)/>", re.IGNORECASE)
_XMLS_OWN = frozenset([b"amp", b"lt", b"gt", b"quot", b"apos"])


def parse_xml(data: bytes) -> etree._Element:
    """The root element. Raises ArticleUnreadable when it is not well-formed."""
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, dtd_validation=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ArticleUnreadable("a part of it is damaged; open it and save it again") from error


def parse_xhtml(data: bytes) -> HtmlElement | None:
    """The tree of a page that is XHTML or nearly so, without namespaces; None where there is none."""
    plain = _NAMED.sub(_sign, _DOCTYPE.sub(b"", data, count=1))
    parser = html.XHTMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        tree = html.document_fromstring(plain, parser=parser)
    except (etree.LxmlError, ValueError):
        tree = _parse_html(plain)
        if tree is None:
            return None
    for element in tree.iter():
        if isinstance(element.tag, str) and "}" in element.tag:
            element.tag = element.tag.rpartition("}")[2]
    return tree


def _parse_html(data: bytes) -> HtmlElement | None:
    """The tree of a page that is no XML, whatever is wrong with it."""
    try:
        text = _DECLARATION.sub("", decode(data))
        return html.document_fromstring(_CLOSED_AT_ONCE.sub(r"<\1></\2>", text))
    except (etree.LxmlError, ValueError, ArticleEmpty, ArticleNotText):
        return None


def _sign(found: re.Match[bytes]) -> bytes:
    name = found[1]
    if name in _XMLS_OWN:
        return found[0]
    sign = html5.get(f"{name.decode('ascii')};")
    # One that nobody knows is shown as it stands, as browsers do.
    return "".join(f"&#{ord(one)};" for one in sign).encode() if sign else b"&amp;" + found[0][1:]
