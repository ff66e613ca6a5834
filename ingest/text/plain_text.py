"""Plain text, as a person saves it or pastes it from a web page, to clean blocks.

Such text has no marks for its structure; what can be told from line breaks, bullets and bars is kept.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from ingest.text.clean_text import CleanText, fold
from ingest.text.dates import iso_date
from ingest.text.furniture_lines import is_furniture_line

_BULLET = re.compile(r"^\s*(?:[-*•–▪◦‣→]|\d{1,2}[.)])\s+")
_UNDERLINE = re.compile(r"^\s*(?:={3,}|-{3,})\s*$")
_SENTENCE_END = re.compile(r"[.!?:;,…。！？؟۔।][\"'”’)\]]*$")
_BYLINE = re.compile(r"\bmin(?:ute)?s? read", re.IGNORECASE)
# A heading that many pages have says nothing about which article this is.
_GENERIC = frozenset(
    ["key takeaways", "summary", "tl;dr", "introduction", "overview", "abstract", "contents", "conclusion"]
)


@dataclass(frozen=True, slots=True)
class PlainTextFacts:
    """What plain text says about itself: its first telling heading, and the date of its byline."""

    title: str | None
    published: str | None


class PlainTextReader:
    """Writes plain text's blocks into a CleanText."""

    def write(self, text: str, out: CleanText) -> PlainTextFacts:
        """Append the blocks of `text` to `out` and tell what it says about itself."""
        title: str | None = None
        published: str | None = None
        last_heading: str | None = None
        chunks = list(_chunks(text))
        for number, chunk in enumerate(chunks):
            following = chunks[number + 1][0] if number + 1 < len(chunks) else None
            if _is_heading(chunk, following):
                heading = chunk[0]
                if heading == last_heading:
                    continue
                last_heading = heading
                if title is None and number < 12 and heading.lower() not in _GENERIC:
                    title = fold(heading)
                out.add("heading", heading, level=2)
                continue
            if published is None and number < 40:
                published = byline_date(chunk)
            _write_chunk(chunk, out)
        return PlainTextFacts(title, published)


def byline_date(lines: Iterable[str]) -> str | None:
    """The date of the first line that also says how long the article takes to read, as bylines do."""
    return next((iso_date(line) for line in lines if _BYLINE.search(line)), None)


def _chunks(text: str) -> Iterator[list[str]]:
    """Lines that stand together, without page furniture.

    Text that hardly ever leaves a line empty parts nothing that way: there, each line stands alone, but
    for the rows of a table and the lines of a paragraph that was broken at a column.
    """
    lines = [line.strip() for line in text.splitlines()]
    parted = sum(not line for line in lines) * 6 > len(lines)
    kept = [line for line in lines if not is_furniture_line(line) and not _UNDERLINE.match(line)]
    for filled, group in groupby(kept, key=bool):
        chunk = list(group)
        if filled and (parted or _is_wrapped(chunk)):
            yield chunk
        elif filled:
            for piped, lines_alike in groupby(chunk, key=lambda line: line.startswith("|")):
                rows = list(lines_alike)
                yield from [rows] if piped else ([row] for row in rows)


def _write_chunk(chunk: list[str], out: CleanText) -> None:
    if all(line.startswith("|") for line in chunk):
        cells = [[fold(cell) for cell in line.strip("|").split("|")] for line in chunk]
        out.add("table", "\n".join(" | ".join(row) for row in cells if any(c.strip(":- ") for c in row)))
    elif any(_BULLET.match(line) for line in chunk):
        for item in _items(chunk):
            out.add("item" if _BULLET.match(item) else "paragraph", _BULLET.sub("", item, count=1))
    elif len(chunk) > 1 and _is_wrapped(chunk):
        out.add("paragraph", " ".join(chunk))
    elif len(chunk) >= 3 and not any(_SENTENCE_END.search(line) for line in chunk):
        # Short lines side by side, none of them a sentence: what is left of a table or a chart.
        out.add("table", "\n".join(fold(line) for line in chunk))
    else:
        for line in chunk:
            out.add("paragraph", line)


def _items(chunk: list[str]) -> Iterator[str]:
    """Bulleted lines, each with the lines that continue it."""
    item = ""
    for line in chunk:
        if _BULLET.match(line) or not item:
            if item:
                yield item
            item = line
        else:
            item = f"{item} {line}"
    if item:
        yield item


def _is_wrapped(chunk: list[str]) -> bool:
    """Whether the lines are one paragraph, broken at a column."""
    longest = max(map(len, chunk))
    full = all(len(line) > longest - 25 for line in chunk[:-1])
    goes_on = sum(line[0].islower() for line in chunk[1:])
    return 40 <= longest <= 120 and full and goes_on * 3 >= len(chunk) - 1


def _is_heading(chunk: list[str], following: str | None) -> bool:
    """A short line that stands alone, without a full stop, over running text or over a list."""
    line = chunk[0]
    if len(chunk) != 1 or following is None or not 3 <= len(line) <= 100 or len(line.split()) > 14:
        return False
    if _SENTENCE_END.search(line) or _BULLET.match(line) or line.startswith("|"):
        return False
    if not (line[0].isupper() or line[0].isdigit()):
        return False
    return len(following) > len(line) or bool(_BULLET.match(following)) or following.startswith("|")
