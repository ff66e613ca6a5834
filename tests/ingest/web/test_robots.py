"""What a site asks of programs is asked for once, and kept to."""

import tracemalloc

import pytest

from ingest.errors import AddressRefused, FetchFailed, FetchRefused
from ingest.web.robots import RobotsRules

RULES = b"""
User-agent: *
Disallow: /private/
Crawl-delay: 7

User-agent: Greedy
Disallow: /
"""


class Sites:
    def __init__(self, answer: bytes | FetchFailed) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def get(self, url: str) -> bytes:
        self.asked.append(url)
        if isinstance(self.answer, FetchFailed):
            raise self.answer
        return self.answer


def test_each_site_is_asked_once() -> None:
    sites = Sites(RULES)
    rules = RobotsRules(sites.get)
    for url in (
        "https://a.example/x",
        "https://a.example/y?z",
        "http://a.example/",
        "https://a.example:8443/",
    ):
        assert rules.check(url) == 7.0
    assert sites.asked == [
        "https://a.example/robots.txt",
        "http://a.example/robots.txt",
        "https://a.example:8443/robots.txt",
    ]


def test_what_is_refused_is_told_with_what_to_do() -> None:
    rules = RobotsRules(Sites(RULES).get)
    with pytest.raises(FetchRefused, match=r"^https://a\.example/private/x: .*robots\.txt refuses it; save"):
        rules.check("https://a.example/private/x")


def test_rules_for_us_by_name_win() -> None:
    rules = RobotsRules(Sites(b"User-agent: *\nDisallow: /\n\nUser-agent: footnote\nDisallow: /x\n").get)
    assert rules.check("https://a.example/y") is None
    with pytest.raises(FetchFailed):
        rules.check("https://a.example/x")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_site_without_the_file_allows_all(status: int) -> None:
    rules = RobotsRules(Sites(FetchFailed("u", "none", status=status)).get)
    assert rules.check("https://a.example/x") is None


@pytest.mark.parametrize("status", [None, 429, 500, 503])
def test_a_site_that_fails_is_left_alone_for_now(status: int | None) -> None:
    sites = Sites(FetchFailed("u", "it broke", status=status))
    rules = RobotsRules(sites.get)
    for _ in range(2):
        with pytest.raises(FetchFailed, match=r"robots\.txt cannot be read now \(it broke\)") as caught:
            rules.check("https://a.example/x")
        assert caught.value.status == status
    assert len(sites.asked) == 1


def test_a_refused_address_is_told_as_such() -> None:
    rules = RobotsRules(Sites(AddressRefused("a.example", "its address is not public")).get)
    with pytest.raises(AddressRefused, match="not public"):
        rules.check("https://a.example/x")


@pytest.mark.parametrize("junk", [b"", b"\xff\xfe\x00", b"<html>Not found</html>", b"Disallow", b"\n" * 1000])
def test_a_file_that_is_none_allows_all(junk: bytes) -> None:
    assert RobotsRules(Sites(junk).get).check("https://a.example/x") is None


def test_thousands_of_names_and_rules_in_one_group_cost_no_more_than_reading_them() -> None:
    others = "".join(f"User-agent: a{number}\n" for number in range(5_000))
    rules = "".join(f"Disallow: /{number}\n" for number in range(5_000))
    # For each name all rules would be kept: 25 million, gigabytes.
    tracemalloc.start()
    try:
        allowed = RobotsRules(Sites(f"{others}{rules}".encode()).get).check("https://a.example/7")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert allowed is None
    assert peak < 50 * 2**20


@pytest.mark.parametrize("name", ["Footnote", "footnote*", "FOOTNOTE # that is us", "*", " Footnote  "])
@pytest.mark.parametrize("field", ["User-agent:", "user agent :", "USERAGENT", "User-Agent"])
def test_rules_for_us_are_found_among_those_for_others(field: str, name: str) -> None:
    file = f"{field} Greedy\n{field} {name}\nDisallow: /x\n\n{field} Other\nDisallow: /y\n"
    rules = RobotsRules(Sites(file.encode()).get)
    assert rules.check("https://a.example/y") is None
    with pytest.raises(FetchFailed):
        rules.check("https://a.example/x")
