"""A web address as a source of articles: a page, a document, a feed or a site map, as it turns out."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import Protocol

from index_store.article import Article
from index_store.errors import FootnoteError
from ingest.article_file import ArticleReader
from ingest.errors import AddressUnusable, FetchFailed, SourceUnread
from ingest.folder_source import FoundArticle
from ingest.web.address_kind import Kind, kind_of, unpacked_answer
from ingest.web.feed import Feed, FeedEntry
from ingest.web.fetch_memory import FetchMemory
from ingest.web.fetched_article import entry_article, fetched_article, with_entry
from ingest.web.isolated_lists import ListReaders
from ingest.web.page_visits import ListedPage, PageVisits
from ingest.web.site_map import read_site_map
from ingest.web.web_address import page_address, port_of, web_address
from ingest.web.web_fetcher import Fetched, Validators

_GONE = 410
_SAVE_EVERY_SECONDS = 30.0


class Fetcher(Protocol):
    """What fetches: ingest.web.web_fetcher.WebFetcher, or a fake."""

    def fetch(
        self, url: str, *, known: Validators | None = None, ports: frozenset[int] = frozenset()
    ) -> Fetched:
        """What is at `url`. Raises FetchFailed."""
        ...


OnFetch = Callable[[str], None]
"""Hears of each address before it is asked; may raise to stop."""


def unheard(_: str) -> None:
    """Nobody who would be told."""


class AddressSource:
    """One address and all that it lists. An article's path is its canonical address.

    A feed holds its latest entries alone, so what left it stays in the library. A page that a site map no
    longer lists goes, when all of the map was read. A page that cannot be had stays; one that the server
    calls gone for good (410) goes.
    """

    def __init__(
        self,
        address: str,
        fetcher: Fetcher,
        reader: ArticleReader,
        memory: FetchMemory,
        *,
        on_fetch: OnFetch = unheard,
        clock: Callable[[], float] = time.time,
        lists: ListReaders | None = None,
    ) -> None:
        """`clock` is Unix time; `lists` read feeds and site maps. Raises AddressUnusable."""
        self._lists = lists or ListReaders()
        self._address = web_address(address)
        self._fetcher = fetcher
        self._reader = reader
        self._memory = memory
        self._on_fetch = on_fetch
        self._clock = clock
        self._ports = frozenset({port_of(self._address)})
        self._is_complete = False
        self._feed: Feed | None = None

    @property
    def id(self) -> str:
        """What the library knows this source by: its address."""
        return self._address

    @property
    def is_complete(self) -> bool:
        """Whether all was read: never of a feed; of a site map when none of its parts was missing."""
        return self._is_complete

    @property
    def drives(self) -> Mapping[str, str]:
        """See Source."""
        return {}

    @cached_property
    def _visits(self) -> PageVisits:
        memory = self._memory.source(self._address)
        return PageVisits(memory, self._ask, self._clock, read_head=self._reader.page_head)

    def scan(self) -> Iterator[FoundArticle]:
        """The articles, each asked of its server first where it may have changed.

        Raises FetchFailed when the address does not answer, SourceUnread when it answers with something else
        than before.
        """
        self._is_complete, self._feed = False, None
        known = self._visits.memory
        page = known.pages.get(self._address)
        anew = known.kind == "site map" or (page is not None and page.problem)
        try:
            answer = self._ask(self._address, None if anew else known.validators)
            known.kind = self._kind(answer)
            if known.kind == "feed":
                yield from self._saving(self._of_feed(answer))
            elif known.kind == "site map":
                yield from self._saving(self._of_site_map(answer))
            else:
                yield self._visits.take(ListedPage(self._address), answer)
                known.validators = answer.validators
                self._is_complete = known.pages[self._address].problem is None
        except FetchFailed as error:
            if error.status != _GONE or known.kind not in ("page", "document") or page is None:
                raise
            yield FoundArticle(page.path, why_not=error.reason, is_gone=True)
        finally:
            self._memory.save()

    def fingerprint(self, found: FoundArticle) -> str | None:
        """The SHA-256 of what the article was read from, as far as the server says that it is still that."""
        visit = self._visits.last(found.path)
        return visit.page.fingerprint if visit else None

    def read(self, found: FoundArticle) -> Article:
        """The article that was found last, from what the scan fetched; fetched now, where it was not.

        Raises FetchFailed, and what the reader raises.
        """
        visit = self._visits.last(found.path)
        if visit is None:
            raise SourceUnread(f"{found.path}: it was not found just now; sync again")
        entry = visit.listed.entry
        if entry is None and self._visits.memory.kind == "feed":
            entry = self._entry_again(visit.listed.url)
        in_feed = entry is not None and entry.content is not None and visit.answer is None
        answer = None if in_feed else visit.answer or self._ask(visit.listed.url, None)
        known_as = {"source": self._address, "path": found.path, "fetched": self._now()}
        try:
            if answer is not None:
                article = fetched_article(self._reader, answer, **known_as)
            else:
                assert entry is not None
                article = entry_article(self._reader, entry, **known_as)
        except FootnoteError as error:
            # Remembered, so that it is not fetched again for nothing.
            visit.page.problem = str(error).removeprefix(f"{found.path}: ")
            raise
        if entry is None:
            return article
        return with_entry(article, entry, self._feed)

    def _saving(self, pages: Iterator[FoundArticle]) -> Iterator[FoundArticle]:
        """The pages, with what is learned of them kept now and then: who is killed need not begin anew."""
        saved = self._clock()
        for found in pages:
            yield found
            if self._clock() - saved >= _SAVE_EVERY_SECONDS:
                self._memory.save()
                saved = self._clock()

    def _ask(self, url: str, known: Validators | None) -> Fetched:
        self._on_fetch(url)
        return self._fetcher.fetch(url, known=known, ports=self._ports)

    def _now(self) -> str:
        return datetime.fromtimestamp(self._clock(), UTC).isoformat(timespec="seconds")

    def _kind(self, answer: Fetched) -> Kind:
        before = self._visits.memory.kind
        if answer.is_unchanged:
            return before or "page"
        kind = kind_of(unpacked_answer(answer))
        if before in ("feed", "site map") and kind in ("page", "document"):
            raise SourceUnread(
                f"{self._address}: it was a {before} and now answers with a {kind}; its articles stay; "
                "check the address"
            )
        return kind

    def _of_feed(self, answer: Fetched) -> Iterator[FoundArticle]:
        known = self._visits.memory
        if answer.is_unchanged:
            yield from self._remembered(set())
            return
        self._feed = self._lists.feed(answer)
        failures = 0
        if self._feed.problem:
            yield FoundArticle(self._address, why_not=self._feed.problem)
        listed: list[ListedPage] = []
        for entry in self._feed.entries:
            try:
                listed.append(ListedPage(self._place_of(entry), entry.mark, entry))
            except AddressUnusable:
                place = f"{self._address}#{entry.id}"
                yield FoundArticle(place, why_not="it has neither text nor a usable link")
        for found in self._visits.each(listed):
            failures += found.why_not is not None
            yield found
        named = {one.url for one in listed}
        failures += any(page.problem for url, page in known.pages.items() if url in named)
        yield from self._remembered(named)
        # With one that failed, the feed is to be sent again, so that it can be tried again.
        known.validators = None if failures else answer.validators

    def _remembered(self, named: set[str]) -> Iterator[FoundArticle]:
        """What is in the library and is not sent by the feed; nothing is asked for that."""
        old = [
            ListedPage(url, page.mark)
            for url, page in self._visits.memory.pages.items()
            if url not in named and page.problem is None
        ]
        yield from self._visits.each(old, ask=False)

    def _of_site_map(self, answer: Fetched) -> Iterator[FoundArticle]:
        known = self._visits.memory
        site = read_site_map(answer, lambda url: self._ask(url, None), read_file=self._lists.map_file)
        for url, problem in site.problems:
            yield FoundArticle(url, why_not=problem)
        if site.is_whole and not site.pages and known.pages:
            raise SourceUnread(
                f"{self._address}: the site map lists no page any more; its articles stay; check the "
                "address, or remove the source"
            )
        unknown = [url for url in site.pages if url not in known.pages]
        listed = [ListedPage(page.url, page.changed) for page in site.pages.values()]
        # Those that waited longest come first, so that each has its turn where there is no time for all.
        checked = {url: page.checked for url, page in known.pages.items()}
        yield from self._visits.each(sorted(listed, key=lambda one: checked.get(one.url, 0.0)))
        # A page that could never be read may be known to the library under another address.
        lost = any(url not in known.pages for url in unknown)
        self._is_complete = site.is_whole and not lost
        if self._is_complete:
            for url in set(known.pages) - set(site.pages):
                del known.pages[url]

    def _place_of(self, entry: FeedEntry) -> str:
        """The address that an entry is known by. Raises AddressUnusable when it has none."""
        if entry.link:
            url, part = page_address(entry.link), entry.link.partition("#")[2]
            # Entries that lead to parts of one page are articles of their own when the feed has their texts.
            return f"{url}#{part}" if part and entry.content is not None else url
        if entry.content is None:
            raise AddressUnusable(f"entry {entry.id!r}: no link")
        return f"{self._address}#{sha256(entry.id.encode()).hexdigest()[:16]}"

    def _entry_again(self, url: str) -> FeedEntry | None:
        """The entry of that address as the feed has it now, asked for once; None when it left the feed."""
        if self._feed is None:
            self._feed = self._lists.feed(self._ask(self._address, None))
        for entry in self._feed.entries:
            try:
                if self._place_of(entry) == url:
                    return entry
            except AddressUnusable:
                continue
        return None
