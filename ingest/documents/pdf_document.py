"""A PDF to clean blocks, by way of pypdfium2: read page by page, put together as one text."""

import ctypes
import re
from typing import Any

from ingest.documents.document_text import DocumentText, OnPart
from ingest.documents.pdf_layout import PageLayout
from ingest.documents.pdf_page import UNTOLD, PageSigns, PageText
from ingest.documents.pdf_paragraphs import ParagraphMaker, PdfBlock
from ingest.errors import ArticleEmpty, ArticleUnreadable
from ingest.text.clean_text import CleanText, fold
from ingest.text.page_furniture import PageFurniture

MOST_PAGES = 10_000
_TITLE_OF_A_PROGRAM = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel)\b.*|untitled.*"
    r"|(?:document|slide|layout|presentation|doc|title)\s*\d*"
    r"|.*\.(?:docx?|pdf|tex|dvi|indd|qxd|qxp|rtf|odt|pptx?|xlsx?|ps|html?|md|fm|p65)"
    r"|about:blank|[\d\W_]*|.{0,2})$",
    re.IGNORECASE,
)
_AUTHOR_OF_A_PROGRAM = re.compile(
    r"^(?:(?:microsoft )?(?:office )?user\b.*|admin(?:istrator)?|owner|unknown|author|anonymous|root|me|pc|"
    r"default|guest|.*\\.*|[\d\W_]*|.)$",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
# Of a text with more signs than this whose letters nobody knows, nothing can be found or trusted.
_MOST_UNTOLD = 0.2


def read_pdf(data: bytes, on_page: OnPart = lambda: None) -> DocumentText:
    """The text of a PDF.

    Raises ArticleUnreadable (damaged, encrypted, too many pages) or ArticleEmpty (no text, only pictures).
    """
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise ArticleUnreadable("it is encrypted; save it without a password") from error
        raise ArticleUnreadable("it is no PDF, or damaged; open it in a viewer and save it again") from error
    try:
        number = len(document)
        if number > MOST_PAGES:
            raise ArticleUnreadable(f"{number} pages are over the limit of {MOST_PAGES}; split it")
        signs = PageSigns(raw)
        pages, failed, pictures = [], 0, False
        for place in range(number):
            try:
                page = document[place]
            except pypdfium2.PdfiumError:
                failed += 1
                pages.append(PageText((), 0))
                continue
            pages.append(signs.read(page))
            if not pages[-1].fragments and not pictures:
                pictures = next(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]), None) is not None
            page.close()
            on_page()
        if not any(page.fragments for page in pages):
            raise _without_text(number, failed, pictures)
        return _put_together(pages, _facts(document, raw), on_page)
    finally:
        document.close()


def _without_text(number: int, failed: int, pictures: bool) -> ArticleUnreadable | ArticleEmpty:
    if failed or not number:
        return ArticleUnreadable("none of its pages can be read; open it in a viewer and save it again")
    if pictures:
        return ArticleEmpty("its pages are only pictures; run text recognition (OCR) over it first")
    return ArticleEmpty("no text in it; add some, or leave the file out")


def _put_together(pages: list[PageText], facts: dict[str, str | None], on_page: OnPart) -> DocumentText:
    furniture, layout = PageFurniture(pages), PageLayout()
    rows = []
    for place, page in enumerate(pages):
        rows.append(layout.rows(furniture.without(page, place + 1)))
        pages[place] = PageText((), page.height)  # a book's fragments and its rows are never held at once
        on_page()
    maker = ParagraphMaker(rows)
    del rows
    blocks = maker.blocks(on_page)
    out = CleanText()
    starts: dict[int, int] = {}
    for block in blocks:
        at = out.add(block.kind, block.text, block.level)
        for page_number, offset in block.starts if at is not None else ():
            starts.setdefault(page_number, (at or 0) + offset)
    if out.text.count(UNTOLD) > _MOST_UNTOLD * len(out.text):
        raise ArticleEmpty(
            "its fonts do not tell which letters they show; run text recognition (OCR) over it"
        )
    if facts["title"] is None:
        facts["title"] = _title_on(blocks)
    return DocumentText.of(out, pages=_all_starts(starts, len(pages), len(out.text)), **facts)


def _all_starts(starts: dict[int, int], number: int, end: int) -> tuple[int, ...]:
    """The offset at which each page begins; one without text begins where the next begins."""
    found = [end] * number
    following = end
    for page in range(number, 0, -1):
        following = min(following, starts.get(page, following))
        found[page - 1] = following
    return tuple(found)


def _title_on(blocks: list[PdfBlock]) -> str | None:
    """The heading of the highest level, when it stands on the first page."""
    first = next((block for block in blocks if block.kind == "heading"), None)
    top = next((block for block in blocks if block.kind == "heading" and block.level == 1), first)
    if top is None or not top.starts or top.starts[0][0] != 1:
        return None
    return None if UNTOLD in top.text else top.text


def _facts(document: Any, raw: Any) -> dict[str, str | None]:
    title = _sensible(document.get_metadata_value("Title"), _TITLE_OF_A_PROGRAM)
    author = _sensible(document.get_metadata_value("Author"), _AUTHOR_OF_A_PROGRAM)
    return {"title": title, "author": author, "language": _language(document, raw)}


def _language(document: Any, raw: Any) -> str | None:
    """The language that the catalogue names, as "en" or "de-CH"."""
    room = ctypes.create_string_buffer(64)
    size = raw.FPDFCatalog_GetLanguage(document, ctypes.cast(room, ctypes.POINTER(ctypes.c_ushort)), 64)
    said = room.raw[: max(0, min(size, 64) - 2)].decode("utf-16-le", errors="replace")
    return said if _LANGUAGE.fullmatch(said) else None


def _sensible(value: str, not_this: re.Pattern[str]) -> str | None:
    """What metadata say, unless a program wrote it there by itself."""
    line = fold("".join(sign for sign in value.replace("\x00", "") if sign.isprintable()))
    return None if not line or len(line) > 300 or not_this.match(line) else line
