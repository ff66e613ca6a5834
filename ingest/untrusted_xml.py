"""XML from an untrusted file: no document types, no entities of its own, nothing fetched."""

import re
from html.entities import html5

from lxml import etree, html
from lxml.html import HtmlElement

from ingest.errors import ArticleUnreadable

_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
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
        resolve_entities=False, load_dtd=False, no_network=True, recover=True, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        tree = html.document_fromstring(plain, parser=parser)
    except (etree.LxmlError, ValueError):
        try:
            tree = html.document_fromstring(plain)
        except (etree.LxmlError, ValueError):
            return None
    for element in list(tree.iter()):
        if not isinstance(element.tag, str):
            # An entity that nobody declared: what it would have said is not known.
            parent = element.getparent()
            if parent is not None:
                element.drop_tree() if hasattr(element, "drop_tree") else parent.remove(element)
        elif "}" in element.tag:
            element.tag = element.tag.rpartition("}")[2]
    return tree


def _sign(found: re.Match[bytes]) -> bytes:
    name = found[1]
    if name in _XMLS_OWN:
        return found[0]
    sign = html5.get(f"{name.decode('ascii')};")
    return "".join(f"&#{ord(one)};" for one in sign).encode() if sign else found[0]
