"""Makes a library anew with another embedder, from what is stored, while it goes on serving with its own."""

from collections.abc import Callable

from qdrant_client import QdrantClient

from index_store.embedder import Embedder
from index_store.errors import LibraryDamaged
from index_store.library import Library
from index_store.library_collections import LibraryCollections
from index_store.passage_store import ArticleSummary
from index_store.qdrant_store import QdrantPassageStore

OnArticle = Callable[[ArticleSummary, int, int], None]
"""Hears of each article before it is embedded: how many are done, how many there are. May raise to stop."""


class Migration:
    """Moves one library to collections made with `embedder`. One at a time, with no sync beside it.

    After a kill, or an error, the old collections serve; the next run goes on with what is there already.
    """

    def __init__(self, client: QdrantClient, name: str, embedder: Embedder, *, embedded: bool) -> None:
        self._client = client
        self._collections = LibraryCollections(client, name)
        self._embedder = embedder
        self._embedded = embedded

    def run(self, library: Library, on_article: OnArticle = lambda *_: None) -> None:
        """Fill the new collections, switch `library` to them, and delete the old ones.

        Raises LibraryDamaged where stored passages are missing, and whatever `on_article` raises.
        """
        base = self._collections.base_for(self._embedder.id)
        self._collections.remove_others(keep=[base])
        old = library.store
        new = QdrantPassageStore(
            self._client,
            base,
            embedder_id=self._embedder.id,
            dimensions=self._embedder.dimensions,
            embedded=self._embedded,
        )
        copy = Library(new, self._embedder, library.lexical)
        # What has no hash was being removed when its process ended; a sync would not keep it either.
        rows = [row for row in old.articles() if row.content_hash]
        there = {row.key: row for row in new.articles()}
        copy.remove(there.keys() - {row.key for row in rows})
        for done, row in enumerate(rows):
            if there.get(row.key) != row:
                on_article(row, done, len(rows))
                self._copy(row.key, library, copy)
        new.remove_orphans()
        if new.count() != sum(row.passages for row in rows) or len(new.articles()) != len(rows):
            raise LibraryDamaged(
                f"the library cannot be embedded with {self._embedder.id!r}: stored passages are missing; "
                "run: footnote sync --rebuild"
            )
        new.set_state(old.state())
        self._collections.put_in_force(base)
        library.switch(new, self._embedder)
        if isinstance(old, QdrantPassageStore):
            old.retire()
        self._collections.remove_others()

    def _copy(self, key: str, library: Library, copy: Library) -> None:
        stored = library.store.article(key)
        if stored is None:
            return
        listed = set(stored.passage_ids)
        copy.keep(stored, [passage for passage in library.store.passages(key) if passage.id in listed])
