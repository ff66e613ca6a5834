"""What the head of a web page says of its address: which is its own, and which feeds belong to it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

LONGEST_HEAD = 300_000
"""Bytes. Pages that inline their styles have long heads; what stands further down is no head."""

# Characters; what is longer is no address here. A long base would be written before each of many links.
_LONGEST_ADDRESS = 2_000
_MOST_FEEDS = 50
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})


@dataclass(frozen=True, slots=True)
class PageHead:
    """`canonical` is the address that the page calls its own, made absolute; so are those of its `feeds`."""

    canonical: str | None = None
    feeds: tuple[str, ...] = ()

    def to_json(self) -> str:
        """As one line of JSON."""
        return json.dumps({"canonical": self.canonical, "feeds": self.feeds}, ensure_ascii=False)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "PageHead":
        """What `to_json` made. Raises KeyError, ValueError or TypeError when it is not sound."""
        canonical, feeds = values["canonical"], tuple(values["feeds"])
        if not isinstance(canonical, str | None) or not all(isinstance(feed, str) for feed in feeds):
            raise ValueError("an address that is no text")
        return cls(canonical, feeds)


ReadHead = Callable[[bytes, str], PageHead]
"""Reads the head of the page in these bytes, fetched from that address. May raise ArticleUnreadable."""


def read_page_head(data: bytes, url: str) -> PageHead:
    """The head of the page that came from `url`; what is not there or not readable is left out."""
    base, canonical = url, None
    feeds: list[str] = []
    for tag, values in _links(data):
        target = values.get("href", "").strip()
        if not target or len(target) > _LONGEST_ADDRESS:
            continue
        try:
            target = urljoin(base, target)
        except ValueError:
            continue
        if len(target) > _LONGEST_ADDRESS:
            continue
        kinds = values.get("rel", "").lower().split()
        if tag == "base":
            base = target if base == url else base
        elif "canonical" in kinds:
            canonical = canonical or target
        elif "alternate" in kinds and values.get("type", "").strip().lower() in _FEED_TYPES:
            feeds.append(target)
    return PageHead(canonical, tuple(dict.fromkeys(feeds))[:_MOST_FEEDS])


def _links(data: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """The links of the head, base first; those of the body do not count, anybody may have written them."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    text = data[:LONGEST_HEAD].decode("utf-8", errors="replace").replace("\0", "")
    try:
        tree = etree.fromstring(text.encode() or b"<html/>", parser)
    except etree.ParserError:
        return
    if tree is None:
        return
    for tag in ("base", "link"):
        for element in tree.iterfind(f"head/{tag}"):
            yield tag, {str(name): str(value) for name, value in element.attrib.items()}
