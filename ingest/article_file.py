"""One file to one Article: told apart by its ending, decoded, cleaned, and described."""

import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from index_store.article import Article, Block
from index_store.errors import FootnoteError
from ingest.clean_text import CleanText
from ingest.dates import date_in_file_name
from ingest.errors import ArticleEmpty, ArticleNotText, ArticleUnreadable
from ingest.front_matter import read_front_matter
from ingest.markdown import MarkdownReader
from ingest.plain_text import PlainTextReader
from ingest.web_page import WebPageReader

SUFFIXES = frozenset({".md", ".markdown", ".txt", ".html", ".htm"})
LARGEST_FILE = 20 * 2**20
# Longer marks first: UTF-32's begins with UTF-16's.
_MARKED = {b"\xff\xfe\x00\x00": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]*\b(?:charset|encoding)\s*=\s*["']?([\w-]+)""", re.IGNORECASE
)
# What no text holds, but what lxml would refuse the whole of it for. Page breaks count as line ends.
_CONTROLS: dict[int, str | None] = {
    **dict.fromkeys([*range(9), *range(0x0E, 0x20), 0x7F, 0xFFFE, 0xFFFF]),
    0x0B: "\n",
    0x0C: "\n",
}
_BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
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
        data = _bytes(file, path)
        return self.read_bytes(data, suffix=file.suffix, source=source, path=path, name=file.name)

    def read_bytes(
        self,
        data: bytes,
        *,
        suffix: str,
        source: str,
        path: str,
        url: str | None = None,
        name: str | None = None,
    ) -> Article:
        """The article in `data`, which is in the format that files of the ending `suffix` (".html") have.

        `url` is where it was fetched from. An address that the article gives itself wins only on the same
        host: a page may not pass for another's. `name` is the file's name, by default the end of `path`.
        Raises as `read` does; an ending that is not in SUFFIXES is ArticleUnreadable.
        """
        suffix = suffix.lower()
        if suffix not in SUFFIXES:
            raise ArticleUnreadable(
                f"{path}: {suffix or 'a file without an ending'} is no format of an article"
            )
        text = _decode(data, path)
        try:
            return self._article(
                text, suffix=suffix, source=source, path=path, name=name or _name_in(path), known_url=url
            )
        except FootnoteError:
            raise
        except Exception as error:
            # Files are untrusted: one that makes a parser fail must not keep the others out.
            raise ArticleUnreadable(
                f"{path}: it cannot be parsed ({type(error).__name__}); save it in another format"
            ) from error

    def _article(
        self, text: str, *, suffix: str, source: str, path: str, name: str, known_url: str | None
    ) -> Article:
        head = read_front_matter(text)
        body = text[head.body_starts :]
        out = CleanText()
        title, published = head.title, head.published
        publisher, author, url, language = head.publisher, head.author, head.url, head.language
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
            title=title or _title_from_name(PurePosixPath(name).stem),
            text=out.text,
            blocks=_nested(out.blocks),
            publisher=publisher,
            author=author,
            url=_own_address(url, known_url),
            published=published or date_in_file_name(name),
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
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
            text.encode()  # some that a page can name give halves of characters
        except (UnicodeError, LookupError):
            continue
        if "\x00" in text or (encoding == "cp1252" and _BINARY.search(text)):
            raise ArticleNotText(f"{path}: binary data, not text; remove it, or save it as text or HTML")
        return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
    raise ArticleNotText(f"{path}: in no encoding that is known here; save it as UTF-8")


def _encodings(data: bytes) -> tuple[str, ...]:
    """What the bytes may be in: what they are marked with, else UTF-8, what they say, or Windows' own."""
    for mark, encoding in _MARKED.items():
        if data.startswith(mark):
            return (encoding,)
    declared = _DECLARED.search(data[:4096])
    return ("utf-8-sig", *([declared[1].decode()] if declared else []), "cp1252")


def _web_address(url: str | None) -> str | None:
    """The address when it is one that a page may link to; an article may name a script instead."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def _own_address(said: str | None, known: str | None) -> str | None:
    """The address that an article says it has, or the one that it is known to have been fetched from."""
    fetched = _web_address(known)
    if fetched is None:
        return _web_address(said)
    try:
        full = _web_address(urljoin(fetched, said or ""))
        same = full is not None and urlsplit(full).hostname == urlsplit(fetched).hostname
    except ValueError:
        return fetched
    return full if same else fetched


def _name_in(path: str) -> str:
    """The last part of a path or of an address."""
    return unquote(PurePosixPath(urlsplit(path).path if "://" in path else path).name) or path


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
