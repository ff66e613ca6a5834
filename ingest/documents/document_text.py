"""What a reader leaves of a file: clean text, structure, pages, and what it says of itself."""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from index_store.article import Block
from ingest.text.clean_text import CleanText

OnPart = Callable[[], None]
"""Called after each page or chapter, so that whoever waits knows that there is progress."""


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A file read: `pages` are the offsets in `text` at which its pages begin (empty where it has none).

    Dates are ISO 8601; what the file does not say, or says in a way that tells nothing, is None.
    """

    text: str
    blocks: tuple[Block, ...]
    pages: tuple[int, ...] = ()
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    updated: str | None = None
    language: str | None = None
    url: str | None = None

    @classmethod
    def of(cls, out: CleanText, **facts: Any) -> "DocumentText":
        """What was written into `out`, with what is known."""
        return cls(out.text, out.blocks, **facts)

    def to_json(self) -> str:
        """As one line of JSON, every sign as itself: as numbers, Chinese would take twice the room."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        values["blocks"] = [[block.kind, block.start, block.end, block.level] for block in self.blocks]
        return json.dumps(values, ensure_ascii=False)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "DocumentText":
        """What `to_json` made. Raises ValueError or TypeError when it is not sound."""
        found = cls(
            **{
                **values,
                "blocks": tuple(Block(*one) for one in values["blocks"]),
                "pages": tuple(values["pages"]),
            }
        )
        found.text.encode()
        at = 0
        for block in found.blocks:
            if not at <= block.start < block.end <= len(found.text):
                raise ValueError(f"a block at {block.start} to {block.end} is out of place")
            at = block.end
        if list(found.pages) != sorted(found.pages):
            raise ValueError("its pages are out of order")
        return found
