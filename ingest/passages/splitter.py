"""Splits an article into passages along its own structure, as a LlamaIndex node parser."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from llama_index.core.node_parser import NodeParser
from llama_index.core.schema import BaseNode, Document, NodeRelationship, TextNode

from index_store.article import Article, Block
from index_store.passage import Passage
from ingest.passages.section_cuts import cut
from ingest.passages.section_units import sections_of

# Raise it whenever the same article would give other passages or vectors: a sync then redoes all.
PIPELINE_VERSION = "7"


class ArticleSplitter(NodeParser):
    """Cuts each section of an article into even passages of about `target` tokens, at most `limit`.

    Takes Documents whose metadata hold `blocks` (see `document_of`), and gives TextNodes that know
    their exact span (`start_char_idx`, `end_char_idx`), their heading path (metadata `headings`) and the
    earlier words that they are read with (metadata `lead`, "" where they stand by themselves).
    """

    target: int = 110
    limit: int = 170

    def _parse_nodes(
        self, nodes: Sequence[BaseNode], show_progress: bool = False, **kwargs: Any
    ) -> list[BaseNode]:
        return [part for node in nodes for part in self.nodes_of(node)]

    def _postprocess_parsed_nodes(
        self, nodes: list[BaseNode], parent_doc_map: dict[str, Document]
    ) -> list[BaseNode]:
        # The base class finds spans by searching for the text, which takes the wrong place when a text
        # says the same words twice. The spans here are known.
        return nodes

    def nodes_of(self, node: BaseNode) -> Iterator[TextNode]:
        """The passages of one document, each made when it is asked for."""
        text = node.get_content()
        # Asked once: it takes a hash of the whole text, and a book has ten thousands of passages.
        whole = node.as_related_node_info()
        blocks = [Block(*entry) for entry in node.metadata["blocks"]]
        ordinal = 0
        for section in sections_of(text, blocks, target=self.target, limit=self.limit):
            for units in cut(section.units, target=self.target, limit=self.limit):
                start, end = units[0].start, units[-1].end
                lead = units[0].lead
                yield TextNode(
                    text=text[start:end],
                    start_char_idx=start,
                    end_char_idx=end,
                    metadata={
                        "headings": section.headings,
                        "lead": text[slice(*lead)] if lead else "",
                        "ordinal": ordinal,
                    },
                    relationships={NodeRelationship.SOURCE: whole},
                )
                ordinal += 1


def document_of(article: Article) -> Document:
    """The article as a LlamaIndex Document, its structure in the metadata."""
    return Document(
        text=article.text,
        metadata={"blocks": [(block.kind, block.start, block.end, block.level) for block in article.blocks]},
    )


def passages_of(article: Article, splitter: NodeParser) -> tuple[Passage, ...]:
    """The article's passages, in order. Their ids depend on source, path, content and place alone."""
    passages = []
    identity = f"{article.key}\n{article.content_hash}\n{PIPELINE_VERSION}"
    for ordinal, node in enumerate(_nodes(article, splitter)):
        if not isinstance(node, TextNode) or node.start_char_idx is None or node.end_char_idx is None:
            raise TypeError(f"a splitter must give TextNodes with spans, got {type(node).__name__}")
        passages.append(
            Passage(
                id=str(uuid5(NAMESPACE_URL, f"{identity}\n{node.start_char_idx}")),
                source=article.source,
                article=article.path,
                title=article.title,
                text=node.text,
                start=node.start_char_idx,
                end=node.end_char_idx,
                ordinal=ordinal,
                headings=tuple(node.metadata.get("headings", ())),
                lead=str(node.metadata.get("lead", "")),
                publisher=article.publisher,
                url=article.url,
                published=article.published,
                page=article.page_at(node.start_char_idx),
                page_breaks=_page_breaks(article, node.start_char_idx, node.end_char_idx),
            )
        )
    return tuple(passages)


def _nodes(article: Article, splitter: NodeParser) -> Iterator[BaseNode]:
    """What the splitter makes of the article. Ours one by one: a book's nodes take more than all else."""
    document = document_of(article)
    if isinstance(splitter, ArticleSplitter):
        return splitter.nodes_of(document)
    return iter(splitter.get_nodes_from_documents([document]))


def _page_breaks(article: Article, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Where later pages begin between two offsets, with their numbers; pages without text do not count."""
    first, last = bisect_right(article.pages, start), bisect_left(article.pages, end)
    breaks = {article.pages[place]: place + 1 for place in range(first, last)}
    return tuple(breaks.items())
