"""Which collections of a Qdrant belong to one library, and which of them are in force.

A library begins in the collections `<name>-passages` and `<name>-articles`. Made anew with another embedder
it lies in `<name>@<embedder>-passages` and `-articles`, and one record in `<name>@in-force` says so. To write
that record is to switch: before it the old collections serve, after it the new ones.
"""

import re
from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import NAMESPACE_URL, uuid5

from qdrant_client import QdrantClient, models

from index_store.qdrant_connection import library_errors

_KINDS = ("passages", "articles")
_RECORD_ID = str(uuid5(NAMESPACE_URL, "footnote:in-force"))
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")

_T = TypeVar("_T")


class LibraryCollections:
    """The collections of the library `name`. Raises LibraryUnreachable or LibraryError like the store."""

    def __init__(self, client: QdrantClient, name: str) -> None:
        self._client = client
        self._name = name
        self._record = f"{name}@in-force"

    def in_force(self) -> str:
        """The name before `-passages` and `-articles` of the collections that serve."""
        return _call(self._in_force)

    def embedder_of(self, base: str) -> str | None:
        """What the passages under `base` were embedded with; None when there are none, or none that say."""
        return _call(lambda: self._embedder_of(base))

    def base_for(self, embedder_id: str) -> str:
        """Where the library goes when it is made anew with this embedder: never where it is."""
        base = f"{self._name}@{_NOT_IN_NAMES.sub('_', embedder_id)}"
        return f"{base}@" if base == self.in_force() else base

    def put_in_force(self, base: str) -> None:
        """From now on the collections under `base` serve, after a kill too."""

        def write() -> None:
            if not self._client.collection_exists(self._record):
                self._client.create_collection(self._record, vectors_config={})
            point = models.PointStruct(id=_RECORD_ID, vector={}, payload={"base": base})
            self._client.upsert(self._record, [point], wait=True)

        _call(write)

    def remove_others(self, keep: Iterable[str] = ()) -> None:
        """Delete what is left of earlier and of given-up collections; what is in force stays, and `keep`."""

        def delete() -> None:
            bases = {self._in_force(), *keep}
            kept = {self._record, *(f"{base}-{kind}" for base in bases for kind in _KINDS)}
            for collection in self._mine():
                if collection not in kept:
                    self._client.delete_collection(collection)

        _call(delete)

    def drop(self) -> None:
        """Delete the whole library; the record first, so that it never names what is gone."""

        def delete() -> None:
            for collection in sorted(self._mine(), key=lambda found: found != self._record):
                self._client.delete_collection(collection)

        _call(delete)

    def _in_force(self) -> str:
        if not self._client.collection_exists(self._record):
            return self._name
        points = self._client.retrieve(self._record, [_RECORD_ID], with_payload=True)
        return str((points[0].payload or {}).get("base", self._name)) if points else self._name

    def _embedder_of(self, base: str) -> str | None:
        collection = f"{base}-passages"
        if not self._client.collection_exists(collection):
            return None
        told = (self._client.get_collection(collection).config.metadata or {}).get("embedder")
        return None if told is None else str(told)

    def _mine(self) -> list[str]:
        first = {f"{self._name}-{kind}" for kind in _KINDS}
        names = [one.name for one in self._client.get_collections().collections]
        return [name for name in names if name in first or name.startswith(f"{self._name}@")]


def _call(work: Callable[[], _T]) -> _T:
    with library_errors():
        return work()
