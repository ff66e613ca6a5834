"""Passages and articles in Qdrant: one collection for each, embedded or on a server alike."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, uuid5

import numpy as np
from qdrant_client import QdrantClient, models

from index_store.embedder import Vectors
from index_store.errors import LibraryError
from index_store.fusion import DEPTH, fused
from index_store.lexical import SparseVector
from index_store.library_collections import LibraryCollections
from index_store.nudged_vectors import as_embedded
from index_store.passage import Passage, ScoredPassage
from index_store.passage_store import ArticleSummary, ComparedArticle, Origin, StoredArticle
from index_store.payload import (
    COMPARED_FIELDS,
    ORIGIN_FIELDS,
    SUMMARY_FIELDS,
    article_from,
    article_payload,
    compared_from,
    origin_from,
    passage_from,
    summary_from,
)
from index_store.prepared_collections import prepare_collections
from index_store.qdrant_connection import FolderClient, library_errors
from index_store.qdrant_points import DENSE, LEXICAL, article_id, cosine, having, having_any, passage_point

_BATCH = 128
_NO_WORD = models.SparseVector(indices=[], values=[])
# Stands for an article's hash while the article is being removed.
_LEAVING = ""
_STATE_ID = str(uuid5(NAMESPACE_URL, "footnote:state"))

_T = TypeVar("_T")


class QdrantPassageStore:
    """A library in the collections `<name>-passages` and `<name>-articles`.

    Calls may come from several threads; against the embedded store they take turns. Raises
    EmbedderMismatch when the library holds vectors of another embedder, LibraryDamaged when what is stored
    cannot be read, LibraryUnreachable when a server stops answering, LibraryError when the folder cannot be
    used or the store was closed.
    """

    def __init__(
        self, client: QdrantClient, name: str, *, embedder_id: str, dimensions: int, embedded: bool
    ) -> None:
        self._client = client
        self._passages = f"{name}-passages"
        self._articles = f"{name}-articles"
        self._embedded = embedded
        self._lock = threading.RLock()
        self._writing = threading.Lock()
        self._closed = False
        self._call(
            lambda: prepare_collections(
                client, name, embedder_id=embedder_id, dimensions=dimensions, embedded=embedded
            )
        )

    def replace(
        self,
        stored: StoredArticle,
        passages: Sequence[Passage],
        dense: Vectors,
        lexical: Iterable[SparseVector],
    ) -> None:
        """See PassageStore. A kill between the steps leaves either state whole, plus orphans at most."""
        rows = zip(passages, dense, lexical, strict=True)
        kept = set(stored.passage_ids)
        record = models.PointStruct(
            id=article_id(stored.article.key), vector={}, payload=article_payload(stored)
        )

        def list_them() -> None:
            self._flush(self._passages)
            self._client.upsert(self._articles, [record], wait=True)

        with self._writing:
            before = self._call(lambda: self._listed([stored.article.key]))
            # Batch by batch: as numbers of Python's, the vectors of a book take hundreds of megabytes, and
            # whoever asks meanwhile waits for one batch alone.
            while points := [passage_point(*row) for row in islice(rows, _BATCH)]:
                self._call(partial(self._client.upsert, self._passages, points, wait=True))
            self._call(list_them)
            old = [id for id in before if id not in kept]
            if old:
                self._call(lambda: self._flush(self._articles))
                self._delete_passages(old)

    def remove(self, article_keys: Iterable[str]) -> None:
        """Take articles out, passages first. After a kill midway a sync finds them changed, or gone."""
        keys = list(article_keys)
        if not keys:
            return
        records = models.Filter(must=[having_any("key", keys)])

        def mark() -> list[str]:
            self._client.set_payload(self._articles, {"content_hash": _LEAVING}, points=records, wait=True)
            self._flush(self._articles)
            return self._listed(keys)

        ids: list[Any] = [article_id(key) for key in keys]
        with self._writing:
            self._delete_passages(self._call(mark))
            self._call(
                lambda: self._client.delete(self._articles, models.PointIdsList(points=ids), wait=True)
            )

    def set_fingerprint(self, article_key: str, fingerprint: str) -> None:
        """See PassageStore."""
        chosen = models.Filter(must=[having("key", article_key)])
        self._call(
            lambda: self._client.set_payload(
                self._articles, {"fingerprint": fingerprint}, points=chosen, wait=True
            )
        )

    def search(self, dense: Vectors, lexical: SparseVector, *, limit: int) -> list[ScoredPassage]:
        """See PassageStore; `dense` is one unit vector."""
        asked = [self._nearest(dense.tolist(), DENSE)]
        if lexical.indices:
            words = models.SparseVector(indices=list(lexical.indices), values=list(lexical.values))
            asked.append(self._nearest(words, LEXICAL))
        lists = [
            found.points
            for found in self._call(lambda: self._client.query_batch_points(self._passages, requests=asked))
        ]
        points = {str(point.id): point for found in lists for point in found}
        passages = {id: passage_from(id, point.payload) for id, point in points.items()}
        scores = fused(
            [[(str(point.id), point.score) for point in found] for found in lists],
            {id: passage.article_key for id, passage in passages.items()},
        )
        hits = [
            # The last bits depend on where the vectors lie in memory.
            ScoredPassage(passages[id], round(score, 6), cosine(points[id].vector, dense))
            for id, score in scores.items()
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))[:limit]

    def _nearest(self, query: list[float] | models.SparseVector, vector: str) -> models.QueryRequest:
        return models.QueryRequest(
            query=query, using=vector, limit=DEPTH, with_payload=True, with_vector=[DENSE]
        )

    def articles(self) -> list[ArticleSummary]:
        """All articles, by source and path."""
        rows = [summary_from(payload) for payload in self._article_payloads(SUMMARY_FIELDS)]
        return sorted(rows, key=lambda row: (row.source, row.path))

    def article(self, key: str) -> StoredArticle | None:
        """One article whole, or None."""
        points = self._call(
            lambda: self._client.retrieve(self._articles, [article_id(key)], with_payload=True)
        )
        return article_from(points[0].payload) if points else None

    def compared(self) -> list[ComparedArticle]:
        """See PassageStore."""
        return [
            compared_from(payload)
            for payload in self._article_payloads(COMPARED_FIELDS)
            if payload["content_hash"] != _LEAVING
        ]

    def origins(self) -> Mapping[str, tuple[Origin, ...]]:
        """See PassageStore."""
        found: dict[str, list[tuple[str, str, Origin]]] = {}
        for payload in self._article_payloads(ORIGIN_FIELDS):
            if payload.get("duplicate_of"):
                entry = (payload["source"], payload["path"], origin_from(payload))
                found.setdefault(payload["duplicate_of"], []).append(entry)
        by_place = {key: sorted(entries, key=lambda entry: entry[:2]) for key, entries in found.items()}
        return {key: tuple(origin for _, _, origin in entries) for key, entries in by_place.items()}

    def embedded(self, article_key: str, pipeline: str) -> Mapping[str, Vectors]:
        """See PassageStore."""
        ids = self._call(lambda: self._listed([article_key], pipeline))
        found: dict[str, Vectors] = {}
        for start in range(0, len(ids), _BATCH):
            batch = ids[start : start + _BATCH]
            points = self._call(
                partial(
                    self._client.retrieve,
                    self._passages,
                    batch,
                    with_payload=["text"],
                    with_vectors=[DENSE],
                )
            )
            for point in points:
                stored = point.vector.get(DENSE) if isinstance(point.vector, dict) else None
                text = (point.payload or {}).get("text")
                if stored is not None and text is not None:
                    found[text] = as_embedded(str(point.id), np.asarray(stored, dtype=np.float32))
        return found

    def passages(self, article_key: str) -> list[Passage]:
        """An article's passages in order."""
        chosen = having("article_key", article_key)
        found = [passage_from(id, payload) for id, payload in self._points(self._passages, True, chosen)]
        return sorted(found, key=lambda passage: passage.ordinal)

    def remove_orphans(self) -> int:
        """Delete passages that no article lists; how many there were."""
        listed: set[str] = set()
        for payload in self._article_payloads(["passage_ids", "content_hash"]):
            if payload["content_hash"] != _LEAVING:
                listed.update(payload["passage_ids"])
        if len(listed) == self.count():
            return 0
        orphans = [id for id, _ in self._points(self._passages, False, None) if id not in listed]
        self._delete_passages(orphans)
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
            self._closed = True
            self._client.close()

    def retire(self) -> None:
        """Serve no more, since other collections have taken over; the client goes on with those."""
        with self._lock:
            self._closed = True

    def _listed(self, article_keys: Sequence[str], pipeline: str | None = None) -> list[str]:
        """The passages that the records list; the embedded store would look at every passage to find them.

        With `pipeline`, of those alone that were made by it.
        """
        ids = [article_id(key) for key in article_keys]
        found = self._client.retrieve(self._articles, ids, with_payload=["passage_ids", "pipeline"])
        payloads = [point.payload or {} for point in found]
        return [
            id
            for payload in payloads
            if pipeline is None or payload.get("pipeline") == pipeline
            for id in payload.get("passage_ids", ())
        ]

    def _flush(self, collection: str) -> None:
        """What comes next must not be on the disk before this is."""
        if isinstance(self._client, FolderClient):
            self._client.flush(collection)

    def _delete_passages(self, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), _BATCH):
            self._call(partial(self._delete_batch, ids[start : start + _BATCH]))

    def _delete_batch(self, ids: Sequence[str]) -> None:
        if self._embedded:
            # The words of what is deleted here go on counting in the IDF until the folder is opened
            # anew, so they go first. (A server counts them until it tidies up, but in both figures.)
            # Those alone that are there: a remove that was killed may have taken some.
            there = self._client.retrieve(self._passages, list(ids), with_payload=False)
            emptied = [models.PointVectors(id=point.id, vector={LEXICAL: _NO_WORD}) for point in there]
            self._client.update_vectors(self._passages, emptied, wait=True)
        self._client.delete(self._passages, models.PointIdsList(points=[*ids]), wait=True)

    def _article_payloads(self, fields: list[str]) -> Iterator[dict[str, Any]]:
        for id, payload in self._fields(fields):
            if id != _STATE_ID and payload:
                yield payload

    def _fields(self, fields: list[str]) -> Iterable[tuple[str, dict[str, Any] | None]]:
        client, found = self._client, None
        if isinstance(client, FolderClient):
            found = self._call(lambda: client.payloads(self._articles, fields))
        return self._points(self._articles, fields, None) if found is None else found

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
        with library_errors():
            if not self._embedded:
                self._refuse_when_closed()
                return work()
            with self._lock:
                self._refuse_when_closed()
                return work()

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise LibraryError("the library was closed in the meantime; try again")


def drop_library(client: QdrantClient, name: str) -> None:
    """Delete a library's collections, for a rebuild from its sources."""
    LibraryCollections(client, name).drop()
