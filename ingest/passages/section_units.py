"""An article's sections, and the units each may be cut into: lists, tables, code with what leads to them."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from index_store.article import Block
from index_store.sentences import sentence_spans
from ingest.passages.section_cuts import Span, Unit
from ingest.passages.token_count import count_tokens

# What it costs to begin a passage at a place: measured on two libraries (docs/log.md), where all but the
# sentences' and the blocks' could be halved or doubled without harm.
_BETWEEN_BLOCKS = 0.2
_BETWEEN_SENTENCES = 0.5
_BETWEEN_ROWS = 0.5
_MID_THOUGHT = 0.4
_BEHIND_LEAD = 1.0
_BEHIND_HEADING = 10.0
# Headings, or the first row of a table, may lengthen a passage by so much.
_ROOM_FOR_LEAD = 40
_LONGEST_LEAD = 40
_LONGEST_HEADER = 60
# Shorter sentences and lines are taken together with the next one.
_LEAST_UNIT = 6
_MID_THOUGHT_WORDS = re.compile(
    r"(?:[a-z]|(?:It|They|He|She|Its|Their|This|These|That|Those|Such|However|But|And|Or|So|Yet|Also"
    r"|Second(?:ly)?|Third(?:ly)?|Fourth(?:ly)?|Finally|Lastly|Moreover|Furthermore|Additionally|In addition"
    r"|Besides|Therefore|Thus|Hence|Consequently|As a result|Instead|Otherwise|Then|For (?:example|instance)"
    r"|Similarly|Likewise|Meanwhile|Nevertheless|On the other hand|(?:By|In) contrast)\b)"
)


@dataclass(slots=True)
class Section:
    """The units below one heading, that heading first; `headings` is the path down to it, outermost first."""

    headings: tuple[str, ...]
    units: list[Unit] = field(default_factory=list)

    @property
    def tokens(self) -> int:
        """How long it is."""
        return sum(unit.tokens for unit in self.units)


def sections_of(text: str, blocks: Sequence[Block], *, target: int, limit: int) -> Iterator[Section]:
    """The sections of an article, in order; small ones that fit into one passage are put together.

    What is put together has the headings that all of it stands under. Headings without any text below
    them go with what follows.
    """
    held: list[Section] = []
    for section in _sections(text, blocks, limit):
        small = section.tokens < target // 2
        if held and not (small and sum(one.tokens for one in held) + section.tokens <= target):
            yield _together(held)
            held = []
        held.append(section)
        if not small:
            yield _together(held)
            held = []
    if held:
        yield _together(held)


def begins_mid_thought(text: str) -> bool:
    """Whether a text leans on what stands before it: "However", "Second", "It", a small letter."""
    return _MID_THOUGHT_WORDS.match(text) is not None


def short_spans(text: str, limit: int) -> Iterator[Span]:
    """Spans of sentences, rows or lines; those beyond `limit` tokens are cut where words end, if they do."""
    for start, end in sentence_spans(text):
        if count_tokens(text[start:end]) <= limit:
            yield start, end
            continue
        begin, used = start, 0
        for match in re.finditer(rf"\S{{1,{limit}}}\s*", text[start:end]):
            at, tokens = start + match.start(), count_tokens(match.group())
            if used + tokens > limit:
                yield begin, at
                begin, used = at, 0
            used += tokens
        yield begin, end


def _together(sections: Sequence[Section]) -> Section:
    if len(sections) == 1:
        return sections[0]
    paths = [section.headings for section in sections]
    shared = 0
    while all(len(path) > shared and path[shared] == paths[0][shared] for path in paths):
        shared += 1
    units = [replace(unit, joint=_BEHIND_HEADING) for section in sections for unit in section.units]
    return Section(paths[0][:shared], units)


def _sections(text: str, blocks: Sequence[Block], limit: int) -> Iterator[Section]:
    reader = _BlockReader(text, limit)
    path: dict[int, str] = {}
    section = Section(())
    has_text = False
    for block in blocks:
        if block.kind == "heading":
            # Headings wait for the text below them, unless there are more than a passage holds.
            if section.units and (has_text or section.tokens > limit // 2):
                yield section
                section, has_text = Section(()), False
            path = {level: name for level, name in path.items() if level < block.level}
            path[block.level] = text[block.start : block.end]
        else:
            has_text = True
        section.headings = tuple(path.values())
        section.units.extend(reader.units(block))
    if section.units:
        yield section


class _BlockReader:
    """Turns blocks into units, one after the other; knows the block before."""

    def __init__(self, text: str, limit: int) -> None:
        self._text = text
        self._limit = limit
        self._before: Block | None = None
        self._list_lead: Span | None = None

    def units(self, block: Block) -> Iterator[Unit]:
        before = self._before
        if block.kind == "heading":
            found = [self._unit((block.start, block.end), _BEHIND_HEADING)]
        elif block.kind == "table":
            found = list(self._table(block))
        elif block.kind == "code":
            found = list(self._code(block))
        elif block.kind == "item":
            found = list(self._item(block))
        else:
            found = list(self._sentences(block))
        self._before = block
        if found and before is not None and before.kind == "heading":
            found[0] = replace(found[0], joint=_BEHIND_HEADING)
        yield from found

    def _sentences(self, block: Block) -> Iterator[Unit]:
        joint = _BETWEEN_BLOCKS
        before = self._last_sentence()
        for span in self._spans(block):
            leans = begins_mid_thought(self._text[slice(*span)])
            yield self._unit(span, joint + (_MID_THOUGHT if leans else 0.0), before if leans else None)
            joint = _BETWEEN_SENTENCES
            before = self._short_enough(span, _LONGEST_LEAD)

    def _item(self, block: Block) -> Iterator[Unit]:
        joint = _BETWEEN_BLOCKS
        if self._before is None or self._before.kind != "item":
            self._list_lead = self._last_sentence()
            joint = _BEHIND_LEAD if self._list_lead else _BETWEEN_BLOCKS
        for span in self._spans(block):
            yield self._unit(span, joint, self._list_lead)
            joint = _BETWEEN_SENTENCES

    def _table(self, block: Block) -> Iterator[Unit]:
        announced = self._before is not None and self._text[self._before.end - 1] == ":"
        joint = _BEHIND_LEAD if announced else _BETWEEN_BLOCKS
        if self._is_whole(block):
            yield self._whole(block, joint)
            return
        header = self._header(block)
        for span in self._spans(block):
            inside = header is not None and span[0] < header[1]
            yield self._unit(span, joint, None if inside else header)
            joint = _BEHIND_LEAD if inside else _BETWEEN_ROWS

    def _code(self, block: Block) -> Iterator[Unit]:
        lead = self._last_sentence()
        joint = _BEHIND_LEAD if lead else _BETWEEN_BLOCKS
        if self._is_whole(block):
            yield self._whole(block, joint, lead)
            return
        for span in self._spans(block):
            yield self._unit(span, joint, lead)
            joint = _BETWEEN_ROWS

    def _header(self, block: Block) -> Span | None:
        """The rows down to the first with cells: what a cut table is read with."""
        for row in re.finditer(r"[^\n]+", self._text[block.start : block.end]):
            if "|" in row.group():
                whole = (block.start, block.start + row.end())
                alone = (block.start + row.start(), block.start + row.end())
                return self._short_enough(whole, _LONGEST_HEADER) or self._short_enough(
                    alone, _LONGEST_HEADER
                )
        return None

    def _last_sentence(self) -> Span | None:
        """The sentence right before, in running text or a list."""
        before = self._before
        if before is None or before.kind not in ("paragraph", "quote", "item"):
            return None
        last = deque(sentence_spans(self._text[before.start : before.end]), maxlen=1)
        if not last:
            return None
        start, end = last[0]
        return self._short_enough((before.start + start, before.start + end), _LONGEST_LEAD)

    def _short_enough(self, span: Span, most: int) -> Span | None:
        return span if count_tokens(self._text[slice(*span)]) <= most else None

    def _spans(self, block: Block) -> Iterator[Span]:
        first: int | None = None
        used, end = 0, block.start
        for start, end in short_spans(self._text[block.start : block.end], self._limit):
            first = start if first is None else first
            used += count_tokens(self._text[block.start + start : block.start + end])
            if used >= _LEAST_UNIT:
                yield block.start + first, block.start + end
                first, used = None, 0
        if first is not None:
            yield block.start + first, block.start + end

    def _is_whole(self, block: Block) -> bool:
        return count_tokens(self._text[block.start : block.end]) <= self._limit

    def _whole(self, block: Block, joint: float, lead: Span | None = None) -> Unit:
        unit = self._unit((block.start, block.end), joint, lead)
        return replace(unit, most=unit.tokens + _ROOM_FOR_LEAD)

    def _unit(self, span: Span, joint: float, lead: Span | None = None) -> Unit:
        return Unit(*span, count_tokens(self._text[slice(*span)]), joint, lead)
