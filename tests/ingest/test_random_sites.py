"""A site that changes at random, by map and by feed: the library follows, and loses nothing to a failure."""

import random
from pathlib import Path
from zlib import crc32

import pytest
from tiny_shelf import Shelf

from ingest.article_file import ArticleReader
from ingest.errors import FetchFailed
from ingest.web.address_source import AddressSource
from ingest.web.fetch_memory import FetchMemory
from ingest.web.web_fetcher import Fetched, Validators

ROOT = "https://a.example"
LIST = f"{ROOT}/list"


class Site:
    """Pages by number, in memory; some of them fail for a while, and some say how they can be told again."""

    def __init__(self, chance: random.Random, *, is_feed: bool) -> None:
        self.chance = chance
        self.is_feed = is_feed
        self.texts: dict[str, str] = {}
        self.failing: dict[str, int] = {}
        self.listed: list[str] = []
        self.count = 0

    def change(self) -> None:
        """One round of a site's life."""
        for _ in range(self.chance.randrange(4)):
            url = f"{ROOT}/{self.count}.txt"
            self.count += 1
            self.texts[url] = f"Page {self.count}, first state."
            self.listed.append(url)
        for url in self.some(0.2):
            self.texts[url] = f"{url} in state {self.chance.random()}."
        for url in self.some(0.15):
            self.listed.remove(url)
        self.failing = {url: self.chance.choice((404, 410, 500)) for url in self.some(0.2)}
        if self.chance.random() < 0.2:
            self.failing[LIST] = 500

    def some(self, share: float) -> list[str]:
        return [url for url in self.listed if self.chance.random() < share]

    def fetch(
        self, url: str, *, known: Validators | None = None, ports: frozenset[int] = frozenset()
    ) -> Fetched:
        if url in self.failing:
            raise FetchFailed(url, "it fails", status=self.failing[url])
        data = self.list() if url == LIST else self.texts[url].encode()
        tells = url == LIST or len(url) % 2 == 0
        tag = Validators(url, etag=str(crc32(data)) if tells else None)
        if known is not None and known.etag and known == tag:
            return Fetched(url, validators=tag, is_unchanged=True)
        return Fetched(url, data, "text/xml" if url == LIST else "text/plain", validators=tag)

    def list(self) -> bytes:
        if self.is_feed:
            # A new state is told of, as feeds do with a new date.
            items = (
                f"<item><link>{url}</link><description>{self.texts[url]}</description></item>"
                for url in self.listed
            )
            return f"<rss version='2.0'><channel>{''.join(items)}</channel></rss>".encode()
        return f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in self.listed)}</urlset>".encode()


@pytest.mark.whole
@pytest.mark.parametrize("is_feed", [False, True], ids=["site map", "feed"])
@pytest.mark.parametrize(
    ("seed", "rounds"), [(7, 8), *(pytest.param(seed, 60, marks=pytest.mark.long) for seed in range(2, 6))]
)
def test_the_library_is_as_the_site_or_as_it_was(
    shelf: Shelf, tmp_path: Path, seed: int, rounds: int, is_feed: bool
) -> None:
    chance = random.Random(seed)
    site = Site(chance, is_feed=is_feed)
    memory = tmp_path / "fetched.json"
    expected: dict[str, str] = {}
    for _ in range(rounds):
        site.change()
        source = AddressSource(LIST, site, ArticleReader(), FetchMemory(memory))
        if chance.random() < 0.2:
            shelf.plan(source)  # type: ignore[arg-type]
        if chance.random() < 0.1:
            memory.unlink(missing_ok=True)
        report = shelf.sync(AddressSource(LIST, site, ArticleReader(), FetchMemory(memory)))  # type: ignore[arg-type]
        if LIST in site.failing:
            assert [step.action for step in report.plan.steps] == ["skip"]
        else:
            _follow(site, expected, is_feed=is_feed, lost=report.plan.count("skip") > 0)
        stored = {row.path: shelf.library.store.article(row.key) for row in shelf.library.articles()}
        found = {path: one.article.text for path, one in stored.items() if one is not None}
        assert {path: found.get(path) for path in expected} == expected
        # What a map that was not read whole no longer lists may stay for a while.
        assert is_feed or set(found) - set(expected) <= set(site.texts) - set(site.listed)
    site.failing = {}
    shelf.sync(AddressSource(LIST, site, ArticleReader(), FetchMemory(memory)))  # type: ignore[arg-type]
    if not is_feed:
        assert shelf.texts() == {site.texts[url] for url in site.listed}
    assert shelf.library.store.count() == len(shelf.paths())


def _follow(site: Site, expected: dict[str, str], *, is_feed: bool, lost: bool) -> None:
    """What the library must hold after a sync that could read the list."""
    for url in site.listed:
        status = site.failing.get(url)
        if status == 410:
            expected.pop(url, None)
        elif status is None:
            expected[url] = site.texts[url]
    if not is_feed:
        for url in set(expected) - set(site.listed):
            del expected[url]
