"""The library: passages with their vectors behind one search, whatever embeds and stores them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from index_store.article import Article
from index_store.embedder import Embedder
from index_store.lexical import LexicalEncoder
from index_store.passage import Passage, ScoredPassage
from index_store.passage_store import ArticleSummary, PassageStore, StoredArticle


class Library:
    """Articles in, passages out. Ingest adds to it, the assistant searches it."""

    def __init__(self, store: PassageStore, embedder: Embedder, lexical: LexicalEncoder) -> None:
        self._store = store
        self._embedder = embedder
        self._lexical = lexical

    @property
    def store(self) -> PassageStore:
        """What keeps the passages."""
        return self._store

    @property
    def embedder(self) -> Embedder:
        """What makes the dense vectors."""
        return self._embedder

    @property
    def lexical(self) -> LexicalEncoder:
        """What makes the lexical vectors."""
        return self._lexical

    def put(
        self,
        article: Article,
        passages: Sequence[Passage],
        *,
        pipeline: str,
        fingerprint: str | None = None,
    ) -> None:
        """Add an article, or replace what is stored of it.

        `pipeline` names how it was split and cleaned, `fingerprint` what it was read from.
        """
        texts = [passage.text for passage in passages]
        contexts = ["\n".join((passage.title, *passage.headings)) for passage in passages]
        self._store.replace(
            StoredArticle(
                article=article,
                content_hash=article.content_hash,
                pipeline=pipeline,
                passage_ids=tuple(passage.id for passage in passages),
                added=now(),
                fingerprint=fingerprint,
            ),
            passages,
            self._embedder.embed(texts, role="document"),
            self._lexical.encode_documents(texts, contexts),
        )

    def remove(self, article_keys: Iterable[str]) -> None:
        """Take articles out; they are not cited any more."""
        self._store.remove(article_keys)

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        """The passages nearest to the question in words and in meaning, best first."""
        vector = self._embedder.embed([question], role="query")[0]
        return self._store.search(vector, self._lexical.encode_query(question), limit=limit)

    def articles(self) -> list[ArticleSummary]:
        """All articles, by source and path."""
        return self._store.articles()

    def find(self, path: str) -> StoredArticle | None:
        """The article whose path (or key) is given; None when there is none."""
        keys = [row.key for row in self._store.articles() if path in (row.path, row.key)]
        return self._store.article(keys[0]) if keys else None


def now() -> str:
    """The time in UTC, ISO 8601 to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
