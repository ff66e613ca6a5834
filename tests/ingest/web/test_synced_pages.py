"""A page or a document at an address, synced into a library from a site on this machine."""

import pytest
from address_desk import DAY, GRAIN, SNOW, Desk, mapped
from tiny_site import TinySite, web_page

from ingest.errors import ArticleUnreadable
from ingest.text.page_head import PageHead


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


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_page_that_leads_elsewhere_for_now_stays_and_is_told(
    desk: Desk, site: TinySite, status: int
) -> None:
    url = site.put("/grain", web_page("Grain", GRAIN))
    desk.sync(url)
    site.put("/repair", web_page("We are back soon", SNOW))
    site.put("/grain", "", status=status, Location="/repair")
    assert desk.whys(url) == [f"{url}: it leads to {site.root}/repair for now; its article stays"]
    assert desk.article(url).title == "Grain"
    site.put("/grain", web_page("Grain", GRAIN))
    assert desk.counts(url) == {"keep": 1}


@pytest.mark.parametrize("listed", [False, True])
def test_a_page_whose_head_crashes_its_reader_stays_and_costs_no_other(
    desk: Desk, site: TinySite, monkeypatch: pytest.MonkeyPatch, *, listed: bool
) -> None:
    own = "<link rel=canonical href='/own'>"
    url = page = site.put("/grain", web_page("Grain", GRAIN, own), ETag='"1"')
    if listed:
        site.put("/snow", web_page("Snow", SNOW), ETag='"1"')
        url = site.put("/map.xml", mapped(site, "/grain", "/snow"), "text/xml")
    desk.sync(url)
    read_head = desk.reader.page_head

    def crash(data: bytes, url: str) -> PageHead:
        if b"crash" in data:
            raise ArticleUnreadable(f"{url}: reading it crashed its reader; remove it")
        return read_head(data, url)

    monkeypatch.setattr(desk.reader, "page_head", crash)
    site.put("/grain", web_page("crash", GRAIN, own), ETag='"2"')
    desk.time.now += 8 * DAY
    before = desk.shelf.paths()
    for _ in range(2):
        (why,) = desk.whys(url)
        path = f"{site.root}/own" if listed else page
        assert why == f"{path}: reading it crashed its reader; remove it"
        assert desk.shelf.paths() == before
    site.put("/grain", web_page("Mended", SNOW, own), ETag='"2"')
    desk.time.now += 8 * DAY
    assert desk.counts(url) == ({"change": 1, "keep": 1} if listed else {"change": 1})


def test_a_page_whose_head_cannot_be_read_leaves_the_articles_of_its_site(
    desk: Desk, site: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.put("/grain", web_page("Grain", GRAIN, "<link rel=canonical href='/own'>"))
    url = site.put("/map.xml", mapped(site, "/grain"), "text/xml")
    desk.sync(url)
    desk.memory.unlink()  # what the page is known by is known no more

    def crash(_: bytes, url: str) -> PageHead:
        raise ArticleUnreadable(f"{url}: reading it crashed its reader; remove it")

    monkeypatch.setattr(desk.reader, "page_head", crash)
    assert desk.counts(url) == {"skip": 1}
    assert desk.shelf.paths() == [f"{site.root}/own"]
