"""Site maps: plain, packed, by way of an index, and without end."""

import pytest
from tiny_site import packed

from ingest.errors import FetchFailed, SourceUnread
from ingest.web import site_map
from ingest.web.site_map import MappedPage, SiteMap, read_site_map
from ingest.web.web_fetcher import Fetched

ROOT = "https://a.example"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def pages(*paths: str, changed: str = "") -> str:
    lastmod = f"<lastmod>{changed}</lastmod>" if changed else ""
    return f"<urlset {NS}>{''.join(f'<url><loc>{path}</loc>{lastmod}</url>' for path in paths)}</urlset>"


def index(*paths: str) -> str:
    maps = "".join(f"<sitemap><loc>{path}</loc></sitemap>" for path in paths)
    return f"<sitemapindex {NS}>{maps}</sitemapindex>"


class Maps:
    """Maps by their path; counts what is fetched."""

    def __init__(self, **maps: str | bytes) -> None:
        self.maps = maps
        self.fetched: list[str] = []

    def fetch(self, url: str) -> Fetched:
        name = url.removeprefix(f"{ROOT}/")
        self.fetched.append(name)
        if name not in self.maps:
            raise FetchFailed(url, "it answers HTTP 500", status=500)
        data = self.maps[name]
        return Fetched(url, data.encode() if isinstance(data, str) else data)

    def read(self, name: str) -> SiteMap:
        return read_site_map(self.fetch(f"{ROOT}/{name}"), self.fetch)


def test_pages_with_the_day_of_their_change() -> None:
    found = Maps(map=pages(" https://a.example/x?a=1&amp;b=2#part\n", "/y", changed="2026-03-01")).read("map")
    assert list(found.pages.values()) == [
        MappedPage(f"{ROOT}/x?a=1&b=2", "2026-03-01"),
        MappedPage(f"{ROOT}/y", "2026-03-01"),
    ]
    assert found.is_whole


def test_an_index_leads_to_packed_and_plain_maps() -> None:
    maps = Maps(top=index("/one.gz", "/two"), two=pages("/b"), **{"one.gz": packed(pages("/a"))})
    found = maps.read("top")
    assert list(found.pages) == [f"{ROOT}/a", f"{ROOT}/b"]
    assert found.is_whole


def test_a_map_without_the_namespace_is_read_too() -> None:
    assert len(Maps(map=pages("/a").replace(NS, "")).read("map").pages) == 1


def test_a_page_listed_twice_counts_once() -> None:
    assert len(Maps(map=pages("/a", "/a#b", "/a?utm_source=x")).read("map").pages) == 1


def test_a_part_that_is_away_leaves_the_map_not_whole() -> None:
    found = Maps(top=index("/gone", "/two"), two=pages("/b")).read("top")
    assert list(found.pages) == [f"{ROOT}/b"]
    assert found.problems == [(f"{ROOT}/gone", "it answers HTTP 500")]
    assert not found.is_whole


@pytest.mark.parametrize(
    "part", ["<html>Log in</html>", "", pages("/a")[:-20], "<urlset><url>", packed("x" * 99)[:-9]]
)
def test_a_part_that_is_no_map_leaves_the_map_not_whole(part: str | bytes) -> None:
    found = Maps(top=index("/part"), part=part).read("top")
    assert len(found.problems) == 1
    assert found.problems[0][0] == f"{ROOT}/part"


@pytest.mark.parametrize("data", ["<html/>", "", "<urlset><url>", "{}"])
def test_a_first_file_that_is_no_map_is_told(data: str) -> None:
    with pytest.raises(SourceUnread, match=r"^https://a\.example/map: .*check"):
        Maps(map=data).read("map")


def test_maps_in_a_circle_are_read_once() -> None:
    maps = Maps(top=index("/two", "/top"), two=index("/top", "/two", "/three"), three=pages("/a"))
    found = maps.read("top")
    assert maps.fetched == ["top", "two", "three"]
    assert (list(found.pages), found.is_whole) == ([f"{ROOT}/a"], True)


def test_indexes_too_deep_are_not_followed() -> None:
    maps = Maps(top=index("/one"), one=index("/two"), two=index("/three"), three=index("/four"))
    found = maps.read("top")
    assert maps.fetched == ["top", "one", "two", "three"]
    assert "indexes deep" in found.problems[0][1]


def test_maps_and_pages_without_end_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_map, "MOST_MAPS", 3)
    many = {f"m{number}": pages(f"/{number}") for number in range(9)}
    maps = Maps(top=index(*(f"/{name}" for name in many)), **many)
    found = maps.read("top")
    assert maps.fetched == ["top", "m0", "m1", "m2"]
    assert not found.is_whole
    monkeypatch.setattr(site_map, "MOST_PAGES", 1000)
    found = Maps(map=pages(*(f"/{number}" for number in range(5000)))).read("map")
    assert len(found.pages) == 1000
    assert found.problems == [(f"{ROOT}/map", "it lists over 1000 pages; the first are taken")]
    maps = Maps(
        top=index("/one", "/two"), one=pages(*(f"/{number}" for number in range(1000))), two=pages("/x")
    )
    found = maps.read("top")
    assert maps.fetched == ["top", "one"]
    assert not found.is_whole


def test_a_line_that_is_no_address_is_told() -> None:
    found = Maps(map=pages("/a", "ftp://a.example/b", "http://[")).read("map")
    assert list(found.pages) == [f"{ROOT}/a"]
    assert found.problems == [
        (f"{ROOT}/map", "it lists 'ftp://a.example/b' and 1 more, which is no web address")
    ]


def test_lines_without_end_are_not_all_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_map, "_MOST_LINES", 5)
    found = Maps(map=pages(*["/a"] * 4, "/b", "/c")).read("map")
    assert list(found.pages) == [f"{ROOT}/a", f"{ROOT}/b"]
    assert "over 5 lines" in found.problems[0][1]


def test_entities_do_not_grow_and_files_are_not_read() -> None:
    bomb = (
        '<!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
        "<urlset><url><loc>/&b;&f;</loc></url><url><loc>/x</loc></url></urlset>"
    )
    found = Maps(map=bomb).read("map")
    assert f"{ROOT}/x" in found.pages
    assert not any("aaa" in url or "root" in url for url in found.pages)
