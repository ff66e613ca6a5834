"""What the head of a web page says of its address: which is its own, and which feeds belong to it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

# Pages that inline their styles have long heads; what stands further down is no head.
_LONGEST = 300_000
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})


@dataclass(frozen=True, slots=True)
class PageHead:
    """`canonical` is as the page writes it, made absolute; `feeds` are absolute addresses."""

    canonical: str | None = None
    feeds: tuple[str, ...] = ()


def read_page_head(data: bytes, url: str) -> PageHead:
    """The head of the page that came from `url`; what is not there or not readable is left out."""
    parser = _Links()
    parser.feed(data[:_LONGEST].decode("utf-8", errors="replace"))
    base = url
    for found in (parser.base, parser.canonical):
        if found is None:
            continue
        try:
            urljoin(url, found)
        except ValueError:
            return PageHead()
    if parser.base:
        base = urljoin(url, parser.base)
    return PageHead(
        canonical=urljoin(base, parser.canonical) if parser.canonical else None,
        feeds=tuple(dict.fromkeys(_joined(base, parser.feeds))),
    )


def _joined(base: str, links: list[str]) -> list[str]:
    found = []
    for link in links:
        try:
            found.append(urljoin(base, link))
        except ValueError:
            continue
    return found


@dataclass
class _Links(HTMLParser):
    """Collects the links of the head; those of the body do not count, anybody may have written them."""

    canonical: str | None = None
    base: str | None = None
    feeds: list[str] = field(default_factory=list)
    _over: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._over = True
        if self._over or tag not in ("link", "base"):
            return
        values = {name: (value or "").strip() for name, value in reversed(attrs)}
        href = values.get("href")
        if not href:
            return
        kinds = values.get("rel", "").lower().split()
        if tag == "base":
            self.base = self.base or href
        elif "canonical" in kinds:
            self.canonical = self.canonical or href
        elif "alternate" in kinds and values.get("type", "").lower() in _FEED_TYPES:
            self.feeds.append(href)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
