"""A web address as a source of articles: a page, a document, a feed or a site map, as it turns out."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Protocol

from index_store.article import Article
from index_store.errors import FootnoteError
from ingest.address_kind import Kind, kind_of, unpacked_answer
from ingest.article_file import ArticleReader
from ingest.errors import AddressUnusable, FetchFailed, SourceUnread
from ingest.feed import Feed, FeedEntry, read_feed
from ingest.fetch_memory import FetchMemory, PageMemory
from ingest.fetched_article import entry_article, fetched_article, with_entry
from ingest.folder_source import FoundArticle
from ingest.page_head import read_page_head
from ingest.site_map import read_site_map
from ingest.web_address import canonical_address, page_address, port_of, web_address
from ingest.web_fetcher import Fetched, Validators

# A page of which the feed or the site map says what it said before is asked again after this long.
_ASK_AGAIN_SECONDS = 7 * 86_400.0
# One that was no article, sooner: it may have been empty by mistake, or another way of reading may help.
_TRY_AGAIN_SECONDS = 86_400.0
_LARGEST_UNPACKED = 50 * 2**20
_GONE = 410


class Fetcher(Protocol):
    """What fetches: ingest.web_fetcher.WebFetcher, or a fake."""

    def fetch(
        self, url: str, *, known: Validators | None = None, ports: frozenset[int] = frozenset()
    ) -> Fetched:
        """What is at `url`. Raises FetchFailed."""
        ...


OnFetch = Callable[[str], None]
"""Hears of each address before it is asked; may raise to stop."""


def unheard(_: str) -> None:
    """Nobody who would be told."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """A page that the source lists. `mark` is what the list says of it, `entry` what a feed says."""

    url: str
    mark: str | None = None
    entry: FeedEntry | None = None


@dataclass(frozen=True, slots=True)
class _Held:
    """What the article that was found last can be read from."""

    listed: _Listed
    memory: PageMemory
    answer: Fetched | None = None


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
    ) -> None:
        """`clock` is Unix time. Raises AddressUnusable."""
        self._address = web_address(address)
        self._fetcher = fetcher
        self._reader = reader
        self._memory = memory
        self._on_fetch = on_fetch
        self._clock = clock
        self._ports = frozenset({port_of(self._address)})
        self._is_complete = False
        self._held: dict[str, _Held] = {}
        self._feed: Feed | None = None

    @property
    def id(self) -> str:
        """What the library knows this source by: its address."""
        return self._address

    @property
    def is_complete(self) -> bool:
        """Whether all was read: never of a feed, of a site map when none of its parts was missing."""
        return self._is_complete

    def scan(self) -> Iterator[FoundArticle]:
        """The articles, each asked of its server first where it may have changed.

        Raises FetchFailed when the address does not answer, SourceUnread when it answers with something else
        than before.
        """
        self._is_complete = False
        known = self._memory.source(self._address)
        try:
            try:
                page = known.pages.get(self._address)
                anew = known.kind == "site map" or (page is not None and page.problem)
                answer = self._fetch(self._address, None if anew else known.validators)
            except FetchFailed as error:
                if error.status != _GONE or known.kind not in ("page", "document") or page is None:
                    raise
                yield FoundArticle(page.path, why_not=error.reason, is_gone=True)
                return
            kind = self._kind(answer)
            known.kind = kind
            if kind == "feed":
                yield from self._of_feed(answer)
            elif kind == "site map":
                yield from self._of_site_map(answer)
            else:
                yield self._taken(_Listed(self._address), answer)
                known.validators = answer.validators
                self._is_complete = known.pages[self._address].problem is None
        finally:
            self._memory.save()

    def fingerprint(self, found: FoundArticle) -> str | None:
        """The SHA-256 of what the article was read from, as far as the server says that it is still that."""
        held = self._held.get(found.path)
        return held.memory.fingerprint if held else None

    def read(self, found: FoundArticle) -> Article:
        """The article, from what the scan fetched; fetched now, where that was not needed before."""
        held = self._held.pop(found.path)
        entry = held.listed.entry
        fetched = datetime.fromtimestamp(self._clock(), UTC).isoformat(timespec="seconds")
        if entry is None and self._memory.source(self._address).kind == "feed":
            entry = self._entry_again(held.listed.url)
        if entry is not None and entry.content is not None and held.answer is None:
            article = self._made(
                held,
                lambda: entry_article(
                    self._reader, entry, source=self._address, path=found.path, fetched=fetched
                ),
            )
        else:
            answer = held.answer or self._fetch(held.listed.url, None)
            article = self._made(
                held,
                lambda: fetched_article(
                    self._reader, answer, source=self._address, path=found.path, fetched=fetched
                ),
            )
        return (
            article if entry is None else with_entry(article, entry, self._feed.title if self._feed else None)
        )

    def _made(self, held: _Held, make: Callable[[], Article]) -> Article:
        """The article; what is wrong with it is remembered, so that it is not fetched again for nothing."""
        try:
            return make()
        except FootnoteError as error:
            held.memory.problem = str(error).removeprefix(f"{held.memory.path}: ")
            raise

    def _fetch(self, url: str, known: Validators | None) -> Fetched:
        self._on_fetch(url)
        return self._fetcher.fetch(url, known=known, ports=self._ports)

    def _kind(self, answer: Fetched) -> Kind:
        before = self._memory.source(self._address).kind
        if answer.is_unchanged:
            return before or "page"
        kind = kind_of(unpacked_answer(answer, _LARGEST_UNPACKED))
        if before in ("feed", "site map") and kind in ("page", "document"):
            raise SourceUnread(
                f"{self._address}: it was a {before} and now answers with a {kind}; its articles stay; "
                "check the address"
            )
        return kind

    def _of_feed(self, answer: Fetched) -> Iterator[FoundArticle]:
        known = self._memory.source(self._address)
        failures = 0
        listed: list[_Listed] = []
        if not answer.is_unchanged:
            self._feed = read_feed(answer)
            if self._feed.problem:
                yield FoundArticle(self._address, why_not=self._feed.problem)
            for entry in self._feed.entries:
                try:
                    listed.append(_Listed(self._place_of(entry), entry.mark, entry))
                except AddressUnusable:
                    yield FoundArticle(
                        f"{self._address}#{entry.id}", why_not="it has neither text nor a usable link"
                    )
        named = {one.url for one in listed}
        # What left the feed is kept by what is remembered of it; nothing is asked for that.
        old = [
            _Listed(url, page.mark)
            for url, page in known.pages.items()
            if url not in named and page.problem is None
        ]
        for found in self._visited(listed):
            failures += found.why_not is not None
            yield found
        yield from self._visited(old, ask=False)
        if not answer.is_unchanged:
            failures += sum(page.problem is not None for page in known.pages.values())
            # With one that failed, the feed is to be sent again, so that it can be tried again.
            known.validators = None if failures else answer.validators

    def _of_site_map(self, answer: Fetched) -> Iterator[FoundArticle]:
        known = self._memory.source(self._address)
        site = read_site_map(answer, lambda url: self._fetch(url, None))
        for url, problem in site.problems:
            yield FoundArticle(url, why_not=problem)
        unknown = [url for url in site.pages if url not in known.pages]
        yield from self._visited(_Listed(page.url, page.changed) for page in site.pages.values())
        # A page that was never read may be known to the library under another address.
        lost = any(url not in known.pages for url in unknown)
        self._is_complete = site.is_whole and not lost
        if self._is_complete:
            for url in set(known.pages) - set(site.pages):
                del known.pages[url]

    def _place_of(self, entry: FeedEntry) -> str:
        """The address that an entry is known by. Raises AddressUnusable when it has none."""
        if entry.link:
            url, _, part = page_address(entry.link), *entry.link.partition("#")[1:]
            # Entries that lead to parts of one page are articles of their own when the feed has their texts.
            return f"{url}#{part}" if part and entry.content is not None else url
        if entry.content is None:
            raise AddressUnusable(f"entry {entry.id!r}: no link")
        return f"{self._address}#{sha256(entry.id.encode()).hexdigest()[:16]}"

    def _visited(self, listed: Iterable[_Listed], *, ask: bool = True) -> Iterator[FoundArticle]:
        """The articles of these pages, each once, whatever addresses lead to it."""
        taken: dict[str, str] = {}
        pages = self._memory.source(self._address).pages
        for one in listed:
            self._held.clear()
            before = pages[one.url].path if one.url in pages else None
            found = self._visit(one, ask=ask)
            if before is not None and found.path not in (before, one.url):
                yield FoundArticle(before, why_not=f"it is at {found.path} now", is_gone=True)
            first = taken.setdefault(found.path, one.url)
            if first == one.url:
                yield found
            elif one.url != found.path:
                yield FoundArticle(one.url, why_not=f"it is the same article as {first}, taken once")

    def _visit(self, listed: _Listed, *, ask: bool) -> FoundArticle:
        pages = self._memory.source(self._address).pages
        page = pages.get(listed.url)
        now = self._clock()
        if page is not None:
            fresh = listed.mark is not None and listed.mark == page.mark
            age = now - page.checked
            if not ask or (fresh and age < (_TRY_AGAIN_SECONDS if page.problem else _ASK_AGAIN_SECONDS)):
                self._held[page.path] = _Held(listed, page)
                return FoundArticle(page.path, why_not=page.problem)
        if listed.entry is not None and listed.entry.content is not None:
            return self._taken_from_feed(listed, listed.entry)
        try:
            answer = self._fetch(listed.url, page.validators if page and not page.problem else None)
        except FetchFailed as error:
            path = page.path if page else listed.url
            if error.status == _GONE:
                pages.pop(listed.url, None)
            return FoundArticle(path, why_not=error.reason, is_gone=error.status == _GONE)
        return self._taken(listed, answer)

    def _taken(self, listed: _Listed, answer: Fetched) -> FoundArticle:
        """Note what a page answered; its article is read when it is asked for."""
        pages = self._memory.source(self._address).pages
        page = pages.get(listed.url)
        if answer.is_unchanged and page is not None:
            page = replace(page, checked=self._clock(), mark=listed.mark)
        elif answer.is_unchanged:
            answer = self._fetch(listed.url, None)
            page = None
        if page is None or not answer.is_unchanged:
            page = PageMemory(
                path=self._path(answer),
                fingerprint=sha256(answer.data).hexdigest(),
                checked=self._clock(),
                validators=answer.validators,
                mark=listed.mark,
            )
        pages[listed.url] = page
        self._held[page.path] = _Held(listed, page, None if answer.is_unchanged else answer)
        return FoundArticle(page.path, why_not=page.problem)

    def _taken_from_feed(self, listed: _Listed, entry: FeedEntry) -> FoundArticle:
        said = "\x1f".join(part or "" for part in (entry.title, entry.author, entry.published, entry.content))
        pages = self._memory.source(self._address).pages
        before = pages.get(listed.url)
        page = PageMemory(
            path=before.path if before else listed.url,
            fingerprint=sha256(said.encode()).hexdigest(),
            checked=self._clock(),
            mark=entry.mark,
            in_feed=True,
        )
        pages[listed.url] = page
        self._held[page.path] = _Held(listed, page)
        return FoundArticle(page.path)

    def _path(self, answer: Fetched) -> str:
        head = read_page_head(answer.data, answer.url) if b"<" in answer.data[:2000] else None
        return canonical_address(answer.url, head.canonical if head else None)

    def _entry_again(self, url: str) -> FeedEntry | None:
        """The entry of that address as the feed has it now, asked for once; None when it left the feed."""
        if self._feed is None:
            self._feed = read_feed(self._fetch(self._address, None))
        for entry in self._feed.entries:
            try:
                if self._place_of(entry) == url:
                    return entry
            except AddressUnusable:
                continue
        return None
