"""Builds an article's clean text block by block, so that every block knows its exact span."""

import re

from index_store.article import Block, BlockKind

_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u200b\ufeff]+")
_TIGHT: frozenset[BlockKind] = frozenset({"item"})


class CleanText:
    """Collects blocks in reading order; `text` and `blocks` are what an Article takes."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []

    def add(self, kind: BlockKind, text: str, level: int = 0) -> None:
        """Append a block; white space is folded (lines kept in code and tables); empty ones are left out."""
        body = _lines(text) if kind in ("code", "table") else fold(text)
        if not body:
            return
        if self._blocks:
            tight = kind in _TIGHT and self._blocks[-1].kind == kind
            self._append("\n" if tight else "\n\n")
        start = self._length
        self._append(body)
        self._blocks.append(Block(kind, start, self._length, level))

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
    """One line of text: every run of white space becomes one space."""
    return " ".join(_SPACES.sub(" ", text).split())


def _lines(text: str) -> str:
    lines = [line.rstrip().replace("\u00a0", " ") for line in text.expandtabs(4).splitlines()]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(line for line in lines if line or len(lines) > 1)
