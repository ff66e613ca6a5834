"""How long syncs take beside embedding: the first one, one that finds nothing to do, one after an edit."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from index_store.embedder import Role, Vectors
from index_store.lexical import Bm25Encoder
from index_store.library import Library
from index_store.qdrant_connection import open_folder
from index_store.qdrant_store import QdrantPassageStore
from ingest.article_file import ArticleReader
from ingest.folder_source import FolderSource
from ingest.passages.splitter import ArticleSplitter
from ingest.sync import LibrarySync

# Common words, most of them one token to an embedder, as in articles.
_WORDS = (
    "the of and to in a is that for it as was with be by on not he his but at are this have from or had an "
    "they which one you were all her she there would their we him been has when who will no more if out so "
    "up said what its about than into them can only other time new some could these two may first then do "
    "any like my now over such our man me even most made after also well way down should because each just "
    "those people how too good very make world still see own work long both between life being under never "
    "day same another know while last might us great old year off come since against go came right used "
    "take three model memory licence token context weight bank server release vendor question answer price "
    "passage article reader index budget update review policy source network storage"
).split()
_SECTIONS, _PARAGRAPHS, _SENTENCES = 4, 4, 4


@dataclass(frozen=True, slots=True)
class SyncSpeed:
    """Seconds of three syncs in one process, without embedding, and how many passages each embedded.

    `texts` are those of the first sync's passages, as they were given to the embedder.
    """

    articles: int
    texts: tuple[str, ...]
    first: float
    unchanged: float
    unchanged_embedded: int
    edited: float
    edited_embedded: int


class _InstantEmbedder:
    """Costs nothing: what an embedder takes is measured by itself. Keeps what it is given."""

    id = "instant"
    dimensions = 384

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._vectors = np.eye(self.dimensions, dtype=np.float32)

    def embed(self, texts: Sequence[str], *, role: Role) -> Vectors:
        """A unit vector for each text, another one for the next."""
        began = len(self.texts)
        self.texts += texts
        chosen: Vectors = self._vectors[[(began + place) % self.dimensions for place in range(len(texts))]]
        return chosen


def sync_speed(
    folder: Path,
    *,
    articles: int,
    clock: Callable[[], float] = perf_counter,
    reader: ArticleReader | None = None,
) -> SyncSpeed:
    """Write so many made-up articles of 800 words below `folder`, and sync them into a store of their own.

    `clock` counts seconds.
    """
    shelf = folder / "articles"
    shelf.mkdir(parents=True)
    chance = random.Random(articles)
    for number in range(articles):
        (shelf / f"{number}.md").write_text(made_up_article(chance, number), encoding="utf-8")
    embedder = _InstantEmbedder()
    client = open_folder(folder / "store", wait_seconds=0.0, on_wait=lambda _: None)
    store = QdrantPassageStore(
        client, "bench", embedder_id=embedder.id, dimensions=embedder.dimensions, embedded=True
    )
    reader = reader or ArticleReader()
    sync = LibrarySync(Library(store, embedder, Bm25Encoder()), ArticleSplitter())
    source = FolderSource(shelf, reader)

    def timed() -> tuple[float, list[str]]:
        embedder.texts.clear()
        began = clock()
        sync.carry_out(sync.plan([source]))
        return clock() - began, list(embedder.texts)

    try:
        first, texts = timed()
        unchanged, again = timed()
        file = shelf / f"{articles // 2}.md"
        file.write_text(f"{file.read_text(encoding='utf-8')}\nA sentence that nobody has read before.\n")
        edited, new = timed()
        return SyncSpeed(articles, tuple(texts), first, unchanged, len(again), edited, len(new))
    finally:
        store.close()
        reader.close()


def made_up_article(chance: random.Random, number: int) -> str:
    """800 words in sections and paragraphs, as Markdown; no two have a sentence in common."""
    sections = []
    for section in range(_SECTIONS):
        paragraphs = [
            " ".join(_sentence(chance, number) for _ in range(_SENTENCES)) for _ in range(_PARAGRAPHS)
        ]
        sections.append("\n\n".join((f"## Section {section} of {number}", *paragraphs)))
    return "\n\n".join((f"# Article {number}", *sections)) + "\n"


def _sentence(chance: random.Random, number: int) -> str:
    # 12.5 words on average, with one figure.
    words = chance.choices(_WORDS, k=chance.randint(9, 14))
    return f"{words[0].title()} {' '.join(words[1:])} {number}."
