"""Splits an article into passages along its own structure, as a LlamaIndex node parser."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from llama_index.core.node_parser import NodeParser
from llama_index.core.schema import BaseNode, Document, NodeRelationship, TextNode

from index_store.article import Article, Block
from index_store.passage import Passage
from index_store.sentences import sentence_spans

# Raise it whenever the same article would give other passages or vectors: a sync then redoes all.
PIPELINE_VERSION = "2"

# A run of letters or underscores is cut where no word is longer: a megabyte of them must not count as one.
_TOKEN = re.compile(r"[\u3040-\ud7af]|[^\W\d_\u3040-\ud7af]{1,20}|\d|[^\w\s]|_{20}")


def count_tokens(text: str) -> int:
    """About how many tokens a model's tokenizer makes of `text`: words, digits, signs, CJK characters."""
    return len(_TOKEN.findall(text))


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    tokens: int
    headings: tuple[str, ...]
    is_heading: bool = False


class ArticleSplitter(NodeParser):
    """Packs neighbouring blocks of a section into passages of about `target` tokens, at most `limit`.

    Takes Documents whose metadata hold `blocks` (see `document_of`), and gives TextNodes that know
    their exact span (`start_char_idx`, `end_char_idx`) and heading path (metadata `headings`).
    """

    target: int = 110
    limit: int = 170

    def _parse_nodes(
        self, nodes: Sequence[BaseNode], show_progress: bool = False, **kwargs: Any
    ) -> list[BaseNode]:
        return [part for node in nodes for part in self._split(node)]

    def _postprocess_parsed_nodes(
        self, nodes: list[BaseNode], parent_doc_map: dict[str, Document]
    ) -> list[BaseNode]:
        # The base class finds spans by searching for the text, which takes the wrong place when a text
        # says the same words twice. The spans here are known.
        return nodes

    def _split(self, node: BaseNode) -> Iterator[TextNode]:
        text = node.get_content()
        blocks = [Block(*entry) for entry in node.metadata["blocks"]]
        for ordinal, group in enumerate(self._groups(list(self._pieces(text, blocks)))):
            start, end = group[0].start, group[-1].end
            body = next((piece for piece in group if not piece.is_heading), group[0])
            yield TextNode(
                text=text[start:end],
                start_char_idx=start,
                end_char_idx=end,
                metadata={"headings": body.headings, "ordinal": ordinal},
                relationships={NodeRelationship.SOURCE: node.as_related_node_info()},
            )

    def _pieces(self, text: str, blocks: Sequence[Block]) -> Iterator[_Piece]:
        path: dict[int, str] = {}
        for block in blocks:
            words = text[block.start : block.end]
            if block.kind == "heading":
                path = {level: name for level, name in path.items() if level < block.level}
                path[block.level] = words
                yield _Piece(block.start, block.end, count_tokens(words), tuple(path.values()), True)
                continue
            for start, end in self._within_limit(words):
                yield _Piece(
                    block.start + start,
                    block.start + end,
                    count_tokens(words[start:end]),
                    tuple(path.values()),
                )

    def _within_limit(self, words: str) -> Iterator[tuple[int, int]]:
        """Spans of a block that fit: the whole block, or runs of its sentences, rows or lines."""
        if count_tokens(words) <= self.limit:
            yield 0, len(words)
            return
        start: int | None = None
        last_end, used = 0, 0
        for span_start, span_end in self._short_spans(words):
            tokens = count_tokens(words[span_start:span_end])
            if start is not None and used + tokens > self.target:
                yield start, last_end
                start, used = None, 0
            start = span_start if start is None else start
            last_end, used = span_end, used + tokens
        if start is not None:
            yield start, last_end

    def _short_spans(self, words: str) -> Iterator[tuple[int, int]]:
        for start, end in sentence_spans(words):
            if count_tokens(words[start:end]) <= self.limit:
                yield start, end
                continue
            # One endless sentence (minified code, a glued table): cut where words end, if they do.
            cut, used = start, 0
            for match in re.finditer(rf"\S{{1,{self.limit}}}\s*", words[start:end]):
                begins, tokens = start + match.start(), count_tokens(match.group())
                if used + tokens > self.limit:
                    yield cut, begins
                    cut, used = begins, 0
                used += tokens
            yield cut, end

    def _groups(self, pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
        group: list[_Piece] = []
        used = 0
        for number, piece in enumerate(pieces):
            # A heading belongs to what follows it, so it is weighed together with that.
            weight = piece.tokens
            if piece.is_heading and number + 1 < len(pieces):
                weight += pieces[number + 1].tokens
            if all(other.is_heading for other in group):
                # Headings wait for the text below them, unless there are more than a passage holds.
                full = bool(group) and piece.is_heading and used + piece.tokens > self.limit
            else:
                leaves_section = piece.is_heading and used >= self.target // 3
                full = leaves_section or used + weight > self.limit or used >= self.target
            if full:
                yield group
                group, used = [], 0
            group.append(piece)
            used += piece.tokens
        if group:
            yield group


def document_of(article: Article) -> Document:
    """The article as a LlamaIndex Document, its structure in the metadata."""
    return Document(
        text=article.text,
        metadata={"blocks": [(block.kind, block.start, block.end, block.level) for block in article.blocks]},
    )


def passages_of(article: Article, splitter: NodeParser) -> tuple[Passage, ...]:
    """The article's passages, in order. Their ids depend on source, path, content and place alone."""
    passages = []
    for ordinal, node in enumerate(splitter.get_nodes_from_documents([document_of(article)])):
        if not isinstance(node, TextNode) or node.start_char_idx is None or node.end_char_idx is None:
            raise TypeError(f"a splitter must give TextNodes with spans, got {type(node).__name__}")
        place = f"{article.key}\n{article.content_hash}\n{PIPELINE_VERSION}\n{node.start_char_idx}"
        passages.append(
            Passage(
                id=str(uuid5(NAMESPACE_URL, place)),
                source=article.source,
                article=article.path,
                title=article.title,
                text=node.text,
                start=node.start_char_idx,
                end=node.end_char_idx,
                ordinal=ordinal,
                headings=tuple(node.metadata.get("headings", ())),
                publisher=article.publisher,
                url=article.url,
                published=article.published,
            )
        )
    return tuple(passages)
