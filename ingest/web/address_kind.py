"""What an address answers with, told by its first bytes, then by its media type: never by its name alone."""

import re
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import urlsplit

from ingest.errors import SourceUnread
from ingest.web.response_body import unpacked_whole
from ingest.web.web_fetcher import Fetched

Kind = Literal["page", "document", "feed", "site map"]
"""A page or a document is one article; a feed and a site map list pages."""

# Where the first element of an XML text begins: behind declarations, comments and a document type.
_PROLOG = re.compile(
    rb"""\s*(?: <\?.{0,500}?\?> | <!--.{0,20000}?-->
          | <!doctype\b[^>\[]{0,500}+(?:\[.{0,5000}?\])?\s*> )""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_ROOT = re.compile(rb"\s*<([a-z_][\w.:-]{0,60})", re.IGNORECASE)
_FEEDS = frozenset({b"rss", b"feed", b"rdf", b"rdf:rdf"})
_MAPS = frozenset({b"urlset", b"sitemapindex"})
# A site map's own limit (sitemaps.org), unpacked.
_LARGEST_UNPACKED = 50 * 2**20
_GZIP = b"\x1f\x8b"
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/epub+zip": ".epub",
    "message/rfc822": ".eml",
}
_NAMED = frozenset({".md", ".markdown", ".html", ".htm", ".pdf", ".docx", ".epub", ".eml"})


def kind_of(answer: Fetched) -> Kind:
    """What kind of source an answer is. Raises SourceUnread for XML that is neither feed nor site map."""
    root = root_of(answer.data)
    if root in _MAPS:
        return "site map"
    if root in _FEEDS:
        return "feed"
    if suffix_of(answer) == ".html":
        return "page"
    said_xml = answer.media_type.endswith(("/xml", "+xml"))
    if root is not None and (said_xml or answer.data.lstrip().startswith(b"<?xml")):
        what = f"XML that begins with <{root.decode(errors='replace')}>"
        raise SourceUnread(f"{answer.url}: {what}, neither a feed nor a site map; check the address")
    if said_xml:
        raise SourceUnread(f"{answer.url}: it says that it is XML and is not; check the address")
    return "document"


def root_of(data: bytes) -> bytes | None:
    """The name of the first element, in small letters; None where there is none."""
    if data.startswith(_GZIP):
        return None
    head = data.removeprefix(b"\xef\xbb\xbf")[:65_536]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", errors="replace").encode()
    place = 0
    while found := _PROLOG.match(head, place):
        place = found.end()
    root = _ROOT.match(head, place)
    return root[1].lower() if root else None


def suffix_of(answer: Fetched) -> str:
    """The ending of a file with this content, such as ".html" or ".pdf".

    What is in it counts before what the server says: servers call much of it text/plain or octet-stream.
    """
    data = answer.data
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return ".pdf"
    root = root_of(data)
    if root == b"html" or answer.media_type in ("text/html", "application/xhtml+xml"):
        return ".html"
    ending = PurePosixPath(urlsplit(answer.url).path).suffix.lower()
    said = _SUFFIXES.get(answer.media_type)
    if said and not (said == ".txt" and ending in _NAMED):
        return said
    if ending in _NAMED or ending == ".txt":
        return ending
    if root in (b"head", b"body", b"div", b"article", b"p", b"h1", b"meta", b"title"):
        return ".html"
    return said or (".txt" if answer.media_type.startswith("text/") else ending or ".bin")


def unpacked_answer(answer: Fetched) -> Fetched:
    """The answer with its content unpacked where a file that ends in .gz was served as it is."""
    if not answer.data.startswith(_GZIP):
        return answer
    return Fetched(
        answer.url, unpacked_whole(answer.url, answer.data, _LARGEST_UNPACKED), "", None, answer.validators
    )
