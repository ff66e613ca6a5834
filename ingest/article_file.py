"""One file to one Article: told apart by its ending, decoded, cleaned, and described."""

import re
from pathlib import Path

from index_store.article import Article, Block
from ingest.clean_text import CleanText
from ingest.dates import date_in_file_name
from ingest.errors import ArticleEmpty, ArticleNotText, ArticleUnreadable
from ingest.front_matter import read_front_matter
from ingest.markdown import MarkdownReader
from ingest.plain_text import PlainTextReader
from ingest.web_page import WebPageReader

SUFFIXES = frozenset({".md", ".markdown", ".txt", ".html", ".htm"})
LARGEST_FILE = 20 * 2**20
_ENCODINGS = ("utf-8-sig", "utf-16", "cp1252")
_DATE_PREFIX = re.compile(r"^\d{4}-\d{2}-\d{2}[-_ ]*")


class ArticleReader:
    """Reads article files; keeps nothing between them."""

    def __init__(self) -> None:
        self._markdown = MarkdownReader()
        self._plain = PlainTextReader()
        self._web = WebPageReader()

    def read(self, file: Path, *, source: str, path: str) -> Article:
        """The article in `file`, to be known as `path` within `source`.

        Raises ArticleUnreadable, ArticleNotText or ArticleEmpty; the message names `path`.
        """
        text = _decode(_bytes(file, path), path)
        head = read_front_matter(text)
        body = text[head.body_starts :]
        out = CleanText()
        title, published = head.title, head.published
        publisher, author, url, language = head.publisher, head.author, head.url, head.language
        suffix = file.suffix.lower()
        if suffix in (".html", ".htm"):
            page = self._web.write(body, out)
            title, published = title or page.title, published or page.published
            publisher, author = publisher or page.publisher, author or page.author
            url, language = url or page.url, language or page.language
        elif suffix in (".md", ".markdown"):
            self._markdown.write(body, out)
            title = title or _first_heading(out)
        else:
            facts = self._plain.write(body, out)
            title, published = title or facts.title, published or facts.published
        if not any(block.kind != "heading" for block in out.blocks):
            raise ArticleEmpty(f"{path}: no text in it; add some, or remove the file from the folder")
        return Article(
            source=source,
            path=path,
            title=title or _title_from_name(file.stem),
            text=out.text,
            blocks=_nested(out.blocks),
            publisher=publisher,
            author=author,
            url=url,
            published=published or date_in_file_name(file.name),
            language=language,
        )


def _bytes(file: Path, path: str) -> bytes:
    try:
        size = file.stat().st_size
        if size > LARGEST_FILE:
            raise ArticleUnreadable(
                f"{path}: {size / 2**20:.0f} MB is over the {LARGEST_FILE // 2**20} MB limit; split it"
            )
        return file.read_bytes()
    except OSError as error:
        raise ArticleUnreadable(f"{path}: {error.strerror}; check that the file can be read") from error


def _decode(data: bytes, path: str) -> str:
    if not data.strip():
        raise ArticleEmpty(f"{path}: the file is empty; add some text, or remove it from the folder")
    looks_utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if b"\x00" in data[:4096] and not looks_utf16:
        raise ArticleNotText(f"{path}: binary data, not text; remove it, or save it as text or HTML")
    for encoding in _ENCODINGS:
        if encoding == "utf-16" and not looks_utf16:
            continue
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise ArticleNotText(f"{path}: in no encoding that is known here; save it as UTF-8")


def _first_heading(out: CleanText) -> str | None:
    first = next((block for block in out.blocks if block.kind == "heading"), None)
    return out.text[first.start : first.end] if first else None


def _title_from_name(stem: str) -> str:
    words = re.sub(r"[-_]+", " ", _DATE_PREFIX.sub("", stem)).strip() or stem
    return words[0].upper() + words[1:]


def _nested(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Levels renumbered from 1 without gaps, so that a page that starts at h3 nests like any other."""
    used = sorted({block.level for block in blocks if block.kind == "heading"})
    place = {level: number for number, level in enumerate(used, start=1)}
    return tuple(
        Block(block.kind, block.start, block.end, place[block.level]) if block.kind == "heading" else block
        for block in blocks
    )
