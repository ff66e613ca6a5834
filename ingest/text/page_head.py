"""What the head of a web page says of its address: which is its own, and which feeds belong to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

# Pages that inline their styles have long heads; what stands further down is no head.
_LONGEST = 300_000
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})


@dataclass(frozen=True, slots=True)
class PageHead:
    """`canonical` is the address that the page calls its own, made absolute; so are those of its `feeds`."""

    canonical: str | None = None
    feeds: tuple[str, ...] = ()


def read_page_head(data: bytes, url: str) -> PageHead:
    """The head of the page that came from `url`; what is not there or not readable is left out."""
    base, canonical = url, None
    feeds: list[str] = []
    for tag, values in _links(data):
        target = values.get("href", "").strip()
        if not target:
            continue
        try:
            target = urljoin(base, target)
        except ValueError:
            continue
        kinds = values.get("rel", "").lower().split()
        if tag == "base":
            base = target if base == url else base
        elif "canonical" in kinds:
            canonical = canonical or target
        elif "alternate" in kinds and values.get("type", "").strip().lower() in _FEED_TYPES:
            feeds.append(target)
    return PageHead(canonical, tuple(dict.fromkeys(feeds)))


def _links(data: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """The links of the head, base first; those of the body do not count, anybody may have written them."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    text = data[:_LONGEST].decode("utf-8", errors="replace").replace("\0", "")
    try:
        tree = etree.fromstring(text.encode() or b"<html/>", parser)
    except etree.ParserError:
        return
    if tree is None:
        return
    for tag in ("base", "link"):
        for element in tree.iterfind(f"head/{tag}"):
            yield tag, {str(name): str(value) for name, value in element.attrib.items()}
