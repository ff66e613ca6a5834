"""The library: passages with their vectors behind one search, whatever embeds and stores them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import numpy as np

from index_store.article import Article
from index_store.embedder import Embedder, Vectors
from index_store.errors import LibraryError
from index_store.lexical import LexicalEncoder, SparseVector
from index_store.passage import Passage, ScoredPassage
from index_store.passage_store import ArticleSummary, Likeness, Origin, PassageStore, StoredArticle

# A book has ten thousands of passages, and what an embedder holds of each is many times its text.
_AT_ONCE = 256

_T = TypeVar("_T")


class Library:
    """Articles in, passages out. Ingest adds to it, the assistant searches it. Raises as its store does."""

    def __init__(self, store: PassageStore, embedder: Embedder, lexical: LexicalEncoder) -> None:
        # In one piece, so that a search never puts the one's vectors to the other.
        self._dense = (store, embedder)
        self._lexical = lexical
        self._changes = 0
        # As of so many changes.
        self._origins: tuple[int, Mapping[str, tuple[Origin, ...]]] | None = None
        # None until asked for; then kept up to date, since a sync changes it every second.
        self._titles: dict[str, str] | None = None

    @property
    def store(self) -> PassageStore:
        """What keeps the passages."""
        return self._dense[0]

    @property
    def embedder(self) -> Embedder:
        """What makes the dense vectors."""
        return self._dense[1]

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
        duplicate_of: str | None = None,
        likeness: Likeness | None = None,
        left_out: Sequence[int] = (),
        was: str | None = None,
    ) -> int:
        """Add an article, or replace what is stored of it; how many characters of it were embedded.

        `pipeline` names how it was split and cleaned, `fingerprint` what it was read from; for the others
        see StoredArticle and `keep`.
        """
        return self.keep(
            StoredArticle(
                article=article,
                content_hash=article.content_hash,
                pipeline=pipeline,
                passage_ids=tuple(passage.id for passage in passages),
                added=now(),
                fingerprint=fingerprint,
                duplicate_of=duplicate_of,
                likeness=likeness or Likeness(),
                left_out=tuple(left_out),
            ),
            passages,
            was=was,
        )

    def keep(self, stored: StoredArticle, passages: Sequence[Passage], *, was: str | None = None) -> int:
        """Add an article as it is known already, or replace what is stored of it.

        Passages that it has in the store, word for word, are not embedded again; nor are those that another
        article has there, whose key `was` tells. How many characters were embedded.
        """
        store, embedder = self._dense
        known: dict[str, Vectors] = {}
        if passages:
            for key in dict.fromkeys((was or stored.article.key, stored.article.key)):
                known.update(store.embedded(key, stored.pipeline))
        dense = np.zeros((len(passages), embedder.dimensions), dtype=np.float32)
        new: dict[str, int] = {}  # and the first place that has it
        for place, passage in enumerate(passages):
            if passage.text in known:
                dense[place] = known[passage.text]
            else:
                new.setdefault(passage.text, place)
        for texts in _portions(list(new)):
            for text, vector in zip(texts, embedder.embed(texts, role="document"), strict=True):
                dense[new[text]] = vector
        for place, passage in enumerate(passages):
            dense[place] = dense[new.get(passage.text, place)]
        try:
            store.replace(stored, passages, dense, self._lexical_of(passages))
        except BaseException:
            self._titles = None
            raise
        finally:
            self._changes += 1
        if self._titles is not None:
            titles = {**self._titles, stored.article.key: stored.article.title}
            if stored.duplicate_of is not None:
                del titles[stored.article.key]
            self._titles = titles
        return sum(map(len, new))

    def _lexical_of(self, passages: Sequence[Passage]) -> Iterator[SparseVector]:
        for some in _portions(passages):
            contexts = ["\n".join((passage.title, *passage.headings, passage.lead)) for passage in some]
            yield from self._lexical.encode_documents([passage.text for passage in some], contexts)

    def remove(self, article_keys: Iterable[str]) -> None:
        """Take articles out; they are not cited any more."""
        try:
            self.store.remove(article_keys)
        finally:
            self._titles = None
            self._changes += 1

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        """The passages nearest to the question in words and in meaning, best first."""
        dense = store, embedder = self._dense
        words = self._lexical.encode_query(question)
        try:
            return store.search(embedder.embed([question], role="query")[0], words, limit=limit)
        except LibraryError:
            if self._dense is dense:
                raise
        # Another embedder has taken over in the middle of it.
        return self.search(question, limit)

    def switch(self, store: PassageStore, embedder: Embedder) -> None:
        """From now on, search and keep with these; whoever holds the library need not notice."""
        self._dense = (store, embedder)
        self._changes += 1

    def origins(self, article_key: str) -> tuple[Origin, ...]:
        """Where else an article's text was published; looked up once after each change of the library."""
        known, changes = self._origins, self._changes
        if known is None or known[0] != changes:
            self._origins = known = (changes, self.store.origins())
        return known[1].get(article_key, ())

    def titles(self) -> Mapping[str, str]:
        """The title of each article that is searched, by its key; another mapping after each change."""
        titles, changes = self._titles, self._changes
        if titles is None:
            titles = {row.key: row.title for row in self.store.articles() if row.duplicate_of is None}
            if changes == self._changes:
                self._titles = titles
        return titles

    def articles(self) -> list[ArticleSummary]:
        """All articles, by source and path."""
        return self.store.articles()

    def find(self, path: str) -> StoredArticle | None:
        """The article of this path or key, of several the first by source; None when there is none."""
        keys = [row.key for row in self.store.articles() if path in (row.path, row.key)]
        return self.store.article(keys[0]) if keys else None


def _portions(whole: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(whole), _AT_ONCE):
        yield whole[start : start + _AT_ONCE]


def now() -> str:
    """The time in UTC, ISO 8601 to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
