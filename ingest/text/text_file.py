"""Markdown, plain text, web pages and mails to clean blocks, each by its own reader."""

from dataclasses import replace

from ingest.documents.document_text import DocumentText
from ingest.documents.mail_message import read_mail
from ingest.documents.web_archive import page_in
from ingest.text.clean_text import CleanText
from ingest.text.front_matter import read_front_matter
from ingest.text.markdown import MarkdownReader
from ingest.text.plain_text import PlainTextReader
from ingest.text.text_encoding import decode
from ingest.text.web_page import WebPageReader

WEB_PAGE_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
TEXT_SUFFIXES = WEB_PAGE_SUFFIXES | {".md", ".markdown", ".txt"}


class TextFileReader:
    """Reads what is text in some encoding; keeps nothing between files."""

    def __init__(self) -> None:
        self._markdown = MarkdownReader()
        self._plain = PlainTextReader()
        self._web = WebPageReader()

    def read(self, data: bytes, suffix: str, *, encoding: str | None = None) -> DocumentText:
        """The text of a file whose name ends in `suffix`, one of TEXT_SUFFIXES.

        `encoding` is what its sender said that it is in. What front matter says goes before what the text
        says. Raises ArticleEmpty or ArticleNotText.
        """
        text = decode(data, declared=encoding)
        head = read_front_matter(text)
        found = self._body(text[head.body_starts :], suffix)
        return replace(
            found,
            title=head.title or found.title,
            published=head.published or found.published,
            updated=head.updated or found.updated,
            publisher=head.publisher or found.publisher,
            author=head.author or found.author,
            url=head.url or found.url,
            language=head.language or found.language,
        )

    def read_mail(self, data: bytes) -> DocumentText:
        """The letter in a mail. Raises ArticleNotText, or ArticleEmpty."""
        mail = read_mail(data)
        out = CleanText()
        language = None
        if mail.is_html:
            language = self._web.write(mail.body, out, mostly_text=True).language
        else:
            self._plain.write(mail.body, out)
        facts = {"title": mail.subject, "author": mail.sender, "published": mail.sent, "url": mail.url}
        return DocumentText.of(out, language=language, **facts)

    def read_web_archive(self, data: bytes) -> DocumentText:
        """The page in a file that holds it with its pictures. Raises ArticleNotText, or ArticleEmpty."""
        markup, address = page_in(data)
        page = self._page(markup)
        return replace(page, url=page.url or address)

    def _page(self, markup: str) -> DocumentText:
        out = CleanText()
        page = self._web.write(markup, out)
        return DocumentText.of(
            out,
            title=page.title,
            published=page.published,
            updated=page.updated,
            publisher=page.publisher,
            author=page.author,
            url=page.url,
            language=page.language,
        )

    def _body(self, text: str, suffix: str) -> DocumentText:
        if suffix in WEB_PAGE_SUFFIXES:
            return self._page(text)
        out = CleanText()
        if suffix in (".md", ".markdown"):
            self._markdown.write(text, out)
            return DocumentText.of(out, title=_first_heading(out))
        facts = self._plain.write(text, out)
        return DocumentText.of(out, title=facts.title, published=facts.published)


def _first_heading(out: CleanText) -> str | None:
    first = next((block for block in out.blocks if block.kind == "heading"), None)
    return out.text[first.start : first.end] if first else None
