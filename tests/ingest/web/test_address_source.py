"""Addresses as sources, whatever they answer with, synced into a library from a site on this machine."""

import pytest
from address_desk import GRAIN, LONG, Desk, linked, mapped, rss, whole
from tiny_site import TinySite, web_page

from index_store.errors import RunError
from ingest import sync
from ingest.web.fetch_memory import FetchMemory


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


def test_who_is_killed_half_a_minute_later_need_not_begin_anew(desk: Desk, site: TinySite) -> None:
    pages = [f"/page{number}" for number in range(4)]
    for path in pages:
        site.put(path, web_page(path, f"{GRAIN} This is {path}."), ETag='"1"')
    map = site.put("/map.xml", mapped(site, *pages, changed="2026-03-01"), "text/xml")
    scan = desk.source(map).scan()
    for _ in range(2):
        next(scan)
        desk.time.now += 40
    next(scan)
    killed = scan  # what it would keep at its end is not kept
    assert len(FetchMemory(desk.memory).source(map).pages) == 2
    assert desk.counts(map) == {"add": 4}
    killed.close()
