"""Site maps (sitemaps.org): the pages that a site lists, by way of an index and packed files too."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin

from ingest.errors import AddressUnusable, FetchFailed, SourceUnread
from ingest.web.address_kind import root_of, unpacked_answer
from ingest.web.web_address import page_address
from ingest.web.web_fetcher import Fetched

MOST_PAGES = 2_000
"""How many pages of one site map are taken, the first ones: at one page a second that is half an hour."""

MOST_MAPS = 50
"""How many files one index may lead to."""

_DEEPEST = 3
_MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class MappedPage:
    """A page that a site map lists, with the day it says of its last change, as it is written."""

    url: str
    changed: str | None


@dataclass(frozen=True, slots=True)
class MapFile:
    """What one file of a site map lists: (address, day of the last change) as they are written, the first of
    `lines` in all. An index leads to other files, in place of pages.
    """

    is_index: bool
    entries: tuple[tuple[str, str | None], ...]
    lines: int


ReadMapFile = Callable[[Fetched], MapFile]
"""Reads one file of a site map. Raises SourceUnread, FetchFailed."""


@dataclass(slots=True)
class SiteMap:
    """All that a site map leads to; `problems` (address, reason) say what of it could not be read.

    `is_whole` tells that all that the site lists is in `pages`.
    """

    pages: dict[str, MappedPage] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    is_whole: bool = True

    def lacks(self, url: str, reason: str) -> None:
        """Note that a part is missing."""
        self.problems.append((url, reason))
        self.is_whole = False


def read_map_file(answer: Fetched) -> MapFile:
    """What the file in an answer lists, unpacked where it is packed. Raises SourceUnread, FetchFailed."""
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
    entries = []
    for entry in tree[:_MOST_LINES]:
        if not isinstance(entry.tag, str):
            continue
        values = {
            etree.QName(child).localname: (child.text or "").strip()
            for child in entry
            if isinstance(child.tag, str)
        }
        if values.get("loc"):
            entries.append((values["loc"], values.get("lastmod") or None))
    return MapFile(root == b"sitemapindex", tuple(entries), len(tree))


def read_site_map(
    answer: Fetched, fetch: Callable[[str], Fetched], *, read_file: ReadMapFile = read_map_file
) -> SiteMap:
    """The site map in an answer, followed through its index; each of its files is read by `read_file`.

    Raises SourceUnread when the first file is no site map; what is wrong with later ones is among the
    problems.
    """
    found = SiteMap()
    seen = {answer.url}
    level: list[str] = _add(read_file(answer), answer.url, found)
    for depth in range(1, _DEEPEST + 1):
        following: list[str] = []
        for url in level:
            if url in seen:
                continue
            if len(found.pages) >= MOST_PAGES:
                found.lacks(url, f"not read: {MOST_PAGES} pages are listed before it")
                return found
            if len(seen) > MOST_MAPS:
                found.lacks(url, f"the index names over {MOST_MAPS} files; the first are read")
                return found
            seen.add(url)
            try:
                part = fetch(url)
                following += _add(read_file(part), part.url, found)
            except FetchFailed as error:
                found.lacks(url, error.reason)
            except SourceUnread as error:
                found.lacks(url, str(error).removeprefix(f"{url}: "))
        level = [url for url in following if url not in seen]
        if level and depth == _DEEPEST:
            found.lacks(level[0], f"it is over {_DEEPEST} indexes deep and is not read")
    return found


def _add(file: MapFile, url: str, found: SiteMap) -> list[str]:
    """Add what one file, at `url`, lists to `found`; gives the files that it leads to."""
    maps: list[str] = []
    wrong: list[str] = []
    for link, changed in file.entries:
        try:
            listed = page_address(urljoin(url, link))
        except (AddressUnusable, ValueError):
            wrong.append(link[:80])
            continue
        if file.is_index:
            maps.append(listed)
        elif listed in found.pages or len(found.pages) < MOST_PAGES:
            found.pages[listed] = MappedPage(listed, changed)
        else:
            found.lacks(url, f"it lists over {MOST_PAGES} pages; the first are taken")
            break
    if wrong:
        others = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        found.problems.append((url, f"it lists {wrong[0]!r}{others}, which is no web address"))
    if file.lines > _MOST_LINES:
        found.lacks(url, f"it has over {_MOST_LINES} lines; the first are read")
    return maps
