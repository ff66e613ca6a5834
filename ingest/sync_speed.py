"""How long a sync takes that finds nothing to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from index_store.embedder import HashEmbedder, Role, Vectors
from index_store.lexical import Bm25Encoder
from index_store.library import Library
from index_store.qdrant_connection import open_folder
from index_store.qdrant_store import QdrantPassageStore
from ingest.article_file import ArticleReader
from ingest.folder_source import FolderSource
from ingest.passages.splitter import ArticleSplitter
from ingest.sync import LibrarySync


@dataclass(frozen=True, slots=True)
class UnchangedSync:
    """Seconds for the second sync of a folder, and how many passages it embedded."""

    articles: int
    seconds: float
    embedded: int


class _CountingEmbedder(HashEmbedder):
    embedded = 0

    def embed(self, texts: Sequence[str], *, role: Role) -> Vectors:
        """The fake's vectors, counted."""
        self.embedded += len(texts)
        return super().embed(texts, role=role)


def sync_unchanged(folder: Path, *, articles: int) -> UnchangedSync:
    """Write so many made-up articles below `folder`, sync them into a store of their own, and sync again."""
    shelf = folder / "articles"
    shelf.mkdir(parents=True)
    for number in range(articles):
        words = " ".join(f"word{(number * 7 + place) % 997}" for place in range(60))
        (shelf / f"{number}.md").write_text(f"# Article {number}\n\n{words}.\n", encoding="utf-8")
    embedder = _CountingEmbedder()
    client = open_folder(folder / "store", wait_seconds=0.0, on_wait=lambda _: None)
    store = QdrantPassageStore(
        client, "bench", embedder_id=embedder.id, dimensions=embedder.dimensions, embedded=True
    )
    sync = LibrarySync(Library(store, embedder, Bm25Encoder()), ArticleSplitter())
    source = FolderSource(shelf, ArticleReader())
    try:
        sync.carry_out(sync.plan([source]))
        embedder.embedded = 0
        began = perf_counter()
        sync.carry_out(sync.plan([source]))
        return UnchangedSync(articles, perf_counter() - began, embedder.embedded)
    finally:
        store.close()
