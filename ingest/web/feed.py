"""An RSS or Atom feed: what it lists, and of each entry the text, where the feed has all of it."""

import html
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from ingest.errors import SourceUnread
from ingest.text.dates import iso_date
from ingest.web.web_fetcher import Fetched

MOST_ENTRIES = 500
"""How many entries of one feed are looked at, the first ones; most feeds hold 10 to 100."""

_LARGEST = 5 * 2**20
# In bytes: lxml takes half a minute over a megabyte of what is wrong on purpose.
_LARGEST_BROKEN = 200_000
# In characters, a short book; of an entry with more, the page is read instead.
_LONGEST_TEXT = 500_000
# A description this long is hardly a teaser: teasers are cut at 100 to 500 characters.
_WHOLE_DESCRIPTION = 1_500
# Content this short may be a teaser too, whatever the field is called.
_SHORTEST_CONTENT = 400
_TAGS = re.compile(r"<[^<>]{0,2000}>")
_CUT_OFF = re.compile(
    r"""(?: \[?(?:\u2026|\.\.\.)\]?
          | (?:read|continue|keep)\s+(?:more|on|reading|the\s(?:full|rest)).{0,120} ) \W*$""",
    re.IGNORECASE | re.VERBOSE,
)
_ENTITY = re.compile(r"<!ENTITY\b", re.IGNORECASE)
_NAMED_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]{0,300}\?>")
_ENCODING = re.compile(rb"""<\?xml\b[^>]*\bencoding\s*=\s*["']([\w.-]+)""")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry. `content` is its whole text as HTML, None where the feed has but a summary.

    `link` is None for an entry without a page; `id` tells entries apart. Dates are ISO 8601 days.
    """

    id: str
    link: str | None
    title: str | None
    author: str | None
    published: str | None
    updated: str | None
    content: str | None
    mark: str


@dataclass(frozen=True, slots=True)
class Feed:
    """`problem` says what is wrong with a feed that could be read all the same."""

    title: str | None
    language: str | None
    entries: tuple[FeedEntry, ...]
    problem: str | None = None


def read_feed(answer: Fetched) -> Feed:
    """The feed in an answer. Raises SourceUnread when it is none, or cannot be read at all."""
    import feedparser

    tree, problem = _tree(answer)
    count = 0 if tree is None else _cut_to(tree, MOST_ENTRIES)
    if tree is None or _name(tree) not in ("rss", "feed", "rdf") or (problem and not count):
        raise SourceUnread(
            f"{answer.url}: it cannot be read as a feed ({problem or 'no known kind'}); check the address"
        )
    if problem:
        problem = f"the feed is no proper XML ({problem}); what could be read of it was taken"
    elif count > MOST_ENTRIES:
        problem = f"it lists {count} entries; the first {MOST_ENTRIES} are taken"
    parsed = feedparser.parse(
        # As a file: what is given as words may be taken for the name of one, or for an address.
        io.BytesIO(_written(tree)),
        response_headers={"content-location": answer.url, "content-type": "application/xml; charset=utf-8"},
        # Texts are cleaned as those of pages are; done here too, it takes ten seconds a megabyte.
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    entries = tuple(_entry(entry) for entry in parsed.entries)
    return Feed(_line(parsed.feed.get("title")), _line(parsed.feed.get("language")), entries, problem)


def _tree(answer: Fetched) -> tuple[Any, str | None]:
    """The elements of a feed, and what is wrong with its XML. What is wrong is passed over where it can be.

    It is put right here, since feedparser takes minutes over a megabyte of what is wrong on purpose.
    """
    from lxml import etree

    if len(answer.data) > _LARGEST:
        limit = f"{_LARGEST / 2**20:g} MB"
        raise SourceUnread(f"{answer.url}: the feed is over the {limit} limit; name a shorter one")
    text = _DECLARATION.sub("", _decoded(answer)).lstrip()
    if _ENTITY.search(text):
        # Entities made of entities fill any memory, and no feed needs its own.
        raise SourceUnread(f"{answer.url}: the feed declares entities, which are not read; check it")
    data = _NAMED_ENTITY.sub(_numbered, _CONTROL.sub("", text)).encode(errors="replace")
    problem = None
    for recover in (False, True)[: 1 if len(data) > _LARGEST_BROKEN else 2]:
        parser = etree.XMLParser(
            encoding="utf-8", recover=recover, resolve_entities=False, no_network=True, remove_comments=True
        )
        try:
            return etree.fromstring(data, parser), problem
        except etree.XMLSyntaxError as error:
            problem = " ".join(str(error.msg).split()) or "nothing in it"
    return None, problem


def _decoded(answer: Fetched) -> str:
    """The text, in the encoding that the server names, else the one that the feed names, else UTF-8."""
    data = answer.data
    declared = _ENCODING.search(data[:200])
    marked = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else None
    for encoding in (marked, answer.charset, declared[1].decode() if declared else None, "utf-8-sig"):
        try:
            if encoding:
                return data.decode(encoding).removeprefix("\ufeff")
        except (LookupError, UnicodeError):
            continue
    return data.decode("cp1252", errors="replace")


def _numbered(match: re.Match[str]) -> str:
    """An entity of HTML as XML knows it, by its number; what is none becomes the words that it is."""
    if match[1] in ("amp", "lt", "gt", "quot", "apos"):
        return match[0]
    found = html.unescape(match[0])
    return f"&amp;{match[1]};" if found == match[0] else "".join(f"&#{ord(one)};" for one in found)


def _cut_to(tree: Any, most: int) -> int:
    """How many entries there are; those after the first `most` are taken out, and texts without end."""
    entries = [one for one in tree.iter() if isinstance(one.tag, str) and _name(one) in ("item", "entry")]
    for extra in entries[most:]:
        extra.getparent().remove(extra)
    for one in tree.iter():
        if len(one.text or "") > _LONGEST_TEXT:
            one.text = ""
    return len(entries)


def _written(tree: Any) -> bytes:
    from lxml import etree

    return bytes(etree.tostring(tree, encoding="utf-8", xml_declaration=True))


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _entry(entry: Mapping[str, Any]) -> FeedEntry:
    content = _content(entry)
    title, link = _line(_text_of(entry.get("title"))), _line(entry.get("link"))
    id = _line(entry.get("id")) or link or sha256(f"{title}\n{content}".encode()).hexdigest()[:16]
    published, updated = _day(entry, "published"), _day(entry, "updated")
    times = [str(entry[name]) for name in ("published", "updated") if name in entry]
    said = (title, link, *times, entry.get("summary"), content)
    return FeedEntry(
        id=id,
        link=link,
        title=title,
        author=_line(entry.get("author")),
        published=published,
        updated=updated,
        content=content,
        mark=sha256("\x1f".join(str(part or "") for part in said).encode()).hexdigest()[:16],
    )


def _content(entry: Mapping[str, Any]) -> str | None:
    """The entry's whole text as HTML; None for what is cut off, or as short as a teaser."""
    for one in entry.get("content", ()):
        if "html" not in str(one.get("type", "")) and one.get("type") != "text/plain":
            continue
        value = str(one.get("value") or "")
        if one.get("type") == "text/plain":
            value = f"<p>{html.escape(value)}</p>"
        if _is_whole(value, _SHORTEST_CONTENT):
            return value
    summary = str(entry.get("summary") or "")
    return summary if _is_whole(summary, _WHOLE_DESCRIPTION) else None


def _is_whole(value: str, shortest: int) -> bool:
    words = _text_of(value) or ""
    return len(words) >= shortest and not _CUT_OFF.search(words[-200:])


def _text_of(value: str | None) -> str | None:
    return " ".join(html.unescape(_TAGS.sub(" ", value)).split()) if value else None


def _day(entry: Mapping[str, Any], name: str) -> str | None:
    """The day as it is written, in the author's time zone; else as feedparser makes it out, in UTC."""
    if name not in entry:  # feedparser gives one date for another, with a warning
        return None
    written = iso_date(str(entry[name]))
    made_out = entry.get(f"{name}_parsed")
    if written or not made_out:
        return written
    try:
        return date(*made_out[:3]).isoformat()
    except (TypeError, ValueError):
        return None


def _line(value: object) -> str | None:
    return (
        " ".join(value.encode(errors="replace").decode().split()) or None if isinstance(value, str) else None
    )
