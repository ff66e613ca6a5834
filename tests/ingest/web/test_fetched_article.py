"""What was fetched becomes an article, and what is known of it stays with it."""

from dataclasses import replace

import pytest
from tiny_site import web_page

from index_store.article import Article
from index_store.passage_store import StoredArticle
from index_store.payload import article_from, article_payload
from ingest.article_file import ArticleReader
from ingest.errors import ArticleUnreadable
from ingest.web.feed import Feed, FeedEntry
from ingest.web.fetched_article import article_address, entry_article, fetched_article, with_entry
from ingest.web.web_fetcher import Fetched

READER = ArticleReader()
URL = "https://a.example/sub/grain"
NOW = "2026-03-01T10:00:00+00:00"
KNOWN = {"source": "https://a.example/feed", "path": URL, "fetched": NOW}
ENTRY = FeedEntry("1", URL, "Grain & <ships>", "Ann Reed", "2026-03-01", "2026-03-04", "<p>Ships.</p>", "m")


def answer(data: bytes | str, media_type: str = "text/html", charset: str | None = None) -> Fetched:
    return Fetched(URL, data.encode() if isinstance(data, str) else data, media_type, charset)


def test_what_is_known_of_the_fetching_is_kept_and_is_no_content() -> None:
    article = fetched_article(READER, answer(web_page("Grain", "Ships unload grain.")), **KNOWN)
    assert (article.source, article.path, article.url, article.fetched) == (KNOWN["source"], URL, URL, NOW)
    article = replace(article, updated="2026-03-05")
    later = replace(article, fetched="2026-04-01T10:00:00+00:00", updated=None)
    assert later.content_hash == article.content_hash
    payload = article_payload(StoredArticle(article, article.content_hash, "1", (), NOW))
    assert article_from(payload).article == article


def test_an_article_that_was_stored_before_these_were_known_is_read() -> None:
    stored = StoredArticle(Article("s", "p", "T", "Text."), "hash", "1", (), NOW)
    payload = article_payload(stored)
    del payload["updated"], payload["fetched"]
    assert article_from(payload) == stored


@pytest.mark.parametrize(
    ("head", "media_type", "address"),
    [
        ("<link rel=canonical href='/grain'>", "text/html", "https://a.example/grain"),
        ("<link rel=canonical href='https://b.example/grain'>", "text/html", URL),
        ("<link rel=canonical href='/grain'>", "text/plain", URL),
        ("", "text/html", URL),
    ],
)
def test_a_page_is_known_by_the_address_it_calls_its_own(head: str, media_type: str, address: str) -> None:
    assert article_address(answer(f"{head} words", media_type)) == address


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1251", "utf-16", "no-such", None])
def test_the_encoding_is_the_servers_where_it_fits(charset: str | None) -> None:
    word = "Зерно" if charset == "windows-1251" else "Käse"
    text = f"{word} was unloaded at the harbour. " * 9
    written = charset if charset not in (None, "no-such") else "utf-8"
    article = fetched_article(READER, answer(text.encode(written), "text/plain", charset), **KNOWN)
    assert word in article.text


def test_an_entry_becomes_an_article_whatever_is_in_its_title() -> None:
    article = entry_article(READER, ENTRY, **KNOWN)
    assert (article.title, article.text.splitlines()[-1]) == ("Grain & <ships>", "Ships.")
    assert (article.url, article.fetched) == (URL, NOW)


def test_the_feed_fills_what_the_page_does_not_say() -> None:
    bare = Article("s", URL, "T", "Text.")
    feed = Feed("Marsh Press", "en", (ENTRY,))
    filled = with_entry(bare, ENTRY, feed)
    assert (filled.author, filled.published, filled.updated) == ("Ann Reed", "2026-03-01", "2026-03-04")
    assert (filled.publisher, filled.language, filled.title) == ("Marsh Press", "en", "T")
    said = replace(
        bare, author="B", published="2025-01-01", publisher="P", language="de", updated="2025-02-02"
    )
    assert with_entry(said, ENTRY, feed) == said
    assert with_entry(bare, ENTRY, None).publisher is None


def test_what_is_no_format_of_an_article_is_told() -> None:
    with pytest.raises(ArticleUnreadable, match=r"^https://a\.example/sub/grain: "):
        fetched_article(READER, answer(b"\x89PNG", "image/png"), **KNOWN)


@pytest.mark.parametrize("charset", ["punycode", "IDNA"])
def test_an_encoding_of_names_alone_is_not_believed(charset: str) -> None:
    # A megabyte in punycode takes minutes.
    text = "Ships unload grain at the harbour. " * 9 + "-"
    assert (
        "Ships unload grain"
        in fetched_article(
            READER, answer(text.encode() + b"ba" * 500_000, "text/plain", charset), **KNOWN
        ).text
    )
