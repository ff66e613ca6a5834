"""The library plugged into a LlamaIndex pipeline."""

import asyncio

import pytest
from llama_index.core import Settings
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import MetadataMode, NodeRelationship, TextNode
from synthetic import article, passages, put

from index_store.library import Library
from index_store.llama_index_retriever import LibraryRetriever

pytestmark = pytest.mark.whole

HARBOUR = article(
    "harbour.md",
    "Ships unload grain at the harbour.",
    "Cranes lift the grain.",
    publisher="Port",
    published="2025-04-29",
)
MOUNTAIN = article("mountain.md", "Snow closes the mountain road.")


@pytest.fixture
def retriever(embedded: Library) -> LibraryRetriever:
    put(embedded, HARBOUR, MOUNTAIN)
    return LibraryRetriever(embedded, limit=2)


def test_nodes_are_the_passages_that_the_library_finds_in_its_order(
    retriever: LibraryRetriever, embedded: Library
) -> None:
    question = "Which cranes lift grain?"
    nodes = retriever.retrieve(question)
    hits = embedded.search(question, 2)
    assert [(node.node_id, node.score) for node in nodes] == [(hit.passage.id, hit.score) for hit in hits]
    assert nodes[0].text == "Cranes lift the grain."


def test_a_node_knows_its_place_and_its_article(retriever: LibraryRetriever) -> None:
    node = retriever.retrieve("Ships unload grain at the harbour.")[0].node
    assert isinstance(node, TextNode)
    assert HARBOUR.text[node.start_char_idx : node.end_char_idx] == node.text
    assert node.metadata == {
        "article": "harbour.md",
        "source": "shelf",
        "title": "A title",
        "publisher": "Port",
        "published": "2025-04-29",
    }
    assert node.ref_doc_id == HARBOUR.key
    assert NodeRelationship.SOURCE in node.relationships
    assert node.get_content(MetadataMode.NONE) == passages(HARBOUR)[0].text


def test_it_retrieves_asynchronously_too(retriever: LibraryRetriever) -> None:
    nodes = asyncio.run(retriever.aretrieve("snow on the mountain road"))
    assert nodes[0].metadata["article"] == "mountain.md"


def test_it_serves_anyones_query_engine_without_touching_global_settings(retriever: LibraryRetriever) -> None:
    engine = RetrieverQueryEngine.from_args(retriever, llm=MockLLM())
    answer = engine.query("Which cranes lift grain?")
    assert {node.metadata["article"] for node in answer.source_nodes} <= {"harbour.md", "mountain.md"}
    assert Settings._llm is None
    assert Settings._embed_model is None
