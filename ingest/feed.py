"""An RSS or Atom feed: what it lists, and of each entry the text, where the feed has all of it."""

import html
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from ingest.dates import iso_date
from ingest.errors import SourceUnread
from ingest.web_fetcher import Fetched

MOST_ENTRIES = 500
"""How many entries of one feed are looked at, the first ones; most feeds hold 10 to 100."""

# A description this long is hardly a teaser: teasers are cut at 100 to 500 characters.
_WHOLE_DESCRIPTION = 1_500
# Content this short may be a teaser too, whatever the field is called.
_SHORTEST_CONTENT = 400
_TAGS = re.compile(r"<[^>]{0,2000}>")
_CUT_OFF = re.compile(
    r"""(?: \[?(?:\u2026|\.\.\.)\]?
          | (?:read|continue|keep)\s+(?:more|on|reading|the\s(?:full|rest)).{0,120} ) \W*$""",
    re.IGNORECASE | re.VERBOSE,
)
_ENTITY = re.compile(rb"<!ENTITY\b", re.IGNORECASE)


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

    if _ENTITY.search(answer.data[:100_000]):
        # Entities made of entities fill any memory, and no feed needs its own.
        raise SourceUnread(f"{answer.url}: the feed declares entities, which are not read; check it")
    headers = {"content-location": answer.url, "content-type": _content_type(answer)}
    # Given as a file: what is given as words may be taken for the name of one, or for an address.
    parsed = feedparser.parse(io.BytesIO(answer.data), response_headers=headers)
    problem = _problem(parsed)
    if not parsed.get("version") or (problem and not parsed.entries):
        raise SourceUnread(
            f"{answer.url}: it cannot be read as a feed ({problem or 'no known kind'}); check the address"
        )
    entries = [_entry(entry) for entry in parsed.entries[:MOST_ENTRIES]]
    if problem:
        problem = f"the feed is no proper XML ({problem}); what could be read of it was taken"
    elif len(parsed.entries) > MOST_ENTRIES:
        problem = f"it lists {len(parsed.entries)} entries; the first {MOST_ENTRIES} are taken"
    return Feed(_line(parsed.feed.get("title")), _line(parsed.feed.get("language")), tuple(entries), problem)


def _content_type(answer: Fetched) -> str:
    charset = f"; charset={answer.charset}" if answer.charset else ""
    return f"{answer.media_type or 'application/xml'}{charset}"


def _problem(parsed: Mapping[str, Any]) -> str | None:
    """What is wrong with the XML; that a server named another encoding or media type is nothing."""
    from xml.sax import SAXException

    error = parsed.get("bozo_exception")
    if not parsed.get("bozo") or not isinstance(error, SAXException):
        return None
    return " ".join(str(error.getMessage()).split()) or type(error).__name__


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
