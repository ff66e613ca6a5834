"""What the library holds: an article, and the blocks its clean text is made of."""

from bisect import bisect_right
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

# Signs: a book is not copied whole for its hash.
_HASHED_AT_ONCE = 2**20

BlockKind = Literal["heading", "paragraph", "item", "table", "code", "quote"]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of an article's structure, as a half-open span of its clean text.

    `level` is 1 to 6 for headings (1 is the title's own level) and 0 for everything else.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Article:
    """One published text: what extraction left of it, and what is known about it.

    `source` names the place it was synced from (a folder or a URL); `path` is the article's path
    relative to that folder, with forward slashes, or its URL. Dates are ISO 8601 (YYYY-MM-DD).
    `pages` are the offsets in `text` at which its pages begin, for what has pages; a page without text
    begins where the next one does. `fetched` is an ISO 8601 time in UTC, for what came from an address;
    with `updated` it is no part of the content. What could not be learned is None, never a guess.
    """

    source: str
    path: str
    title: str
    text: str
    blocks: tuple[Block, ...] = ()
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    published: str | None = None
    language: str | None = None
    updated: str | None = None
    pages: tuple[int, ...] = ()
    fetched: str | None = None

    @property
    def key(self) -> str:
        """The identity under which the library keeps this article, whatever it says today."""
        return f"{self.source}\n{self.path}"

    @property
    def content_hash(self) -> str:
        """SHA-256 over everything a reader could notice; equal hashes mean nothing to do."""
        parts = [self.title, self.publisher, self.author, self.url, self.published, self.text]
        if self.pages:  # others keep the hash that they had before there were these
            parts.append(",".join(map(str, self.pages)))
        hashed = sha256()
        for number, part in enumerate(parts):
            hashed.update(b"\x1f" if number else b"")
            for start in range(0, len(part or ""), _HASHED_AT_ONCE):
                hashed.update((part or "")[start : start + _HASHED_AT_ONCE].encode())
        return hashed.hexdigest()

    def page_at(self, offset: int) -> int | None:
        """The page, counted from 1, on which the sign at `offset` stands; None where there are no pages."""
        return max(1, bisect_right(self.pages, offset)) if self.pages else None
