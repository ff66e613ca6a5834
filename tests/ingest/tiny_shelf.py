"""A library in memory with a folder to sync it from, that counts what it embeds."""

from collections.abc import Sequence
from pathlib import Path

from llama_index.core.node_parser import NodeParser
from qdrant_client import QdrantClient

from index_store.embedder import HashEmbedder, Role, Vectors
from index_store.errors import LibraryUnreachable
from index_store.lexical import Bm25Encoder
from index_store.library import Library
from index_store.qdrant_store import QdrantPassageStore
from ingest.article_file import ArticleReader
from ingest.folder_source import FolderSource
from ingest.passages.splitter import ArticleSplitter
from ingest.sync import LibrarySync
from ingest.sync_plan import Action, SyncPlan, SyncReport

READER = ArticleReader()
ACTIONS: tuple[Action, ...] = ("add", "change", "delete", "keep", "skip")


class CountingEmbedder(HashEmbedder):
    """Counts the texts that it embeds; `refuses` makes it fail on those that hold these words."""

    def __init__(self) -> None:
        super().__init__(64)
        self.embedded = 0
        self.refuses: str | None = None

    def embed(self, texts: Sequence[str], *, role: Role) -> Vectors:
        if self.refuses and any(self.refuses in text for text in texts):
            raise LibraryUnreachable("the server is away; start it")
        self.embedded += len(texts)
        return super().embed(texts, role=role)


class Shelf:
    """A library in memory, a folder to sync it from, and what does it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir()
        self.client = QdrantClient(":memory:")
        self.embedder = CountingEmbedder()
        store = QdrantPassageStore(
            self.client,
            "test",
            embedder_id=self.embedder.id,
            dimensions=self.embedder.dimensions,
            embedded=True,
        )
        self.library = Library(store, self.embedder, Bm25Encoder())
        self.splitter: NodeParser = ArticleSplitter()

    @property
    def source(self) -> FolderSource:
        return FolderSource(self.folder, READER)

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def plan(self, *sources: FolderSource) -> SyncPlan:
        return LibrarySync(self.library, self.splitter).plan(sources or [self.source])

    def sync(self, *sources: FolderSource) -> SyncReport:
        return LibrarySync(self.library, self.splitter).carry_out(self.plan(*sources))

    def paths(self) -> list[str]:
        return [row.path for row in self.library.articles()]

    def texts(self) -> set[str]:
        return {
            passage.text
            for row in self.library.articles()
            for passage in self.library.store.passages(row.key)
        }


def counted(plan: SyncPlan) -> dict[str, int]:
    """How many steps of each kind a plan has, without those that it has none of."""
    return {action: plan.count(action) for action in ACTIONS if plan.count(action)}
