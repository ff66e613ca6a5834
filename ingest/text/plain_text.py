"""Plain text, as a person saves it or pastes it from a web page, to clean blocks.

Such text has no marks for its structure; what can be told from line breaks, bullets and bars is kept.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ingest.text.clean_text import CleanText, fold
from ingest.text.code_lines import code_spans
from ingest.text.dates import iso_date
from ingest.text.furniture_lines import is_furniture_line, is_name_of_network

_BULLET = re.compile(r"^\s*(?:[-*•–▪◦‣→]|\d{1,2}[.)])\s+")
_UNDERLINE = re.compile(r"^\s*(?:={3,}|-{3,})\s*$")
_SENTENCE_END = re.compile(r"[.!?:;,…。！？؟۔।][\"'”’)\]]*$")
_BYLINE = re.compile(
    r"\bmin(?:ute)?s? read|^(?:published|posted|veröffentlicht|publié|publicado|опубликовано|发布|发表|نشر)\b"
    r"|\bmin(?:uten)?\.? lesezeit|\bmin(?:utes)? de (?:lecture|lectura)|\bмин\w*\.? чтения|阅读(?:时间|时长)"
    r"|分钟阅读|دقائق? قراءة",
    re.IGNORECASE,
)
_WRITTEN_BY = re.compile(r"(?:by|von|par|por|di|автор|作者|文|بقلم)\s*[:：]?\s*\S", re.IGNORECASE)
_LONGEST_BYLINE = 90
_FEW_WORDS = 3
# A shorter line of a list has ended where it ends, unless the next goes on in small letters.
_FULL_LINE = 60
# A heading that many pages have says nothing about which article this is.
_GENERIC = frozenset(
    ["key takeaways", "summary", "tl;dr", "introduction", "overview", "abstract", "contents", "conclusion"]
)


@dataclass(frozen=True, slots=True)
class PlainTextFacts:
    """What plain text says about itself: its first telling heading, and the date of its byline."""

    title: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Lines that stand together: of text without white space around them, of code as they are."""

    lines: list[str]
    is_code: bool = False


class PlainTextReader:
    """Writes plain text's blocks into a CleanText."""

    def write(self, text: str, out: CleanText) -> PlainTextFacts:
        """Append the blocks of `text` to `out` and tell what it says about itself."""
        title: str | None = None
        published: str | None = None
        last_heading: str | None = None
        chunks = list(_chunks(text))
        for number, one in enumerate(chunks):
            if one.is_code:
                out.add("code", "\n".join(one.lines))
                continue
            chunk = one.lines
            following = chunks[number + 1].lines[0].strip() if number + 1 < len(chunks) else None
            if _is_heading(chunk, following):
                heading = chunk[0]
                if heading == last_heading:
                    continue
                last_heading = heading
                if number < 12 and heading.lower() not in _GENERIC and _is_title(heading, title, out):
                    title = fold(heading)
                out.add("heading", heading, level=2)
                continue
            if published is None and number < 40:
                published = byline_date(chunk)
            _write_chunk(chunk, out)
        return PlainTextFacts(title, published)


def _is_title(heading: str, title: str | None, out: CleanText) -> bool:
    """Whether a heading is the title: the first, unless that is but a few words right over a longer one."""
    if title is None:
        return True
    alone = len(out.blocks) == 1 and out.text == title
    return alone and len(title.split()) <= _FEW_WORDS < len(heading.split()) - 1


def byline_date(lines: Iterable[str]) -> str | None:
    """The date of the first line that also says how long the article takes to read, as bylines do."""
    days = (iso_date(line) for line in lines if _BYLINE.search(line) and len(line) <= 2 * _LONGEST_BYLINE)
    return next((day for day in days if day), None)


def _is_byline(line: str) -> bool:
    """Whether a line says who wrote a text, or when, and no more."""
    if len(line) > _LONGEST_BYLINE or _SENTENCE_END.search(line):
        return False
    return bool(_BYLINE.search(line) or _WRITTEN_BY.match(line) or iso_date(line))


