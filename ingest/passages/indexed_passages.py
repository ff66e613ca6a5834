"""The passages of an article that are searched: all but those that only repeat others."""

from collections.abc import Sequence
from dataclasses import replace

from llama_index.core.node_parser import NodeParser

from index_store.article import Article
from index_store.passage import Passage
from ingest.passages.repeated_passages import without_repeats
from ingest.passages.shared_blocks import without_shared
from ingest.passages.splitter import passages_of


def indexed_passages(article: Article, splitter: NodeParser, left_out: Sequence[int] = ()) -> list[Passage]:
    """The article's passages in order, numbered anew; each is the very one that the splitter gave.

    `left_out` are the numbers of blocks that other articles of its source have too, see shared_blocks.py.
    """
    whole = passages_of(article, splitter)
    kept = without_repeats(article, without_shared(article, whole, left_out))
    return [replace(passage, ordinal=place) for place, passage in enumerate(kept)]
