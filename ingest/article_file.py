"""One file to one Article: told apart by its ending, decoded, cleaned, and described."""

import re
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from index_store.article import Article, Block
from ingest.documents.document_text import DocumentText
from ingest.documents.isolated_reading import IsolatedReader
from ingest.documents.web_archive import WEB_ARCHIVE_SUFFIXES
from ingest.errors import ArticleEmpty, ArticleNotText, ArticleUnreadable
from ingest.text.dates import date_in_file_name, without_date
from ingest.text.page_head import PageHead, read_page_head
from ingest.text.plain_text import byline_date
from ingest.text.text_file import TEXT_SUFFIXES, TextFileReader

DOCUMENT_SUFFIXES = frozenset({".pdf", ".docx", ".epub"})
SUFFIXES = TEXT_SUFFIXES | DOCUMENT_SUFFIXES | WEB_ARCHIVE_SUFFIXES | {".eml"}
LARGEST_FILE = 20 * 2**20
# Pictures are most of these.
LARGEST_DOCUMENTS = {
    ".pdf": 200 * 2**20,
    ".docx": 100 * 2**20,
    ".epub": 100 * 2**20,
    **dict.fromkeys((".eml", *sorted(WEB_ARCHIVE_SUFFIXES)), 50 * 2**20),
}
_BYLINE_BLOCKS = 40
# As BCP 47 writes one: "en", "zh-Hant". Some write "English" there, or a number.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of an article before it is read."""

    source: str
    path: str
    name: str
    url: str | None


class ArticleReader:
    """Reads article files; keeps nothing between them.

    PDF, DOCX, EPUB, mails and pages saved as one file are read by `documents` in a process of their own,
    which starts with the first of them; `close` ends it, and so does the end of the reader. With `all_apart`
    everything is read there: for what comes from strangers, as pages that are fetched do.
    """

    def __init__(self, documents: IsolatedReader | None = None, *, all_apart: bool = False) -> None:
        self._texts = TextFileReader()
        self._documents = documents or IsolatedReader()
        self._all_apart = all_apart

    def close(self) -> None:
        """End the process that reads documents, if there is one; a later document starts it again."""
        self._documents.close()

    def read(self, file: Path, *, source: str, path: str) -> Article:
        """The article in `file`, to be known as `path` within `source`.

        Raises ArticleUnreadable, ArticleNotText or ArticleEmpty; the message names `path`.
        """
        data = _bytes(file, path)
        return self.read_bytes(data, suffix=file.suffix, source=source, path=path)

    def read_bytes(
        self,
        data: bytes,
        *,
        suffix: str,
        source: str,
        path: str,
        url: str | None = None,
        name: str | None = None,
        encoding: str | None = None,
    ) -> Article:
        """The article in `data`, which is in the format that files of the ending `suffix` (".html") have.

        `url` is where it was fetched from. An address that the article gives itself wins only on the same
        host: a page may not pass for another's. `name` is the file's name, by default the end of `path`;
        `encoding` is what the sender said that text is in. Raises as `read` does; an ending that is not in
        SUFFIXES is ArticleUnreadable.
        """
        suffix = suffix.lower()
        if suffix not in SUFFIXES:
            kind = suffix or "a file without an ending"
            raise ArticleUnreadable(f"{path}: {kind} is no format of an article; save it as text or HTML")
        _check_size(len(data), suffix, path)
        known = _Known(source, path, name or _name_in(path), url)
        try:
            return _article(known, self._found(data, suffix, encoding))
        except (ArticleUnreadable, ArticleEmpty, ArticleNotText) as error:
            raise type(error)(f"{path}: {error}") from error
        except Exception as error:
            # Files are untrusted: one that makes a parser fail must not keep the others out.
            raise ArticleUnreadable(
                f"{path}: it cannot be parsed ({type(error).__name__}); save it in another format"
            ) from error

    def page_head(self, data: bytes, url: str) -> PageHead:
        """What the head of the page that was fetched from `url` says of its address and its feeds.

        Raises ArticleUnreadable, naming `url`, where it is read apart and that failed.
        """
        if not self._all_apart:
            return read_page_head(data, url)
        try:
            return self._documents.read_head(data, url)
        except (ArticleUnreadable, ArticleEmpty, ArticleNotText) as error:
            raise ArticleUnreadable(f"{url}: {error}") from error

    def _found(self, data: bytes, suffix: str, encoding: str | None) -> DocumentText:
        if not data:
            raise ArticleEmpty("the file is empty; add some text, or leave it out")
        if suffix in TEXT_SUFFIXES and not self._all_apart:
            return self._texts.read(data, suffix, encoding=encoding)
        found = self._documents.read(data, suffix, encoding=encoding)
        if suffix not in DOCUMENT_SUFFIXES or found.published:
            return found
        lines = (found.text[block.start : block.end] for block in found.blocks[:_BYLINE_BLOCKS])
        return replace(found, published=byline_date(lines))


def _article(known: _Known, found: DocumentText) -> Article:
    if not any(block.kind != "heading" for block in found.blocks):
        raise ArticleEmpty("no text in it; add some, or leave the file out")
    return Article(
        source=known.source,
        path=known.path,
        title=found.title or _title_from_name(PurePosixPath(known.name).stem),
        text=found.text,
        blocks=_nested(found.blocks),
        publisher=found.publisher,
        author=found.author,
        url=_own_address(found.url, known.url),
        published=found.published or date_in_file_name(known.name),
        language=found.language if _LANGUAGE.fullmatch(found.language or "") else None,
        updated=found.updated,
        pages=found.pages,
    )


def _bytes(file: Path, path: str) -> bytes:
    try:
        _check_size(file.stat().st_size, file.suffix.lower(), path)
        return file.read_bytes()
    except OSError as error:
        raise ArticleUnreadable(f"{path}: {error.strerror}; check that the file can be read") from error


def _check_size(size: int, suffix: str, path: str) -> None:
    most = LARGEST_DOCUMENTS.get(suffix, LARGEST_FILE)
    if size > most:
        raise ArticleUnreadable(
            f"{path}: {size / 2**20:.0f} MB is over the {most // 2**20} MB limit; split it"
        )


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


def _title_from_name(stem: str) -> str:
    words = re.sub(r"[-_]+", " ", without_date(stem)).strip() or stem
    return words[0].upper() + words[1:]


def _nested(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Levels renumbered from 1 without gaps, so that a page that starts at h3 nests like any other."""
    used = sorted({block.level for block in blocks if block.kind == "heading"})
    place = {level: number for number, level in enumerate(used, start=1)}
    return tuple(
        Block(block.kind, block.start, block.end, place[block.level]) if block.kind == "heading" else block
        for block in blocks
    )
