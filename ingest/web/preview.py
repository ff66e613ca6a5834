"""A look at an address before it becomes a source: what is there, and what the library would hold of it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from index_store.article import Article
from index_store.errors import FootnoteError
from ingest.article_file import ArticleReader
from ingest.errors import AddressUnusable
from ingest.web.address_kind import Kind, kind_of, unpacked_answer
from ingest.web.address_source import Fetcher
from ingest.web.feed import Feed, FeedEntry
from ingest.web.fetched_article import article_address, entry_article, fetched_article, with_entry
from ingest.web.isolated_lists import ListReaders
from ingest.web.site_map import SiteMap, read_site_map
from ingest.web.web_address import page_address, port_of, web_address
from ingest.web.web_fetcher import Fetched


@dataclass(frozen=True, slots=True)
class PreviewEntry:
    """An article that a feed or a site map lists; `url` is None for one that is in the feed alone."""

    title: str | None
    url: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What is at an address. Nothing of it is kept.

    `articles` are those that were read to be shown: the page or document itself, of a list the first one that
    can be read. `count` is how many articles the address stands for, `entries` the first of them. `feeds` are
    those that a page names as its own: one may be wanted in its place. `problems` are one line each.
    """

    address: str
    kind: Kind
    title: str | None
    articles: tuple[Article, ...]
    entries: tuple[PreviewEntry, ...]
    count: int
    feeds: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def preview(
    address: str,
    fetcher: Fetcher,
    reader: ArticleReader,
    *,
    entries: int = 5,
    lists: ListReaders | None = None,
) -> Preview:
    """Fetch an address and read what it holds, writing nothing; of a list, one article and `entries` names.

    Raises AddressUnusable, FetchFailed, SourceUnread, and for a page or document what the reader raises.
    """
    place, lists = web_address(address), lists or ListReaders()
    ports = frozenset({port_of(place)})
    answer = unpacked_answer(fetcher.fetch(place, ports=ports))
    kind = kind_of(answer)
    if kind == "feed":
        return _of_feed(place, lists.feed(answer), fetcher, reader, entries)
    if kind == "site map":
        site = read_site_map(answer, lambda url: fetcher.fetch(url, ports=ports), read_file=lists.map_file)
        return _of_site_map(place, site, fetcher, reader, entries)
    article = _page(place, answer, reader)
    feeds = reader.page_head(answer.data, answer.url).feeds if kind == "page" else ()
    entry = PreviewEntry(article.title, article.path, article.published)
    return Preview(place, kind, article.title, (article,), (entry,), 1, feeds)


def _of_feed(place: str, feed: Feed, fetcher: Fetcher, reader: ArticleReader, entries: int) -> Preview:
    problems = [feed.problem] if feed.problem else []
    shown: list[Article] = []
    for entry in feed.entries[:entries]:
        try:
            shown.append(with_entry(_entry(place, entry, fetcher, reader), entry, feed))
            break
        except FootnoteError as error:
            problems.append(str(error))
    names = tuple(PreviewEntry(one.title, one.link, one.published) for one in feed.entries[:entries])
    return Preview(place, "feed", feed.title, tuple(shown), names, len(feed.entries), (), tuple(problems))


def _of_site_map(place: str, site: SiteMap, fetcher: Fetcher, reader: ArticleReader, entries: int) -> Preview:
    ports = frozenset({port_of(place)})
    problems = [f"{url}: {problem}" for url, problem in site.problems]
    pages = list(site.pages.values())
    shown: list[Article] = []
    for page in pages[:entries]:
        try:
            shown.append(_page(place, fetcher.fetch(page.url, ports=ports), reader))
            break
        except FootnoteError as error:
            problems.append(str(error))
    names = tuple(PreviewEntry(None, page.url, None) for page in pages[:entries])
    return Preview(place, "site map", None, tuple(shown), names, len(pages), (), tuple(problems))


def _entry(place: str, entry: FeedEntry, fetcher: Fetcher, reader: ArticleReader) -> Article:
    if entry.content is not None:
        path = page_address(entry.link) if entry.link else place
        return entry_article(reader, entry, source=place, path=path, fetched=_now())
    if not entry.link:
        raise AddressUnusable(f"entry {entry.id!r}: it has neither text nor a link")
    url = page_address(entry.link)
    return _page(place, fetcher.fetch(url, ports=frozenset({port_of(place)})), reader)


def _page(place: str, answer: Fetched, reader: ArticleReader) -> Article:
    path = article_address(answer, reader.page_head)
    return fetched_article(reader, answer, source=place, path=path, fetched=_now())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
