"""LlamaIndex's CitationQueryEngine with its defaults, over the same model, embedder and articles."""

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.base.llms.types import CompletionResponse, CompletionResponseGen, LLMMetadata
from llama_index.core.llms import CustomLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.query_engine import CitationQueryEngine
from pydantic import PrivateAttr

from assistant.benchmark.figures import Timing
from index_store.article import Article
from index_store.embedder import Embedder

# What LlamaIndex takes for a model of llama.cpp unless told otherwise.
_ANSWER_TOKENS = 256

Complete = Callable[[str, int, Callable[[], None]], tuple[str, int, int]]
"""Completes a prompt with at most so many tokens, calls back at the first: text, tokens read, and written."""


class CitationEngineContender:
    """Answers as a user of LlamaIndex gets them who changes nothing but the model and the embedder."""

    def __init__(
        self, articles: Sequence[Article], embedder: Embedder, complete: Complete, *, context_tokens: int
    ) -> None:
        """Index the articles. Its first token is taken where the model gives it, though it streams none."""
        self._llm = _PlainLlm(complete, context_tokens)
        documents = [
            Document(text=article.text, metadata={"title": article.title}, id_=article.key)
            for article in articles
        ]
        index = VectorStoreIndex.from_documents(
            documents,
            embed_model=_SameEmbedder(embedder),
            transformations=[SentenceSplitter()],
            show_progress=False,
        )
        self._engine = CitationQueryEngine.from_args(index, llm=self._llm)

    def ask(self, question: str) -> Timing:
        """One answer, timed."""
        self._llm.begin()
        self._engine.query(question)
        return self._llm.timing()


class _PlainLlm(CustomLLM):
    """The same model behind LlamaIndex's interface, read plainly."""

    _complete: Complete = PrivateAttr()
    _context_tokens: int = PrivateAttr()
    _began: float = PrivateAttr(default=0.0)
    _first: float | None = PrivateAttr(default=None)
    _read: int = PrivateAttr(default=0)
    _written: int = PrivateAttr(default=0)

    def __init__(self, complete: Complete, context_tokens: int) -> None:
        super().__init__()
        self._complete = complete
        self._context_tokens = context_tokens

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(
            context_window=self._context_tokens, num_output=_ANSWER_TOKENS, model_name="the same model"
        )

    def begin(self) -> None:
        self._began, self._first = perf_counter(), None
        self._read = self._written = 0

    def timing(self) -> Timing:
        total = perf_counter() - self._began
        return Timing(self._first if self._first is not None else total, total, self._read, self._written)

    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        text, read, written = self._complete(prompt, _ANSWER_TOKENS, self._began_to_write)
        self._read += read
        self._written += written
        return CompletionResponse(text=text)

    def stream_complete(self, prompt: str, formatted: bool = False, **options: Any) -> CompletionResponseGen:
        yield self.complete(prompt, formatted, **options)

    def _began_to_write(self) -> None:
        if self._first is None:
            self._first = perf_counter() - self._began


class _SameEmbedder(BaseEmbedding):
    """Footnote's embedder behind LlamaIndex's interface."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(model_name=embedder.id)
        self._embedder = embedder

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(value) for value in self._embedder.embed([query], role="query")[0]]

    def _get_text_embedding(self, text: str) -> list[float]:
        return [float(value) for value in self._embedder.embed([text], role="document")[0]]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [[float(value) for value in row] for row in self._embedder.embed(texts, role="document")]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)
