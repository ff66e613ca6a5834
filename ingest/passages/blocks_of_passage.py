"""Which blocks of its article a passage shares text with."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from index_store.article import Block
from index_store.passage import Passage


def blocks_within(blocks: Sequence[Block], passage: Passage) -> Sequence[Block]:
    """Those of `blocks`, which are in order, that share text with the passage; found without trying all."""
    first = bisect_right(blocks, passage.start, key=lambda block: block.end)
    return blocks[first : bisect_left(blocks, passage.end, lo=first, key=lambda block: block.start)]
