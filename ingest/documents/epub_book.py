"""An EPUB to clean blocks: its chapters in the order of its spine, its facts from its package file."""

import posixpath
import re
from urllib.parse import unquote

from lxml import etree

from ingest.documents.bounded_archive import BoundedArchive
from ingest.documents.document_text import DocumentText, OnPart
from ingest.errors import ArticleEmpty, ArticleUnreadable
from ingest.text.clean_text import CleanText, fold
from ingest.text.dates import iso_date
from ingest.text.html_blocks import HtmlBlocks
from ingest.web.untrusted_xml import parse_xhtml, parse_xml

MOST_CHAPTERS = 5000
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
_NO_TITLE = re.compile(r"^(?:unknown|untitled.*|[\d\W_]*)$", re.IGNORECASE)


def read_epub(data: bytes, on_chapter: OnPart = lambda: None) -> DocumentText:
    """The text of an EPUB. Raises ArticleUnreadable or ArticleEmpty."""
    archive = BoundedArchive(data)
    place = _package_file(archive)
    package = parse_xml(archive.read(place))
    chapters = _chapters(package, posixpath.dirname(place))
    locked = _locked(archive)
    out = CleanText()
    for name in chapters:
        if name in locked:
            raise ArticleUnreadable("its chapters are locked (DRM); add a copy without a lock")
        if name not in archive:
            continue
        tree = parse_xhtml(archive.read(name))
        on_chapter()
        if tree is not None:
            HtmlBlocks(out).write(tree)
    if not out.blocks:
        raise ArticleEmpty("no text in it; its chapters are empty, or only pictures")
    return DocumentText.of(out, **_facts(package))


def _package_file(archive: BoundedArchive) -> str:
    """The name of the file that lists the chapters."""
    try:
        container = parse_xml(archive.read("META-INF/container.xml"))
    except KeyError:
        raise ArticleUnreadable("it is no EPUB: it does not say what is in it") from None
    for element in _named(container, "rootfile"):
        path = element.get("full-path")
        if path in archive:
            return str(path)
    raise ArticleUnreadable("its list of chapters is missing; save it again")


def _chapters(package: etree._Element, folder: str) -> list[str]:
    """The names of the chapters in reading order, each once, without tables of contents."""
    items = {item.get("id"): item for item in _named(package, "item")}
    names: dict[str, None] = {}
    for entry in _named(package, "itemref"):
        item = items.get(entry.get("idref"))
        if item is None or "nav" in (item.get("properties") or "").split():
            continue
        if item.get("media-type") not in _PAGES:
            continue
        names[posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))] = None
        if len(names) > MOST_CHAPTERS:
            raise ArticleUnreadable(f"it has over {MOST_CHAPTERS} chapters; split it")
    return list(names)


def _locked(archive: BoundedArchive) -> frozenset[str]:
    """The names of what is encrypted in it; often that is no more than fonts."""
    try:
        rights = parse_xml(archive.read("META-INF/encryption.xml"))
    except (KeyError, ArticleUnreadable):
        return frozenset()
    return frozenset(unquote(element.get("URI") or "") for element in _named(rights, "CipherReference"))


def _facts(package: etree._Element) -> dict[str, str | None]:
    def all_of(name: str) -> list[str]:
        return [text for one in _named(package, name) if (text := fold("".join(one.itertext())))]

    def first(name: str) -> str | None:
        return next(iter(all_of(name)), None)

    days = [
        fold(one.text or "")
        for one in _named(package, "date")
        if (event := next((value for key, value in one.items() if key.endswith("event")), None)) is None
        or event == "publication"
    ]
    changed = [one.text for one in _named(package, "meta") if one.get("property") == "dcterms:modified"]
    title = first("title")
    return {
        "title": None if title is None or _NO_TITLE.match(title) else title,
        "author": ", ".join(dict.fromkeys(all_of("creator")[:10])) or None,
        "publisher": first("publisher"),
        "language": first("language"),
        "published": next(filter(None, map(iso_date, days)), None),
        "updated": next(filter(None, map(iso_date, changed)), None),
    }


def _named(root: etree._Element, name: str) -> list[etree._Element]:
    """The elements of that name, in whatever namespace."""
    return [one for one in root.iter(etree.Element) if etree.QName(one).localname == name]
