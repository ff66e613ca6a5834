"""Builds an article's clean text block by block, so that every block knows its exact span."""

import re

from index_store.article import Block, BlockKind

# Not by the words themselves: those of a book that is one paragraph take ten times the memory of its text.
_MORE_THAN_A_SPACE = re.compile(r"[^\S ]\s*|\s{2,}")
_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u200b\ufeff]+")
# Hyphens that only show at a line's end, word joiners, and marks that turn the direction of reading:
# the first two keep words from being found, the last can make a page show other words than are stored.
_UNSEEN = re.compile(r"[\u00ad\u2060\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# What pages name by number as if Windows' own signs stood there: &#146; for an apostrophe.
_WINDOWS = re.compile("[\x80-\x9f]")
_TIGHT: frozenset[BlockKind] = frozenset({"item"})
# A paragraph over a line of dashes is a heading in Markdown, and hardly ever meant to be one.
_LONGEST_HEADING = 240


class CleanText:
    """Collects blocks in reading order; `text` and `blocks` are what an Article takes."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []

    def add(self, kind: BlockKind, text: str, level: int = 0) -> int | None:
        """Append a block; white space is folded (lines kept in code and tables); empty ones are left out.

        Returns the offset at which it starts, None when it was left out. A heading as long as a paragraph
        becomes one.
        """
        body = _lines(text) if kind in ("code", "table") else fold(text)
        if not body:
            return None
        if kind == "heading" and len(body) > _LONGEST_HEADING:
            kind, level = "paragraph", 0
        if self._blocks:
            tight = kind in _TIGHT and self._blocks[-1].kind == kind
            self._append("\n" if tight else "\n\n")
        start = self._length
        self._append(body)
        self._blocks.append(Block(kind, start, self._length, level))
        return start

    @property
    def text(self) -> str:
        """All blocks, parted by one or two line breaks."""
        return "".join(self._parts)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks with their spans of `text`."""
        return tuple(self._blocks)

    def _append(self, piece: str) -> None:
        self._parts.append(piece)
        self._length += len(piece)


def fold(text: str) -> str:
    """One line of text: every run of white space becomes one space; characters that show nothing go."""
    return _MORE_THAN_A_SPACE.sub(" ", _SPACES.sub(" ", _seen(text))).strip()


def _seen(text: str) -> str:
    if _WINDOWS.search(text):
        text = _WINDOWS.sub(_as_windows, text)
    return _UNSEEN.sub("", text)


def _as_windows(sign: re.Match[str]) -> str:
    return sign.group().encode("latin-1").decode("cp1252", errors="ignore")


def _lines(text: str) -> str:
    seen = _seen(text).replace("\u00a0", " ").expandtabs(4)
    return "\n".join(line.rstrip() for line in seen.splitlines()).strip("\n")
