"""Site maps (sitemaps.org): the pages that a site lists, by way of an index and packed files too."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin

from ingest.address_kind import root_of, unpacked_answer
from ingest.errors import AddressUnusable, FetchFailed, SourceUnread
from ingest.web_address import page_address
from ingest.web_fetcher import Fetched

MOST_PAGES = 2_000
"""How many pages of one site map are taken, the first ones: at one page a second that is half an hour."""

MOST_MAPS = 50
"""How many files one index may lead to."""

_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class MappedPage:
    """A page that a site map lists, with the day it says of its last change, as it is written."""

    url: str
    changed: str | None


@dataclass(slots=True)
class SiteMap:
    """All that a site map leads to; `problems` (address, reason) say what of it could not be read."""

    pages: dict[str, MappedPage] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether all that the site lists is in `pages`."""
        return not self.problems


def read_site_map(answer: Fetched, fetch: Callable[[str], Fetched]) -> SiteMap:
    """The site map in an answer, followed through its index.

    Raises SourceUnread when the first file is no site map; what is wrong with later ones is among the
    problems.
    """
    found = SiteMap()
    seen = {answer.url}
    level: list[str] = _read(answer, found)
    for depth in range(1, _DEEPEST + 1):
        following: list[str] = []
        for url in level:
            if url in seen:
                continue
            if len(found.pages) >= MOST_PAGES:
                found.problems.append((url, f"not read: {MOST_PAGES} pages are listed before it"))
                return found
            if len(seen) > MOST_MAPS:
                found.problems.append((url, f"the index names over {MOST_MAPS} files; the first are read"))
                return found
            seen.add(url)
            try:
                following += _read(fetch(url), found)
            except FetchFailed as error:
                found.problems.append((url, error.reason))
            except SourceUnread as error:
                found.problems.append((url, str(error).removeprefix(f"{url}: ")))
        level = [url for url in following if url not in seen]
        if level and depth == _DEEPEST:
            found.problems.append((level[0], f"it is over {_DEEPEST} indexes deep and is not read"))
    return found


def _read(answer: Fetched, found: SiteMap) -> list[str]:
    """Add what one file lists to `found`; gives the files that it leads to.

    Raises SourceUnread, FetchFailed.
    """
    from lxml import etree

    answer = unpacked_answer(answer)
    root = root_of(answer.data)
    if root not in (b"urlset", b"sitemapindex"):
        raise SourceUnread(f"{answer.url}: it is no site map; check the address")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        tree = etree.fromstring(answer.data, parser)
    except etree.XMLSyntaxError as error:
        raise SourceUnread(f"{answer.url}: the site map is no proper XML ({error.msg}); check it") from error
    maps: list[str] = []
    for entry in tree:
        if not isinstance(entry.tag, str):
            continue
        values = {
            etree.QName(child).localname: (child.text or "").strip()
            for child in entry
            if isinstance(child.tag, str)
        }
        link = values.get("loc")
        if not link:
            continue
        try:
            url = page_address(urljoin(answer.url, link))
        except (AddressUnusable, ValueError):
            found.problems.append((answer.url, f"it lists {link[:80]!r}, which is no web address"))
            continue
        if root == b"sitemapindex":
            maps.append(url)
        elif url in found.pages or len(found.pages) < MOST_PAGES:
            found.pages[url] = MappedPage(url, values.get("lastmod") or None)
        else:
            found.problems.append((answer.url, f"it lists over {MOST_PAGES} pages; the first are taken"))
            break
    return maps
