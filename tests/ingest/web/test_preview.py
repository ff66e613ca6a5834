"""A look at an address before it becomes a source."""

import pytest
from tiny_site import TinySite, fetcher, web_page

from ingest.article_file import ArticleReader
from ingest.errors import AddressRefused, AddressUnusable, ArticleEmpty, FetchFailed, SourceUnread
from ingest.text.page_head import PageHead
from ingest.web.preview import Preview, PreviewEntry, preview

TEXT = "Ships unload grain at the old harbour, and the cranes work until dusk falls over the bay."


def looked(address: str, **options: int) -> Preview:
    return preview(address, fetcher(), ArticleReader(), **options)


def test_a_page_shows_its_text_and_the_feeds_that_it_names(site: TinySite) -> None:
    head = "<link rel=alternate type='application/rss+xml' href='/feed'><link rel=canonical href='/grain'>"
    seen = looked(site.put("/p", web_page("Grain", TEXT, head)))
    assert (seen.address, seen.kind, seen.title, seen.count) == (f"{site.root}/p", "page", "Grain", 1)
    assert seen.articles[0].text.count(TEXT) == 1
    assert seen.articles[0].path == f"{site.root}/grain"
    assert seen.feeds == (f"{site.root}/feed",)
    assert seen.problems == ()


def test_a_document_shows_its_text(site: TinySite) -> None:
    seen = looked(site.put("/a.md", f"# Grain\n\n{TEXT}", "text/markdown"))
    assert (seen.kind, seen.title, seen.articles[0].text) == ("document", "Grain", f"Grain\n\n{TEXT}")


def test_a_feed_shows_its_first_entries_and_one_text(site: TinySite) -> None:
    site.put("/1", "gone", status=404)
    site.put("/2", web_page("Two", TEXT))
    dated = "<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate>"
    items = "".join(
        f"<item><title>Entry {n}</title><link>{site.root}/{n}</link>{dated}</item>" for n in range(1, 9)
    )
    feed = f"<rss version='2.0'><channel><title>Marsh</title>{items}</channel></rss>"
    seen = looked(site.put("/feed", feed, "text/xml"), entries=3)
    assert (seen.kind, seen.title, seen.count) == ("feed", "Marsh", 8)
    assert seen.entries[0] == PreviewEntry("Entry 1", f"{site.root}/1", "2026-03-02")
    assert len(seen.entries) == 3
    (article,) = seen.articles
    assert (article.title, article.published) == ("Two", "2026-03-02")
    assert seen.problems == (f"{site.root}/1: it answers HTTP 404 (Not Found); check the address",)
    assert site.paths() == ["/feed", "/1", "/2"]


def test_a_feed_with_whole_texts_is_shown_from_the_feed(site: TinySite) -> None:
    item = (
        f"<item><title>One</title><description>{TEXT * 20}</description></item><item><title>T</title></item>"
    )
    seen = looked(site.put("/feed", f"<rss version='2.0'><channel>{item}</channel></rss>", "text/xml"))
    assert TEXT in seen.articles[0].text
    assert seen.entries == (PreviewEntry("One", None, None), PreviewEntry("T", None, None))


def test_a_site_map_shows_its_first_pages_and_one_text(site: TinySite) -> None:
    site.put("/b", web_page("B", TEXT))
    pages = "".join(f"<url><loc>{site.root}/{name}</loc></url>" for name in "bcdefghij")
    seen = looked(site.put("/map.xml", f"<urlset>{pages}</urlset>", "text/xml"))
    assert (seen.kind, seen.count, len(seen.entries)) == ("site map", 9, 5)
    assert seen.articles[0].title == "B"


def test_what_cannot_be_taken_says_why(site: TinySite) -> None:
    with pytest.raises(AddressUnusable):
        looked("ftp://a.example/")
    with pytest.raises(FetchFailed, match="404"):
        looked(f"{site.root}/nothing")
    with pytest.raises(SourceUnread):
        looked(site.put("/x", "<?xml version='1.0'?><opml/>", "text/xml"))
    with pytest.raises(ArticleEmpty):
        looked(site.put("/y", "<html></html>"))
    with pytest.raises(AddressRefused):
        preview(f"{site.root}/z", fetcher(allowed=()), ArticleReader())


def test_the_head_of_a_page_is_left_to_the_reader(site: TinySite) -> None:
    class Reader(ArticleReader):
        def page_head(self, data: bytes, url: str) -> PageHead:
            return PageHead(f"{site.root}/own", ("https://a.example/feed",))

    seen = preview(site.put("/p", web_page("Grain", TEXT)), fetcher(), Reader())
    assert (seen.articles[0].path, seen.feeds) == (f"{site.root}/own", ("https://a.example/feed",))
