"""Articles of a few sentences, cut into passages by hand, in a library that lives in memory."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import NAMESPACE_URL, uuid5

from qdrant_client import QdrantClient

from index_store.article import Article
from index_store.embedder import Embedder, HashEmbedder
from index_store.lexical import Bm25Encoder
from index_store.library import Library
from index_store.passage import Passage, ScoredPassage
from index_store.qdrant_store import QdrantPassageStore


def article(path: str, text: str, **facts: str | None) -> Article:
    """An article whose title is its path, unless `facts` say otherwise."""
    return Article("notes", path, facts.pop("title", None) or path, text, **facts)  # type: ignore[arg-type]


def passages_of(whole: Article, headings: tuple[str, ...] = ()) -> list[Passage]:
    """A passage for each paragraph: what an empty line parts."""
    passages = []
    start = 0
    for number, text in enumerate(whole.text.split("\n\n")):
        if text.strip():
            passages.append(
                Passage(
                    id=str(uuid5(NAMESPACE_URL, f"{whole.key}#{number}")),
                    source=whole.source,
                    article=whole.path,
                    title=whole.title,
                    text=text,
                    start=start,
                    end=start + len(text),
                    ordinal=len(passages),
                    headings=headings,
                    publisher=whole.publisher,
                    url=whole.url,
                    published=whole.published,
                )
            )
        start += len(text) + 2
    return passages


def hits(*articles: Article, headings: tuple[str, ...] = ()) -> list[ScoredPassage]:
    """All passages of the articles, as a search would give them, in this order."""
    found = [passage for whole in articles for passage in passages_of(whole, headings)]
    return [ScoredPassage(passage, 1 / (rank + 1)) for rank, passage in enumerate(found)]


@contextmanager
def library_of(articles: Sequence[Article], embedder: Embedder | None = None) -> Iterator[Library]:
    """A searchable library of these articles."""
    embedder = embedder or HashEmbedder(256)
    client = QdrantClient(":memory:", force_disable_check_same_thread=True)
    store = QdrantPassageStore(
        client, "tiny", embedder_id=embedder.id, dimensions=embedder.dimensions, embedded=True
    )
    library = Library(store, embedder, Bm25Encoder())
    for whole in articles:
        library.put(whole, passages_of(whole), pipeline="by hand")
    try:
        yield library
    finally:
        store.close()
