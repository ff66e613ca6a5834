"""What was fetched to an Article: a page or a document from its bytes, a feed's entry from its own text."""

import codecs
import html
from dataclasses import replace

from index_store.article import Article
from ingest.article_file import ArticleReader
from ingest.text.page_head import ReadHead, read_page_head
from ingest.text.text_file import TEXT_SUFFIXES
from ingest.web.address_kind import suffix_of
from ingest.web.feed import Feed, FeedEntry
from ingest.web.web_address import canonical_address
from ingest.web.web_fetcher import Fetched

_BOM = b"\xef\xbb\xbf"
# Python's time to read these grows with the square of the length, and no page is in them.
_NOT_OF_TEXTS = frozenset({"punycode", "idna"})


def article_address(answer: Fetched, read_head: ReadHead = read_page_head) -> str:
    """What the article in an answer is known by: the address that the page calls its own, on its site.

    Raises what `read_head` raises.
    """
    head = read_head(answer.data, answer.url) if suffix_of(answer) == ".html" else None
    return canonical_address(answer.url, head.canonical if head else None)


def fetched_article(
    reader: ArticleReader, answer: Fetched, *, source: str, path: str, fetched: str
) -> Article:
    """The article in an answer, known as `path`, its address. Raises what the reader raises."""
    suffix = suffix_of(answer)
    data = _in_utf8(answer) if suffix in TEXT_SUFFIXES else answer.data
    article = reader.read_bytes(data, suffix=suffix, source=source, path=path, url=path)
    return replace(article, url=path, fetched=fetched)


def entry_article(
    reader: ArticleReader, entry: FeedEntry, *, source: str, path: str, fetched: str
) -> Article:
    """The article that a feed carries whole. `entry.content` must be there. Raises what the reader raises."""
    title = html.escape(entry.title or "")
    head = f"<title>{title}</title>" if title else ""
    heading = f"<h1>{title}</h1>" if title else ""
    page = f"<html><head>{head}</head><body><article>{heading}{entry.content}</article></body></html>"
    article = reader.read_bytes(_BOM + page.encode(), suffix=".html", source=source, path=path, url=path)
    return replace(article, title=entry.title or article.title, url=path, fetched=fetched)


def with_entry(article: Article, entry: FeedEntry, feed: Feed | None) -> Article:
    """The article with what its feed says of it, where the page itself says nothing."""
    return replace(
        article,
        publisher=article.publisher or (feed.title if feed else None),
        author=article.author or entry.author,
        published=article.published or entry.published,
        updated=article.updated or entry.updated,
        language=article.language or (feed.language if feed else None),
    )


def _in_utf8(answer: Fetched) -> bytes:
    """The text in UTF-8, and marked so, where the server names its encoding: that wins over the page."""
    if answer.charset is None or answer.data.startswith((_BOM, b"\xff\xfe", b"\xfe\xff")):
        return answer.data
    try:
        if codecs.lookup(answer.charset).name in _NOT_OF_TEXTS:
            return answer.data
        text = answer.data.decode(answer.charset)
        return _BOM + text.encode()
    except (LookupError, UnicodeError):
        return answer.data
