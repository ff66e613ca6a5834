"""The contract between the library and whatever keeps its passages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from index_store.article import Article
from index_store.embedder import Vectors
from index_store.lexical import SparseVector
from index_store.passage import Passage, ScoredPassage


@dataclass(frozen=True, slots=True)
class Likeness:
    """What of an article is compared with others' to find what is said twice, so that no text is read for it.

    `essence` is a digest of all that tells it from other texts, None where it is too short to be compared;
    `blocks` has a number of 64 bits for each block of text that may be repeated by other articles.
    """

    essence: str | None = None
    blocks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article in the library, and how it got there. `added` is an ISO 8601 time in UTC.

    `fingerprint` is of what it was read from, before any cleaning; None where nobody took one.
    `duplicate_of` is the key of the article that is searched in its place: this one has no passages then.
    `left_out` are those of its likeness's blocks that no passage is made of, since others have them too.
    """

    article: Article
    content_hash: str
    pipeline: str
    passage_ids: tuple[str, ...]
    added: str
    fingerprint: str | None = None
    duplicate_of: str | None = None
    likeness: Likeness = Likeness()
    left_out: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where else a text was published: another article that is this one in other clothes.

    `article` is its path, `published` an ISO day.
    """

    article: str
    title: str
    publisher: str | None
    url: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class ComparedArticle:
    """All that it takes to say which articles repeat others, and what was said of it when it was stored."""

    key: str
    source: str
    path: str
    url: str | None
    published: str | None
    likeness: Likeness
    duplicate_of: str | None = None
    left_out: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """What a list of articles shows, without the text; `passages` counts them. See StoredArticle."""

    key: str
    source: str
    path: str
    title: str
    publisher: str | None
    published: str | None
    content_hash: str
    pipeline: str
    passages: int
    added: str
    fingerprint: str | None = None
    duplicate_of: str | None = None


class PassageStore(Protocol):
    """Keeps articles with their passages and vectors, and searches them. Raises kinds of LibraryError."""

    def replace(
        self,
        stored: StoredArticle,
        passages: Sequence[Passage],
        dense: Vectors,
        lexical: Iterable[SparseVector],
    ) -> None:
        """Put an article in place of its earlier state: new passages first, then the old ones go.

        `dense` has a row for each passage; a vector of `lexical` is asked for when its passage is written.
        """
        ...

    def remove(self, article_keys: Iterable[str]) -> None:
        """Take articles out, passages first, so that none is cited any more."""
        ...

    def set_fingerprint(self, article_key: str, fingerprint: str) -> None:
        """Note what an article, unchanged in itself, was last read from."""
        ...

    def search(self, dense: Vectors, lexical: SparseVector, *, limit: int) -> list[ScoredPassage]:
        """The best passages by both vectors' scores and their articles' worth, best first. See fusion."""
        ...

    def articles(self) -> list[ArticleSummary]:
        """All articles, by source and path."""
        ...

    def article(self, key: str) -> StoredArticle | None:
        """One article whole, or None."""
        ...

    def compared(self) -> list[ComparedArticle]:
        """What is repeated where, for all articles that are not being removed, in no certain order."""
        ...

    def origins(self) -> Mapping[str, tuple[Origin, ...]]:
        """For the key of each article that stands for others: where those were published, in order."""
        ...

    def embedded(self, article_key: str, pipeline: str) -> Mapping[str, Vectors]:
        """The unit vector of each text that an article's passages have, as its embedder made it.

        Empty where the article is not there, or was stored by another pipeline than this.
        """
        ...

    def passages(self, article_key: str) -> list[Passage]:
        """An article's passages in order."""
        ...

    def remove_orphans(self) -> int:
        """Delete passages that no article lists (left by a killed write); how many there were."""
        ...

    def count(self) -> int:
        """How many passages there are."""
        ...

    def state(self) -> Mapping[str, str]:
        """Small facts about the library as a whole, such as the time of the last sync."""
        ...

    def set_state(self, values: Mapping[str, str]) -> None:
        """Add or overwrite facts of `state`."""
        ...

    def close(self) -> None:
        """Give the store back to other processes."""
        ...
