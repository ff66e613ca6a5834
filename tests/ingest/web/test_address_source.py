"""Addresses as sources, synced into a library from a site on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from test_sync import Shelf
from tiny_site import Answer, StillTime, TinySite, fetcher, packed, web_page

from index_store.article import Article
from index_store.errors import RunError
from ingest import sync
from ingest.article_file import ArticleReader
from ingest.sync import SyncReport
from ingest.web.address_source import AddressSource
from ingest.web.fetch_memory import FetchMemory

DAY = 86_400.0
# Long enough to be extracted in one go.
GRAIN = (
    "Ships unload grain at the old harbour, and the cranes work until dusk falls over the bay. The millers "
    "come down with their carts before the bells ring, weigh what they are given, sign for it in the book of "
    "the harbour master, and drive up the hill again while there is light."
)
SNOW = (
    "Snow closes the mountain road in January, and the village waits for the plough to come. Whoever has to "
    "go to the valley takes the path along the stream, which the foresters keep open with two horses, and is "
    "back on the evening of the next day if the weather holds."
)
LONG = f"{GRAIN} {SNOW} "


class CountingReader(ArticleReader):
    """Counts what it reads."""

    def __init__(self) -> None:
        super().__init__()
        self.made = 0

    def read_bytes(self, *arguments: object, **options: object) -> Article:
        self.made += 1
        return super().read_bytes(*arguments, **options)  # type: ignore[arg-type]


class Desk:
    """A library, a memory of what was fetched, and a clock."""

    def __init__(self, shelf: Shelf, memory: Path, time: StillTime) -> None:
        self.shelf = shelf
        self.memory = memory
        self.time = time
        self.reader = CountingReader()

    def sync(self, address: str) -> SyncReport:
        return self.shelf.sync(self.source(address))  # type: ignore[arg-type]

    def source(self, address: str, **options: object) -> AddressSource:
        return AddressSource(
            address,
            fetcher(self.time),
            self.reader,
            FetchMemory(self.memory),
            clock=self.time.clock,
            **options,  # type: ignore[arg-type]
        )

    def counts(self, address: str) -> dict[str, int]:
        plan = self.sync(address).plan
        return {
            action: plan.count(action)
            for action in ("add", "change", "delete", "keep", "skip")
            if plan.count(action)
        }

    def whys(self, address: str) -> list[str]:
        return [str(step.why) for step in self.sync(address).plan.of("skip")]

    def article(self, path: str) -> Article:
        stored = self.shelf.library.find(path)
        assert stored is not None
        return stored.article


@pytest.fixture
def desk(tmp_path: Path, time: StillTime) -> Iterator[Desk]:
    shelf = Shelf(tmp_path / "shelf")
    yield Desk(shelf, tmp_path / "fetched.json", time)
    shelf.client.close()


def rss(*items: str) -> str:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        "<channel><title>Marsh Press</title>"
        f"{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>"
    )


def linked(site: TinySite, path: str, rest: str = "") -> str:
    return f"<title>Entry {path}</title><link>{site.root}{path}</link>{rest}"


def whole(site: TinySite, path: str, text: str = LONG) -> str:
    return linked(site, path, f"<content:encoded><![CDATA[<p>{text}</p>]]></content:encoded>")


def mapped(site: TinySite, *paths: str, changed: str = "") -> str:
    lastmod = f"<lastmod>{changed}</lastmod>" if changed else ""
    return (
        f"<urlset>{''.join(f'<url><loc>{site.root}{path}</loc>{lastmod}</url>' for path in paths)}</urlset>"
    )


# A page or a document


def test_a_page_is_an_article_under_its_address(desk: Desk, site: TinySite) -> None:
    url = site.put("/grain", web_page("Grain", GRAIN, "<meta name='author' content='Ann Reed'>"))
    assert desk.counts(f"{url}#part") == {"add": 1}
    article = desk.article(url)
    assert (article.source, article.path, article.url, article.title) == (url, url, url, "Grain")
    assert article.text.count(GRAIN) == 1
    assert "All rights reserved" not in article.text
    assert str(article.fetched).startswith("1970-01-12T13:46:4")


def test_an_unchanged_page_is_not_sent_not_read_and_not_embedded(desk: Desk, site: TinySite) -> None:
    url = site.put("/grain", web_page("Grain", GRAIN), ETag='"1"')
    desk.sync(url)
    embedded, read = desk.shelf.embedder.embedded, desk.reader.made
    site.asked.clear()
    assert desk.counts(url) == {"keep": 1}
    assert site.asked[-1].headers["if-none-match"] == '"1"'
    assert (desk.shelf.embedder.embedded, desk.reader.made) == (embedded, read)


def test_a_page_that_is_sent_again_as_it_was_is_not_read_again(desk: Desk, site: TinySite) -> None:
    url = site.put("/grain", web_page("Grain", GRAIN))
    desk.sync(url)
    read = desk.reader.made
    assert desk.counts(url) == {"keep": 1}
    assert desk.reader.made == read


def test_a_page_whose_frame_alone_changes_is_kept(desk: Desk, site: TinySite) -> None:
    page = web_page("Grain", GRAIN)
    url = site.put("/grain", page)
    desk.sync(url)
    embedded = desk.shelf.embedder.embedded
    site.put("/grain", page.replace("All rights reserved", "Made in 0.03 s"))
    assert desk.counts(url) == {"keep": 1}
    assert desk.shelf.embedder.embedded == embedded


def test_a_changed_page_changes_its_article(desk: Desk, site: TinySite) -> None:
    url = site.put("/grain", web_page("Grain", GRAIN), ETag='"1"')
    desk.sync(url)
    site.put("/grain", web_page("Grain", SNOW), ETag='"2"')
    assert desk.counts(url) == {"change": 1}
    assert SNOW in desk.article(url).text


def test_a_page_may_name_its_own_address(desk: Desk, site: TinySite) -> None:
    url = site.put("/p?id=1&ref=2", web_page("Grain", GRAIN, "<link rel=canonical href='/grain'>"))
    desk.sync(url)
    assert desk.shelf.paths() == [f"{site.root}/grain"]
    assert desk.counts(url) == {"keep": 1}


def test_a_page_that_moved_moves_its_article(desk: Desk, site: TinySite) -> None:
    url = site.put("/old", web_page("Grain", GRAIN))
    desk.sync(url)
    site.put("/new", web_page("Grain", GRAIN))
    site.put("/old", status=301, Location="/new")
    assert desk.counts(url) == {"add": 1, "delete": 1}
    assert desk.shelf.paths() == [f"{site.root}/new"]


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_a_page_that_cannot_be_had_stays_and_is_told(desk: Desk, site: TinySite, status: int) -> None:
    url = site.put("/grain", GRAIN, "text/plain")
    desk.sync(url)
    site.put("/grain", "no", status=status)
    for _ in range(2):
        (why,) = desk.whys(url)
        assert why.startswith(f"{url}: ")
        assert f"HTTP {status}" in why
    assert desk.shelf.paths() == [url]


def test_a_page_that_is_gone_for_good_goes(desk: Desk, site: TinySite) -> None:
    url = site.put("/grain", web_page("Grain", GRAIN))
    desk.sync(url)
    site.put("/grain", "gone", status=410)
    assert desk.counts(url) == {"delete": 1}
    assert desk.shelf.paths() == []
    assert desk.counts(url) == {"skip": 1}


def test_what_robots_txt_refuses_stays_and_is_told(desk: Desk, site: TinySite) -> None:
    url = site.put("/grain", web_page("Grain", GRAIN))
    desk.sync(url)
    site.put("/robots.txt", "User-agent: *\nDisallow: /", "text/plain")
    assert "robots.txt refuses" in desk.whys(url)[0]
    assert desk.shelf.paths() == [url]


def test_a_page_that_became_empty_keeps_its_article(desk: Desk, site: TinySite) -> None:
    url = site.put("/grain", web_page("Grain", GRAIN))
    desk.sync(url)
    site.put("/grain", "<html><body></body></html>", ETag='"1"')
    for _ in range(2):
        assert desk.counts(url) == {"skip": 1}
    assert desk.shelf.paths() == [url]


def test_plain_text_and_markdown_are_documents(desk: Desk, site: TinySite) -> None:
    text = site.put("/grain.txt", f"{GRAIN}\n\n{SNOW}", "text/plain")
    markdown = site.put("/snow.md", f"# Snow\n\n{SNOW}", "text/plain")
    assert desk.counts(text) == {"add": 1}
    assert desk.counts(markdown) == {"add": 1}
    assert desk.article(markdown).title == "Snow"


def test_what_is_no_article_is_told(desk: Desk, site: TinySite) -> None:
    picture = site.put("/a.png", b"\x89PNG\x00\x00", "image/png")
    (why,) = desk.whys(picture)
    assert why.startswith(picture)
    other = site.put("/a.xml", "<?xml version='1.0'?><opml/>", "text/xml")
    assert "neither a feed nor a site map" in desk.whys(other)[0]


def test_the_servers_encoding_wins_over_the_pages(desk: Desk, site: TinySite) -> None:
    page = web_page("Käse", "Käse aus Köln. " * 20, "<meta charset='utf-8'>").encode("latin-1")
    url = site.put("/k", page, "text/html; charset=iso-8859-1")
    desk.sync(url)
    assert "Käse aus Köln" in desk.article(url).text


# A feed


def test_a_feed_with_summaries_gives_the_pages_texts(desk: Desk, site: TinySite) -> None:
    site.put("/grain", web_page("Grain", GRAIN))
    site.put("/snow", web_page("Snow", SNOW))
    dated = "<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate><author>ann@a.example (Ann Reed)</author>"
    tracked = linked(site, "/snow?utm_source=rss")
    feed = site.put("/feed", rss(linked(site, "/grain", dated), tracked), "application/rss+xml")
    assert desk.counts(feed) == {"add": 2}
    article = desk.article(f"{site.root}/grain")
    assert article.text.count(GRAIN) == 1
    assert (article.title, article.published, article.publisher) == ("Grain", "2026-03-02", "Marsh Press")
    assert "Ann Reed" in str(article.author)
    assert desk.article(f"{site.root}/snow").published is None


def test_the_pages_own_date_wins(desk: Desk, site: TinySite) -> None:
    head = "<meta property='article:published_time' content='2025-05-05T10:00:00Z'>"
    site.put("/grain", web_page("Grain", GRAIN, head))
    dated = "<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate>"
    desk.sync(site.put("/feed", rss(linked(site, "/grain", dated)), "text/xml"))
    assert desk.article(f"{site.root}/grain").published == "2025-05-05"


def test_a_feed_with_whole_texts_needs_no_page(desk: Desk, site: TinySite) -> None:
    feed = site.put("/feed", rss(whole(site, "/grain")), "application/rss+xml")
    assert desk.counts(feed) == {"add": 1}
    assert site.paths() == ["/feed"]
    article = desk.article(f"{site.root}/grain")
    assert (article.title, article.url) == ("Entry /grain", f"{site.root}/grain")
    assert GRAIN in article.text
    assert desk.counts(feed) == {"keep": 1}
    site.put("/feed", rss(whole(site, "/grain", f"{LONG} And then the tide turned.")), "application/rss+xml")
    assert desk.counts(feed) == {"change": 1}


def test_scripts_in_a_feeds_text_are_left_out(desk: Desk, site: TinySite) -> None:
    feed = site.put("/feed", rss(whole(site, "/grain", f"{LONG}<script>alert(1)</script>")), "text/xml")
    desk.sync(feed)
    assert "alert" not in desk.article(f"{site.root}/grain").text


def test_an_atom_feed_is_a_feed_too(desk: Desk, site: TinySite) -> None:
    site.put("/sub/grain", web_page("Grain", GRAIN))
    entry = "<entry><id>1</id><title>Grain</title><link href='grain'/><updated>2026-03-02T10:00:00Z</updated>"
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>M</title>{entry}<summary>x</summary></entry></feed>"
    desk.sync(site.put("/sub/feed", feed, "application/atom+xml"))
    assert desk.article(f"{site.root}/sub/grain").updated == "2026-03-02"


def test_what_left_the_feed_stays(desk: Desk, site: TinySite) -> None:
    site.put("/grain", web_page("Grain", GRAIN))
    feed = site.put("/feed", rss(linked(site, "/grain"), whole(site, "/snow")), "text/xml")
    desk.sync(feed)
    site.put("/feed", rss(), "text/xml")
    site.remove("/grain")
    site.asked.clear()
    assert desk.counts(feed) == {"keep": 2}
    assert site.paths() == ["/feed"]
    desk.memory.unlink()
    assert desk.counts(feed) == {}
    assert len(desk.shelf.paths()) == 2


def test_a_feed_that_has_not_changed_costs_one_request(desk: Desk, site: TinySite) -> None:
    site.put("/grain", web_page("Grain", GRAIN))
    feed = site.put("/feed", rss(linked(site, "/grain")), "text/xml", ETag='"1"')
    desk.sync(feed)
    site.asked.clear()
    assert desk.counts(feed) == {"keep": 1}
    assert site.paths() == ["/feed"]


def test_pages_are_asked_again_when_their_entry_changed_or_after_a_week(desk: Desk, site: TinySite) -> None:
    site.put("/grain", web_page("Grain", GRAIN), ETag='"1"')
    feed = site.put("/feed", rss(linked(site, "/grain")), "text/xml")
    desk.sync(feed)
    site.paths()
    desk.sync(feed)
    assert site.paths() == ["/feed"]
    desk.time.now += 8 * DAY
    desk.sync(feed)
    assert site.paths() == ["/feed", "/grain"]
    site.put("/feed", rss(linked(site, "/grain", "<description>New words</description>")), "text/xml")
    assert desk.counts(feed) == {"keep": 1}
    assert site.paths() == ["/feed", "/grain"]


def test_a_page_of_a_feed_that_fails_is_told_and_tried_again(desk: Desk, site: TinySite) -> None:
    site.put("/snow", web_page("Snow", SNOW))
    feed = site.put("/feed", rss(linked(site, "/grain"), linked(site, "/snow")), "text/xml", ETag='"1"')
    assert desk.counts(feed) == {"add": 1, "skip": 1}
    site.put("/grain", web_page("Grain", GRAIN))
    assert desk.counts(feed) == {"add": 1, "keep": 1}
    site.remove("/grain")
    desk.time.now += 8 * DAY
    site.put("/feed", rss(linked(site, "/grain"), linked(site, "/snow")), "text/xml")
    assert desk.counts(feed) == {"keep": 1, "skip": 1}
    assert len(desk.shelf.paths()) == 2
    site.put("/grain", "", status=410)
    assert desk.counts(feed) == {"delete": 1, "keep": 1}


def test_a_page_without_words_is_not_asked_for_at_every_sync(desk: Desk, site: TinySite) -> None:
    site.put("/empty", "<html><body></body></html>")
    feed = site.put("/feed", rss(linked(site, "/empty")), "text/xml", ETag='"1"')
    whys = desk.whys(feed)
    assert site.paths() == ["/feed", "/empty"]
    assert desk.whys(feed) == whys
    assert site.paths() == ["/feed"]
    desk.time.now += 2 * DAY
    site.put("/empty", web_page("Grain", GRAIN))
    assert desk.counts(feed) == {"add": 1}


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(b"<rss", "application/rss+xml"), "cannot be read as a feed"),
        (Answer(b"broken", "application/rss+xml"), "says that it is XML and is not"),
        (Answer(b"<html><p>Please log in."), "was a feed and now answers with a page"),
        (Answer(b""), "was a feed and now answers"),
        (Answer(status=404), "HTTP 404"),
        (Answer(status=410), "HTTP 410"),
        (Answer(status=500), "HTTP 500"),
    ],
)
def test_a_feed_that_cannot_be_read_is_one_skipped_step_and_deletes_nothing(
    desk: Desk, site: TinySite, answer: Answer, why: str
) -> None:
    feed = site.put("/feed", rss(whole(site, "/grain")), "application/rss+xml")
    desk.sync(feed)
    site.put_in_turn("/feed", answer)
    (told,) = desk.whys(feed)
    assert told.startswith(f"{feed}: ")
    assert why in told
    assert len(desk.shelf.paths()) == 1
    site.put("/feed", rss(whole(site, "/grain")), "application/rss+xml")
    assert desk.counts(feed) == {"keep": 1}


def test_a_broken_feed_gives_what_can_be_read_and_is_told(desk: Desk, site: TinySite) -> None:
    text = rss(whole(site, "/grain")).replace("</channel></rss>", "<item><title>A & B")
    assert desk.counts(site.put("/feed", text, "text/xml")) == {"add": 1, "skip": 2}


def test_entries_of_one_page_with_texts_of_their_own_are_articles_each(desk: Desk, site: TinySite) -> None:
    items = (whole(site, "/changes#v1", LONG), whole(site, "/changes#v2", LONG.replace("grain", "coal")))
    feed = site.put("/feed", rss(*items), "text/xml")
    assert desk.counts(feed) == {"add": 2}
    assert desk.counts(feed) == {"keep": 2}
    assert desk.shelf.paths() == [f"{site.root}/changes#v1", f"{site.root}/changes#v2"]


def test_an_entry_without_a_link_is_known_by_the_feed(desk: Desk, site: TinySite) -> None:
    item = f"<guid isPermaLink='false'>7</guid><description>{LONG * 3}</description>"
    feed = site.put("/feed", rss(item, "<title>Neither</title>"), "text/xml")
    assert desk.counts(feed) == {"add": 1, "skip": 1}
    (path,) = desk.shelf.paths()
    assert path.startswith(f"{feed}#")


def test_one_page_that_a_feed_names_twice_is_one_article(desk: Desk, site: TinySite) -> None:
    canonical = "<link rel=canonical href='/grain'>"
    for path in ("/grain", "/grain?page=all"):
        site.put(path, web_page("Grain", GRAIN, canonical))
    feed = site.put("/feed", rss(linked(site, "/grain"), linked(site, "/grain?page=all")), "text/xml")
    report = desk.sync(feed)
    assert desk.shelf.paths() == [f"{site.root}/grain"]
    assert "the same article as" in str(report.plan.of("skip")[0].why)


def test_a_library_that_was_lost_is_filled_again_from_what_is_remembered(
    desk: Desk, site: TinySite, tmp_path: Path
) -> None:
    site.put("/grain", web_page("Grain", GRAIN), ETag='"1"')
    dated = "<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate>"
    items = (linked(site, "/grain", dated), whole(site, "/snow"))
    feed = site.put("/feed", rss(*items), "text/xml", ETag='"1"')
    desk.sync(feed)
    other = Desk(Shelf(tmp_path / "other"), desk.memory, desk.time)
    assert other.counts(feed) == {"add": 2}
    assert other.article(f"{site.root}/grain").published == "2026-03-02"
    assert other.article(f"{site.root}/snow").title == "Entry /snow"
    other.shelf.client.close()


def test_another_way_of_reading_reads_all_pages_anew(
    desk: Desk, site: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.put("/grain", web_page("Grain", GRAIN), ETag='"1"')
    feed = site.put("/feed", rss(linked(site, "/grain")), "text/xml", ETag='"1"')
    desk.sync(feed)
    monkeypatch.setattr(sync, "PIPELINE_VERSION", "another")
    assert desk.counts(feed) == {"change": 1}
    site.remove("/grain")
    monkeypatch.setattr(sync, "PIPELINE_VERSION", "a third")
    assert desk.counts(feed) == {"skip": 1}
    assert len(desk.shelf.paths()) == 1


# A site map


def test_a_site_map_gives_its_pages_and_takes_what_it_no_longer_lists(desk: Desk, site: TinySite) -> None:
    site.put("/grain", web_page("Grain", GRAIN))
    site.put("/snow", web_page("Snow", SNOW))
    site.put("/pages.xml.gz", packed(mapped(site, "/grain", "/snow")), "application/gzip")
    index = f"<sitemapindex><sitemap><loc>{site.root}/pages.xml.gz</loc></sitemap></sitemapindex>"
    url = site.put("/sitemap.xml", index, "application/xml")
    assert desk.counts(url) == {"add": 2}
    site.put("/pages.xml.gz", packed(mapped(site, "/snow")), "application/gzip")
    assert desk.counts(url) == {"delete": 1, "keep": 1}
    assert desk.shelf.paths() == [f"{site.root}/snow"]


def test_a_packed_site_map_is_one_by_itself(desk: Desk, site: TinySite) -> None:
    site.put("/grain", web_page("Grain", GRAIN))
    url = site.put("/sitemap.xml.gz", packed(mapped(site, "/grain")), "application/octet-stream")
    assert desk.counts(url) == {"add": 1}


def test_a_site_map_that_was_not_read_whole_takes_nothing(desk: Desk, site: TinySite) -> None:
    for path, text in (("/grain", GRAIN), ("/snow", SNOW)):
        site.put(path, web_page(path, text))
        site.put(f"/map{path}", mapped(site, path), "text/xml")
    parts = "".join(f"<sitemap><loc>{site.root}/map{path}</loc></sitemap>" for path in ("/grain", "/snow"))
    url = site.put("/sitemap.xml", f"<sitemapindex>{parts}</sitemapindex>", "application/xml")
    assert desk.counts(url) == {"add": 2}
    for failing in (Answer(status=500), Answer(b"<html/>"), Answer(b"<urlset><url>", "text/xml")):
        site.put_in_turn("/map/grain", failing)
        assert desk.counts(url) == {"keep": 1, "skip": 1}
        assert len(desk.shelf.paths()) == 2


def test_pages_of_a_site_map_that_fail_stay(desk: Desk, site: TinySite) -> None:
    site.put("/grain", web_page("Grain", GRAIN))
    site.put("/p", web_page("Snow", SNOW, "<link rel=canonical href='/snow'>"))
    url = site.put("/sitemap.xml", mapped(site, "/grain", "/p"), "application/xml")
    desk.sync(url)
    for status in (404, 500):
        site.put("/p", "no", status=status)
        assert desk.counts(url) == {"keep": 1, "skip": 1}
    # Without the memory it is not known that /p is the article /snow: nothing may go.
    desk.memory.unlink()
    assert desk.counts(url) == {"keep": 1, "skip": 1}
    assert desk.shelf.paths() == [f"{site.root}/grain", f"{site.root}/snow"]


def test_pages_that_the_map_calls_unchanged_are_not_asked(desk: Desk, site: TinySite) -> None:
    site.put("/grain", web_page("Grain", GRAIN))
    url = site.put("/sitemap.xml", mapped(site, "/grain", changed="2026-03-01"), "application/xml")
    desk.sync(url)
    site.paths()
    assert desk.counts(url) == {"keep": 1}
    assert site.paths() == ["/sitemap.xml"]
    site.put("/grain", web_page("Grain", SNOW))
    site.put("/sitemap.xml", mapped(site, "/grain", changed="2026-03-02"), "application/xml")
    assert desk.counts(url) == {"change": 1}


def test_a_site_that_takes_too_long_goes_on_at_the_next_sync(desk: Desk, site: TinySite) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 30", "text/plain")
    for path in ("/a", "/b", "/c"):
        site.put(path, web_page(path, f"{GRAIN} {path}"))
    url = site.put("/sitemap.xml", mapped(site, "/a", "/b", "/c"), "application/xml")
    sleep = desk.time.sleep

    def long_sleep(seconds: float) -> None:
        sleep(seconds * 200)

    desk.time.sleep = long_sleep  # type: ignore[method-assign]
    assert desk.counts(url) == {"add": 2, "skip": 1}
    site.paths()
    assert desk.counts(url) == {"add": 1, "keep": 1, "skip": 1}
    assert site.paths() == ["/sitemap.xml", "/c", "/a"]


def test_a_site_map_that_becomes_a_page_deletes_nothing(desk: Desk, site: TinySite) -> None:
    site.put("/grain", web_page("Grain", GRAIN))
    url = site.put("/sitemap.xml", mapped(site, "/grain"), "application/xml")
    desk.sync(url)
    site.put("/sitemap.xml", web_page("Welcome", SNOW))
    assert "was a site map and now" in desk.whys(url)[0]
    assert desk.shelf.paths() == [f"{site.root}/grain"]


# All of them


def test_a_damaged_memory_loses_nothing(desk: Desk, site: TinySite) -> None:
    url = site.put("/grain", web_page("Grain", GRAIN), ETag='"1"')
    desk.sync(url)
    desk.memory.write_bytes(b'{"half')
    assert desk.counts(url) == {"keep": 1}


def test_a_dry_run_keeps_the_next_sync_from_nothing(desk: Desk, site: TinySite) -> None:
    url = site.put("/grain", web_page("Grain", GRAIN), ETag='"1"')
    feed = site.put("/feed", rss(linked(site, "/grain"), whole(site, "/snow")), "text/xml", ETag='"1"')
    for address in (url, feed):
        desk.shelf.plan(desk.source(address))  # type: ignore[arg-type]
    assert desk.counts(url) == {"add": 1}
    # The page is in both, and kept once for search: with the feed's date.
    assert desk.counts(feed) == {"add": 2, "change": 1}


def test_each_address_is_announced_before_it_is_asked(desk: Desk, site: TinySite) -> None:
    site.put("/grain", web_page("Grain", GRAIN))
    feed = site.put("/feed", rss(linked(site, "/grain")), "text/xml")
    heard: list[str] = []
    desk.shelf.plan(desk.source(feed, on_fetch=heard.append))  # type: ignore[arg-type]
    assert heard == [feed, f"{site.root}/grain"]


def test_who_hears_of_it_may_stop_it(desk: Desk, site: TinySite) -> None:
    class EnoughError(Exception):
        pass

    def stop(_: str) -> None:
        raise EnoughError

    url = site.put("/grain", web_page("Grain", GRAIN))
    with pytest.raises(EnoughError):
        desk.shelf.plan(desk.source(url, on_fetch=stop))  # type: ignore[arg-type]
    assert site.asked == []


def test_who_stops_it_while_a_page_is_read_leaves_no_blame_on_the_page(desk: Desk, site: TinySite) -> None:
    url = site.put("/grain", web_page("Grain", GRAIN), ETag='"1"')
    feed = site.put("/feed", rss(linked(site, "/grain")), "text/xml")
    desk.shelf.plan(desk.source(feed))  # type: ignore[arg-type]

    def stop(address: str) -> None:
        if address == url:
            raise RunError("Footnote is being closed")

    desk.shelf.plan(desk.source(feed, on_fetch=stop))  # type: ignore[arg-type]
    assert desk.counts(feed) == {"add": 1}


def test_the_time_that_a_plan_takes_is_told_by_the_last_sync(desk: Desk, site: TinySite) -> None:
    url = site.put("/grain", "\n\n".join(f"{number}. {LONG}" for number in range(70)), "text/plain")
    syncer = sync.LibrarySync(desk.shelf.library, desk.shelf.splitter)
    plan = syncer.plan([desk.source(url)])
    assert plan.characters > 30_000
    assert syncer.seconds_for(plan) == plan.characters / 10_000
    syncer.carry_out(plan)
    pace = float(desk.shelf.library.store.state()["characters_per_second"])
    assert syncer.seconds_for(plan) == plan.characters / pace
    assert syncer.seconds_for(syncer.plan([desk.source(url)])) == 0
