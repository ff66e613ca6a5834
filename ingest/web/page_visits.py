"""The pages that a source lists: which are asked of their server again, and what comes of it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from ingest.errors import ArticleUnreadable, FetchFailed, SourceUnread
from ingest.folder_source import FoundArticle
from ingest.text.page_head import ReadHead, read_page_head
from ingest.web.feed import FeedEntry
from ingest.web.fetch_memory import PageMemory, SourceMemory
from ingest.web.fetched_article import article_address
from ingest.web.web_fetcher import Fetched, Validators

# A page of which the feed or the site map says what it said before is asked again after this long.
_ASK_AGAIN_SECONDS = 7 * 86_400.0
# One that was no article, sooner: it may have been empty by mistake, or another way of reading may help.
_TRY_AGAIN_SECONDS = 86_400.0
# So long one source may take: enough for 2,000 pages with the usual pause.
_LONGEST_SECONDS = 2 * 3_600.0
_GONE = 410

Ask = Callable[[str, Validators | None], Fetched]
"""Fetches an address, unless it is as the validators say. Raises FetchFailed."""


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A page that a source lists. `mark` is what the list says of it, `entry` what a feed says."""

    url: str
    mark: str | None = None
    entry: FeedEntry | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of looking at a page; `answer` is what was fetched, None where that was not needed."""

    listed: ListedPage
    page: PageMemory
    answer: Fetched | None = None


class PageVisits:
    """Looks at the pages of one source, and keeps what is learned of them. `clock` is Unix time."""

    def __init__(
        self,
        memory: SourceMemory,
        ask: Ask,
        clock: Callable[[], float],
        *,
        read_head: ReadHead = read_page_head,
    ) -> None:
        self.memory = memory
        self._ask = ask
        self._clock = clock
        self._read_head = read_head
        self._last: dict[str, Visit] = {}

    def last(self, path: str) -> Visit | None:
        """The visit to the article that was found last, if that is its path."""
        return self._last.get(path)

    def each(self, listed: Iterable[ListedPage], *, ask: bool = True) -> Iterator[FoundArticle]:
        """The articles of these pages, each once, whatever addresses lead to it.

        Without `ask` only what is remembered of them counts, and nothing is fetched.
        """
        taken: dict[str, str] = {}
        end = self._clock() + _LONGEST_SECONDS
        for one in listed:
            before = self.memory.pages.get(one.url)
            if ask and self._clock() > end:
                path = before.path if before else one.url
                yield FoundArticle(path, why_not="no time was left for it; the next sync begins with it")
                continue
            found = self._visit(one, ask=ask)
            if before is not None and found.path not in (before.path, one.url):
                yield FoundArticle(before.path, why_not=f"it is at {found.path} now", is_gone=True)
            first = taken.setdefault(found.path, one.url)
            if first == one.url:
                yield found
            elif one.url != found.path:
                yield FoundArticle(one.url, why_not=f"it is the same article as {first}, taken once")

    def take(self, listed: ListedPage, answer: Fetched) -> FoundArticle:
        """Note what a page answered; its article is read only when it is asked for.

        Raises FetchFailed, and SourceUnread when its head cannot be read; then nothing is noted, since what
        the page is known by cannot be told.
        """
        page = self.memory.pages.get(listed.url)
        if answer.is_unchanged and page is None:
            answer = self._ask(listed.url, None)
        if answer.is_unchanged and page is not None:
            page = replace(page, checked=self._clock(), mark=listed.mark)
            return self._note(Visit(listed, page))
        try:
            path = article_address(answer, self._read_head)
        except ArticleUnreadable as error:
            raise SourceUnread(str(error)) from error
        if page is not None and answer.is_for_now and path not in (page.path, listed.url):
            return FoundArticle(page.path, why_not=f"it leads to {answer.url} for now; its article stays")
        page = PageMemory(
            path=path,
            fingerprint=sha256(answer.data).hexdigest(),
            checked=self._clock(),
            validators=answer.validators,
            mark=listed.mark,
        )
        return self._note(Visit(listed, page, answer))

    def _visit(self, listed: ListedPage, *, ask: bool) -> FoundArticle:
        page = self.memory.pages.get(listed.url)
        if page is not None:
            as_before = listed.mark is not None and listed.mark == page.mark
            limit = _TRY_AGAIN_SECONDS if page.problem else _ASK_AGAIN_SECONDS
            if not ask or (as_before and self._clock() - page.checked < limit):
                return self._note(Visit(listed, page))
        if listed.entry is not None and listed.entry.content is not None:
            return self._note(Visit(listed, self._in_feed(listed, listed.entry)))
        try:
            answer = self._ask(listed.url, page.validators if page and not page.problem else None)
            return self.take(listed, answer)
        except FetchFailed as error:
            path = page.path if page else listed.url
            if error.status == _GONE:
                self.memory.pages.pop(listed.url, None)
            return FoundArticle(path, why_not=error.reason, is_gone=error.status == _GONE)
        except SourceUnread as error:
            why = str(error).removeprefix(f"{listed.url}: ")
            return FoundArticle(page.path if page else listed.url, why_not=why)

    def _in_feed(self, listed: ListedPage, entry: FeedEntry) -> PageMemory:
        before = self.memory.pages.get(listed.url)
        said = "\x1f".join(part or "" for part in (entry.title, entry.author, entry.published, entry.content))
        return PageMemory(
            path=before.path if before else listed.url,
            fingerprint=sha256(said.encode()).hexdigest(),
            checked=self._clock(),
            mark=listed.mark,
        )

    def _note(self, visit: Visit) -> FoundArticle:
        self.memory.pages[visit.listed.url] = visit.page
        self._last = {visit.page.path: visit}
        return FoundArticle(visit.page.path, why_not=visit.page.problem)