def _chunks(text: str) -> Iterator[_Chunk]:
    """Lines that stand together, without page furniture.

    Text that hardly ever leaves a line empty parts nothing that way: there, each line stands alone, but
    for the rows of a table and the lines of a paragraph that was broken at a column.
    """
    lines = text.splitlines()
    parted = sum(not line.strip() for line in lines) * 6 > len(lines)
    done = 0
    for start, end, is_fenced in code_spans(lines):
        yield from _text_chunks(lines[done:start], parted=parted)
        yield _Chunk(lines[start + 1 : end - 1] if is_fenced else lines[start:end], is_code=True)
        done = end
    yield from _text_chunks(lines[done:], parted=parted)


def _text_chunks(lines: Sequence[str], *, parted: bool) -> Iterator[_Chunk]:
    kept = [line for line in _without_furniture(_with_gaps(lines)) if not _UNDERLINE.match(line)]
    for number, (filled, group) in enumerate(groupby(kept, key=bool)):
        chunk = list(group)
        if filled and number < 2 and len(chunk) in (2, 3) and _is_heading(chunk[:1], None, chunk[1]):
            # The title, with who wrote it and when right below.
            yield from (_Chunk([line]) for line in chunk)
        elif filled and (parted or _is_wrapped(chunk)):
            yield _Chunk(chunk)
        elif filled:
            for piped, lines_alike in groupby(chunk, key=lambda line: line.startswith("|")):
                rows = list(lines_alike)
                yield from [_Chunk(rows)] if piped else (_Chunk([row]) for row in rows)


def _with_gaps(lines: Sequence[str]) -> Iterator[str]:
    """The lines, stripped, with an empty one wherever a list has ended without any."""
    indent: int | None = None
    before = ""
    for line in lines:
        words = line.strip()
        at = len(line) - len(line.lstrip())
        if _BULLET.match(line):
            indent = at
        elif not words:
            indent = None
        elif indent is not None and before:
            short = at == 0 and len(before) < _FULL_LINE and not words[0].islower()
            if at < indent or short:
                yield ""
                indent = None
        before = words
        yield words


def _without_furniture(lines: Iterable[str]) -> Iterator[str]:
    """The lines but those of a page's frame; names of networks are such where several stand together."""
    for are_names, group in groupby(lines, key=is_name_of_network):
        alike = list(group)
        if not are_names or len(alike) == 1:
            yield from (line for line in alike if not is_furniture_line(line))


def _write_chunk(chunk: list[str], out: CleanText) -> None:
    if all(line.startswith("|") for line in chunk):
        cells = [[fold(cell) for cell in line.strip("|").split("|")] for line in chunk]
        out.add("table", "\n".join(" | ".join(row) for row in cells if any(c.strip(":- ") for c in row)))
    elif any(_BULLET.match(line) for line in chunk):
        first = next(place for place, line in enumerate(chunk) if _BULLET.match(line))
        if first:
            _write_chunk(chunk[:first], out)
        for item in _items(chunk[first:]):
            out.add("item", _BULLET.sub("", item, count=1))
    elif len(chunk) > 1 and _is_wrapped(chunk):
        out.add("paragraph", " ".join(chunk))
    elif len(chunk) >= 3 and not any(_SENTENCE_END.search(line) for line in chunk):
        # Short lines side by side, none of them a sentence: what is left of a table or a chart.
        out.add("table", "\n".join(fold(line) for line in chunk))
    else:
        for line in chunk:
            out.add("paragraph", line)


def _items(chunk: list[str]) -> Iterator[str]:
    """Bulleted lines, each with the lines that continue it; the first is one."""
    item = ""
    for line in chunk:
        if _BULLET.match(line):
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


def _is_heading(chunk: list[str], following: str | None, byline: str | None = None) -> bool:
    """A short line that stands alone, without a full stop, over running text, a list or a byline.

    With `byline` only over that.
    """
    line = chunk[0]
    below = following if byline is None else byline
    if len(chunk) != 1 or below is None or not 2 <= len(line) <= 100 or len(line.split()) > 14:
        return False
    if _SENTENCE_END.search(line) or _BULLET.match(line) or line.startswith("|") or _is_byline(line):
        return False
    caseless = line[0].isalpha() and line[0].lower() == line[0].upper()
    if not (line[0].isupper() or line[0].isdigit() or caseless) or (len(line) < 3 and not caseless):
        return False
    if _is_byline(below):
        return len(line) > 3
    if byline is not None:
        return False
    return len(below) > len(line) or bool(_BULLET.match(below)) or below.startswith("|")
