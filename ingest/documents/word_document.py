"""A Word document (.docx) to clean blocks: mammoth makes HTML of it, which is walked like any other."""

import io
import re

from lxml import etree
from lxml.html import HtmlElement

from ingest.documents.bounded_archive import BoundedArchive
from ingest.documents.document_text import DocumentText
from ingest.errors import ArticleEmpty, ArticleUnreadable
from ingest.text.clean_text import CleanText, fold
from ingest.text.dates import iso_date
from ingest.text.html_blocks import HtmlBlocks, parse_fragment
from ingest.web.untrusted_xml import parse_xml

# What mammoth leaves a plain paragraph by itself.
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
"""
_BY_A_PROGRAM = re.compile(
    r"^(?:(?:microsoft )?(?:office )?user\b.*|admin(?:istrator)?|owner|unknown|author|python-docx|"
    r"word document|untitled.*|document\s*\d*|.*\.docx?|[\d\W_]*|.)$",
    re.IGNORECASE,
)
_ENCRYPTED = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the older container, in which Word puts what has a password
)


def read_docx(data: bytes) -> DocumentText:
    """The text of a Word document. Raises ArticleUnreadable or ArticleEmpty."""
    import mammoth

    if data.startswith(_ENCRYPTED):
        raise ArticleUnreadable("it is encrypted, or of an old version of Word; save it anew as .docx")
    archive = BoundedArchive(data)
    for name in archive.names:
        if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(name):
            raise ArticleUnreadable(
                "it declares a document type, as Word never does; save it again with Word"
            )
    try:
        made = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=_STYLES,
            convert_image=mammoth.images.img_element(lambda _: {}),
            include_embedded_style_map=False,
        )
    except MemoryError:
        raise
    except Exception as error:
        # mammoth lets through whatever its parsers of XML and ZIP raise.
        raise ArticleUnreadable("it is no Word document, or damaged; open it and save it again") from error
    tree = parse_fragment(made.value)
    _drop_note_marks(tree)
    out = CleanText()
    HtmlBlocks(out).write(tree)
    if not out.blocks:
        raise ArticleEmpty("no text in it; add some, or leave the file out")
    return DocumentText.of(out, **_facts(archive))


def _drop_note_marks(tree: HtmlElement) -> None:
    """Leave out the numbers of notes in the text, and the arrows that lead back from the notes."""
    for link in tree.xpath("//a[starts-with(@href, '#')]"):
        above = link.getparent()
        if str(link.get("id") or "").startswith(("footnote-ref", "endnote-ref")):
            (above if above.tag == "sup" else link).drop_tree()
        elif (link.text or "").strip() == "↑":
            link.drop_tree()


def _facts(archive: BoundedArchive) -> dict[str, str | None]:
    """What the document's core properties say."""
    try:
        core = parse_xml(archive.read("docProps/core.xml"))
    except (KeyError, ArticleUnreadable):
        return {}
    found: dict[str, str] = {}
    for element in core.iter(etree.Element):
        found.setdefault(etree.QName(element).localname, fold(element.text or ""))
    title, author = found.get("title", ""), found.get("creator", "")
    return {
        "title": None if _BY_A_PROGRAM.match(title) else title,
        "author": None if _BY_A_PROGRAM.match(author) else author,
        "updated": iso_date(found.get("modified")),
        "language": found.get("language") or None,
    }
