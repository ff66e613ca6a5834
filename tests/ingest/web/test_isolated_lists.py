"""Feeds and site maps are read in a process of their own, and come back as they would have been read here."""

import pytest

from ingest.errors import SourceUnread
from ingest.web.feed import read_feed
from ingest.web.isolated_lists import ListReaders, apart
from ingest.web.site_map import read_map_file
from ingest.web.web_fetcher import Fetched

FEED = (
    "<rss version='2.0'><channel><title>Ärger &amp; Co</title><language>de</language>"
    "<item><title>On rain</title><link>https://x.example/rain</link><pubDate>Thu, 05 Mar 2026 12:00:00 GMT"
    "</pubDate><description>Short.</description></item></channel></rss>"
)
MAP = "<urlset><url><loc>/a</loc><lastmod>2026-03-01</lastmod></url><url><loc>/b</loc></url></urlset>"


def answered(text: str) -> Fetched:
    return Fetched("https://x.example/list", text.encode("cp1252"), "text/xml", "cp1252")


@pytest.mark.whole
def test_what_is_read_apart_is_what_is_read_here() -> None:
    readers = apart()
    assert readers.feed(answered(FEED)) == read_feed(answered(FEED))
    assert readers.map_file(answered(MAP)) == read_map_file(answered(MAP))
    for read, here in ((readers.feed, read_feed), (readers.map_file, read_map_file)):
        with pytest.raises(SourceUnread) as caught:
            read(answered("no list"))
        with pytest.raises(SourceUnread) as expected:
            here(answered("no list"))
        assert str(caught.value) == str(expected.value)


@pytest.mark.parametrize(
    "program",
    [
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "print('nonsense')",
        'print(\'{"found": {"title": 5}}\')',
        "print('[]')",
        "print('[' * 9_000)",
        "import resource; resource.setrlimit(resource.RLIMIT_CPU, (0, 1))\nwhile True: pass",
    ],
)
@pytest.mark.whole
def test_a_process_that_crashes_or_spins_costs_that_list_and_no_more(program: str) -> None:
    with pytest.raises(SourceUnread, match=r"https://x\.example/list: reading it failed .*articles stay"):
        apart(("-c", program)).feed(answered(FEED))


def test_here_they_are_read_where_nothing_else_is_said() -> None:
    assert ListReaders().feed(answered(FEED)).title == "Ärger & Co"
