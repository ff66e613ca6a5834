"""Site maps as sources, synced into a library from a site on this machine."""

from address_desk import GRAIN, LONG, SNOW, Desk, mapped
from tiny_site import Answer, TinySite, packed, web_page


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


def test_a_site_that_sends_everybody_to_one_page_for_now_loses_none(desk: Desk, site: TinySite) -> None:
    paths = ("/a", "/b", "/c")
    for path in paths:
        site.put(path, web_page(path, f"{LONG} Of {path}."))
    map = site.put("/map.xml", mapped(site, *paths), "text/xml")
    desk.sync(map)
    site.put("/log-in", web_page("Log in", LONG))
    for path in paths:
        site.put(path, "", status=302, Location="/log-in")
    assert desk.counts(map) == {"skip": 3}
    assert desk.shelf.paths() == [f"{site.root}{path}" for path in paths]


def test_a_site_map_that_lists_nothing_any_more_takes_nothing(desk: Desk, site: TinySite) -> None:
    site.put("/a", web_page("A", LONG))
    map = site.put("/map.xml", mapped(site, "/a"), "text/xml")
    desk.sync(map)
    for empty in ("<urlset></urlset>", "<sitemapindex></sitemapindex>"):
        site.put("/map.xml", empty, "text/xml")
        (why,) = desk.whys(map)
        assert "lists no page any more" in why
    assert desk.shelf.paths() == [f"{site.root}/a"]
