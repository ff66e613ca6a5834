"""The library as a LlamaIndex retriever, so that it can be plugged into anyone's LlamaIndex pipeline."""

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from index_store.library import Library
from index_store.passage import ScoredPassage


class LibraryRetriever(BaseRetriever):
    """Retrieves the best `limit` passages by hybrid search, as nodes with their article's metadata.

    Each node knows its span of the article's clean text (`start_char_idx`, `end_char_idx`). Embedding and
    fusion are the library's own: LlamaIndex's global settings play no part.
    """

    def __init__(self, library: Library, *, limit: int = 10) -> None:
        super().__init__()
        self._library = library
        self._limit = limit

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._library.search(query_bundle.query_str, self._limit)
        return [NodeWithScore(node=_node(hit), score=hit.score) for hit in found]


def _node(hit: ScoredPassage) -> TextNode:
    passage = hit.passage
    known = {
        "article": passage.article,
        "source": passage.source,
        "title": passage.title,
        "publisher": passage.publisher,
        "published": passage.published,
        "url": passage.url,
        "heading": passage.heading,
    }
    return TextNode(
        id_=passage.id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={name: value for name, value in known.items() if value is not None},
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=passage.article_key)},
    )
