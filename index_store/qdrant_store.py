"""Passages and articles in Qdrant: one collection for each, embedded or on a server alike."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, uuid5

import numpy as np
from qdrant_client import QdrantClient, models

from index_store.embedder import Vectors
from index_store.errors import EmbedderMismatch, LibraryUnreachable
from index_store.lexical import SparseVector
from index_store.passage import Passage, ScoredPassage
from index_store.passage_store import ArticleSummary, StoredArticle
from index_store.payload import (
    SUMMARY_FIELDS,
    article_from,
    article_payload,
    passage_from,
    passage_payload,
    summary_from,
)
from index_store.qdrant_connection import UNREACHABLE

DENSE = "dense"
LEXICAL = "lexical"
# How many hits of each vector enter the fusion, and the constant of its ranks. Measured on two libraries
# with 0.1k and 0.9k passages: 2 (Qdrant's own) keeps what either search puts first in the first five.
CANDIDATES = 50
FUSION_K = 2
_BATCH = 128
_STATE_ID = str(uuid5(NAMESPACE_URL, "footnote:state"))

_T = TypeVar("_T")


class QdrantPassageStore:
    """A library in the collections `<name>-passages` and `<name>-articles`.

    Calls may come from several threads; against the embedded store they take turns. Raises
    EmbedderMismatch when the library holds vectors of another embedder, LibraryUnreachable when a
    server stops answering.
    """

    def __init__(
        self, client: QdrantClient, name: str, *, embedder_id: str, dimensions: int, embedded: bool
    ) -> None:
        self._client = client
        self._passages = f"{name}-passages"
        self._articles = f"{name}-articles"
        self._embedded = embedded
        self._lock = threading.RLock()
        self._call(lambda: self._prepare(embedder_id, dimensions))

    def replace(
        self,
        stored: StoredArticle,
        passages: Sequence[Passage],
        dense: Vectors,
        lexical: Sequence[SparseVector],
    ) -> None:
        """See PassageStore. A kill between the steps leaves either state whole, plus orphans at most."""
        points = [
            models.PointStruct(
                id=passage.id,
                vector={
                    DENSE: vector.tolist(),
                    LEXICAL: models.SparseVector(indices=list(words.indices), values=list(words.values)),
                },
                payload=passage_payload(passage),
            )
            for passage, vector, words in zip(passages, dense, lexical, strict=True)
        ]
        record = models.PointStruct(
            id=_article_id(stored.article.key), vector={}, payload=article_payload(stored)
        )
        old = models.Filter(
            must=[_is("article_key", stored.article.key)],
            must_not=[models.HasIdCondition(has_id=list(stored.passage_ids))] if stored.passage_ids else None,
        )

        def write() -> None:
            for start in range(0, len(points), _BATCH):
                self._client.upsert(self._passages, points[start : start + _BATCH], wait=True)
            self._client.upsert(self._articles, [record], wait=True)
            self._client.delete(self._passages, models.FilterSelector(filter=old), wait=True)

        self._call(write)

    def remove(self, article_keys: Iterable[str]) -> None:
        """Take articles out, passages first."""
        keys = list(article_keys)
        if not keys:
            return
        chosen = models.Filter(
            must=[models.FieldCondition(key="article_key", match=models.MatchAny(any=keys))]
        )

        def delete() -> None:
            self._client.delete(self._passages, models.FilterSelector(filter=chosen), wait=True)
            ids: list[Any] = [_article_id(key) for key in keys]
            self._client.delete(self._articles, models.PointIdsList(points=ids), wait=True)

        self._call(delete)

    def search(self, dense: Vectors, lexical: SparseVector, *, limit: int) -> list[ScoredPassage]:
        """See PassageStore; `dense` is one unit vector. The fusion happens inside Qdrant."""
        prefetch = [models.Prefetch(query=dense.tolist(), using=DENSE, limit=CANDIDATES)]
        if lexical.indices:
            words = models.SparseVector(indices=list(lexical.indices), values=list(lexical.values))
            prefetch.append(models.Prefetch(query=words, using=LEXICAL, limit=CANDIDATES))
        found = self._call(
            lambda: self._client.query_points(
                self._passages,
                prefetch=prefetch,
                query=models.RrfQuery(rrf=models.Rrf(k=FUSION_K)),
                limit=limit,
                with_payload=True,
                with_vectors=[DENSE],
            )
        )
        hits = [
            ScoredPassage(
                passage_from(str(point.id), point.payload), point.score, _cosine(point.vector, dense)
            )
            for point in found.points
        ]
        # Ties are broken by identity, so that the embedded store and a server give the same order.
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))

    def articles(self) -> list[ArticleSummary]:
        """All articles, by source and path."""
        rows = [summary_from(payload) for payload in self._article_payloads(SUMMARY_FIELDS)]
        return sorted(rows, key=lambda row: (row.source, row.path))

    def article(self, key: str) -> StoredArticle | None:
        """One article whole, or None."""
        points = self._call(
            lambda: self._client.retrieve(self._articles, [_article_id(key)], with_payload=True)
        )
        return article_from(points[0].payload) if points else None

    def passages(self, article_key: str) -> list[Passage]:
        """An article's passages in order."""
        chosen = _is("article_key", article_key)
        found = [passage_from(id, payload) for id, payload in self._points(self._passages, True, chosen)]
        return sorted(found, key=lambda passage: passage.ordinal)

    def remove_orphans(self) -> int:
        """Delete passages that no article lists; how many there were."""
        listed: set[str] = set()
        for payload in self._article_payloads(["passage_ids"]):
            listed.update(payload["passage_ids"])
        if len(listed) == self.count():
            return 0
        orphans: list[Any] = [id for id, _ in self._points(self._passages, False, None) if id not in listed]
        if orphans:
            self._call(
                lambda: self._client.delete(self._passages, models.PointIdsList(points=orphans), wait=True)
            )
        return len(orphans)

    def count(self) -> int:
        """How many passages there are."""
        return self._call(lambda: self._client.count(self._passages, exact=True)).count

    def state(self) -> Mapping[str, str]:
        """Small facts about the library as a whole."""
        points = self._call(lambda: self._client.retrieve(self._articles, [_STATE_ID], with_payload=True))
        return {} if not points else dict((points[0].payload or {}).get("state", {}))

    def set_state(self, values: Mapping[str, str]) -> None:
        """Add or overwrite facts of `state`."""
        payload = {"kind": "state", "state": {**self.state(), **values}}
        point = models.PointStruct(id=_STATE_ID, vector={}, payload=payload)
        self._call(lambda: self._client.upsert(self._articles, [point], wait=True))

    def close(self) -> None:
        """Give the store back to other processes."""
        with self._lock:
            self._client.close()

    def _prepare(self, embedder_id: str, dimensions: int) -> None:
        if not self._client.collection_exists(self._passages):
            self._client.create_collection(
                self._passages,
                vectors_config={DENSE: models.VectorParams(size=dimensions, distance=models.Distance.COSINE)},
                sparse_vectors_config={LEXICAL: models.SparseVectorParams(modifier=models.Modifier.IDF)},
                metadata={"embedder": embedder_id, "dimensions": dimensions},
            )
            if not self._embedded:  # the embedded store has no indexes and warns when asked for one
                self._client.create_payload_index(
                    self._passages, "article_key", field_schema=models.PayloadSchemaType.KEYWORD
                )
        if not self._client.collection_exists(self._articles):
            self._client.create_collection(self._articles, vectors_config={})
        made_by = (self._client.get_collection(self._passages).config.metadata or {}).get("embedder")
        if made_by != embedder_id:
            raise EmbedderMismatch(
                f"the library was embedded with {made_by!r}, the setting embedder says {embedder_id!r}; "
                f"set it back, or run: footnote sync --rebuild"
            )

    def _article_payloads(self, fields: list[str]) -> Iterator[dict[str, Any]]:
        for id, payload in self._points(self._articles, fields, None):
            if id != _STATE_ID and payload:
                yield payload

    def _points(
        self, collection: str, payload: bool | list[str], condition: models.FieldCondition | None
    ) -> Iterator[tuple[str, dict[str, Any] | None]]:
        chosen = models.Filter(must=[condition]) if condition else None
        offset: Any = None
        while True:
            batch, offset = self._call(
                partial(
                    self._client.scroll,
                    collection,
                    scroll_filter=chosen,
                    limit=512,
                    offset=offset,
                    with_payload=payload,
                )
            )
            for point in batch:
                yield str(point.id), point.payload
            if offset is None:
                return

    def _call(self, work: Callable[[], _T]) -> _T:
        try:
            if not self._embedded:
                return work()
            with self._lock:
                return work()
        except UNREACHABLE as error:
            raise LibraryUnreachable(
                f"the Qdrant server failed ({error}); check that it runs, then try again"
            ) from error


def drop_library(client: QdrantClient, name: str) -> None:
    """Delete a library's collections, for a rebuild from its sources."""
    for collection in (f"{name}-passages", f"{name}-articles"):
        client.delete_collection(collection)


def _is(field: str, value: str) -> models.FieldCondition:
    return models.FieldCondition(key=field, match=models.MatchValue(value=value))


def _article_id(key: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"footnote:article:{key}"))


def _cosine(vector: Any, question: Vectors) -> float | None:
    stored = vector.get(DENSE) if isinstance(vector, dict) else None
    return None if stored is None else float(np.dot(np.asarray(stored, dtype=np.float32), question))
