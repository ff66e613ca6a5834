"""Made-up articles with one passage for each paragraph, and libraries over the fakes to put them in."""

import random
from collections.abc import Sequence
from uuid import NAMESPACE_URL, uuid5

from qdrant_client import QdrantClient

from index_store.article import Article, Block
from index_store.embedder import HashEmbedder
from index_store.lexical import Bm25Encoder
from index_store.library import Library
from index_store.passage import Passage
from index_store.qdrant_store import QdrantPassageStore

EMBEDDER = HashEmbedder(256)
_STARTS = "bal ked lom nar pif rog sut tev vix zum".split()
_ENDS = "adan efer igol ohin ujut akam elep imor onis upol".split()
WORDS = [start + end for start in _STARTS for end in _ENDS]


def article(
    path: str, *paragraphs: str, source: str = "shelf", title: str = "A title", **facts: str
) -> Article:
    """An article whose clean text is these paragraphs."""
    blocks, at = [], 0
    for paragraph in paragraphs:
        blocks.append(Block("paragraph", at, at + len(paragraph)))
        at += len(paragraph) + 2
    return Article(source, path, title, "\n\n".join(paragraphs), tuple(blocks), **facts)


def passages(article: Article) -> tuple[Passage, ...]:
    """One passage for each block; ids change with the content, as those of ingest do."""
    return tuple(
        Passage(
            id=str(uuid5(NAMESPACE_URL, f"{article.key} {article.content_hash} {block.start}")),
            source=article.source,
            article=article.path,
            title=article.title,
            text=article.text[block.start : block.end],
            start=block.start,
            end=block.end,
            ordinal=ordinal,
            publisher=article.publisher,
            url=article.url,
            published=article.published,
        )
        for ordinal, block in enumerate(article.blocks)
    )


def random_paragraph(chance: random.Random) -> str:
    """Twenty to eighty made-up words, some far more frequent than others."""
    weights = [1 / (place + 1) for place in range(len(WORDS))]
    return " ".join(chance.choices(WORDS, weights, k=chance.randint(20, 80))) + "."


def random_article(chance: random.Random, path: str) -> Article:
    """One to four made-up paragraphs."""
    paragraphs = [random_paragraph(chance) for _ in range(chance.randint(1, 4))]
    return article(path, *paragraphs, title=" ".join(chance.sample(WORDS, 3)))


def library_over(client: QdrantClient, name: str, *, embedded: bool) -> Library:
    """A library with the fake embedder."""
    store = QdrantPassageStore(
        client, name, embedder_id=EMBEDDER.id, dimensions=EMBEDDER.dimensions, embedded=embedded
    )
    return Library(store, EMBEDDER, Bm25Encoder())


def put(library: Library, *articles: Article) -> None:
    """Add articles, or replace what is stored of them."""
    for one in articles:
        library.put(one, passages(one), pipeline="test")


def found(library: Library, question: str, limit: int = 10) -> list[str]:
    """The paths of the articles that are found, best first."""
    return [hit.passage.article for hit in library.search(question, limit)]


def stored_texts(library: Library, questions: Sequence[str] = ("",)) -> set[str]:
    """The texts of all passages that a search can bring up."""
    return {hit.passage.text for question in questions for hit in library.search(question, 1000)}
