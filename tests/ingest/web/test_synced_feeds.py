"""Feeds as sources, synced into a library from a site on this machine."""

from pathlib import Path

import pytest
from address_desk import DAY, GRAIN, LONG, SNOW, Desk, linked, rss, whole
from test_sync import Shelf
from tiny_site import Answer, TinySite, web_page

from ingest import sync


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
