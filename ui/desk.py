"""The front desk: everything a person can ask of Footnote, whoever carries it out.

The command line and the local API both speak to a Desk. Within the process that holds the library it is
a LocalDesk; beside a serving process, a RemoteDesk that hands the work over.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Protocol, runtime_checkable

from assistant.answer import Answer
from assistant.events import Turn
from index_store.passage import Passage, ScoredPassage
from index_store.passage_store import ArticleSummary, Origin, StoredArticle


@dataclass(frozen=True, slots=True)
class SyncStep:
    """One article's part in a sync: read, embed, add, change, delete, keep or skip.

    "read" is of an address that is asked before it is known what will come of it. `why` tells it of what is
    skipped, or gone by its server's own word.
    """

    action: str
    source: str
    path: str
    why: str | None = None


@dataclass(frozen=True, slots=True)
class SyncSummary:
    """What a sync did (`seconds` long), or with `dry_run` would do (`expected_seconds` long).

    `sources` are the ids of those that it looked at, as the library knows them. `refused` are the named
    places that were not taken into the sources, since another sync would be refused too.
    """

    dry_run: bool
    added: int
    changed: int
    deleted: int
    kept: int
    skipped: tuple[SyncStep, ...]
    failed: tuple[SyncStep, ...]
    steps: tuple[SyncStep, ...]
    articles: int
    passages: int
    seconds: float | None
    expected_seconds: float | None = None
    sources: tuple[str, ...] | None = None
    refused: tuple[SyncStep, ...] = ()

    def to_json(self) -> dict[str, object]:
        """The summary as plain JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class RemovedSource:
    """A source that is listed no more: its `place` as it was listed, its `id` as the library knows it.

    Its `articles` leave the library with the next sync; None where they could not be counted.
    """

    place: str
    id: str
    articles: int | None


@dataclass(frozen=True, slots=True)
class ArticleView:
    """One article with its clean text and its passages, and where else its text was published."""

    stored: StoredArticle
    passages: tuple[Passage, ...]
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class Embedding:
    """Which embedder the library is searched with, and which one the settings name.

    While the library is moved from the one to the other, `done` of `total` articles have been embedded.
    """

    in_force: str
    wanted: str
    done: int | None = None
    total: int | None = None

    @property
    def told(self) -> str | None:
        """In words, what is under way or to be done; None when the library is as it should be."""
        if self.in_force == self.wanted:
            return None
        if self.done is None:
            return f"embedded with {self.in_force}, and {self.wanted} is set; run: footnote sync"
        return (
            f"being embedded anew with {self.wanted}, {self.done} of {self.total} articles done; "
            f"until then it is searched with {self.in_force}"
        )


Stopped = Callable[[], bool]
"""Whether whoever asked wants no answer any more."""

OnWait = Callable[[str], None]
"""Hears, in words for the person, that something has to be waited for."""

OnSync = Callable[[SyncStep, int, int], None]
"""Hears of each change before it is made: the step, how many are done, how many there are (0: unknown)."""


def full_name(source: str, path: str) -> str:
    """An article's name where its path alone is not enough: SOURCE/PATH; of a single file its own path."""
    return source if PurePath(source).name == path else f"{source}/{path}"


def never() -> bool:
    """Nobody who would stop it."""
    return False


def ignored(_: str) -> None:
    """Nobody who would be told."""


class Desk(Protocol):
    """What Footnote does for people. Every method raises FootnoteError."""

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        model: str | None = None,
        stopped: Stopped = never,
    ) -> Answer:
        """Answer one question; `model` names another one than the setting.

        Ends with RunError soon after `stopped` says so.
        """
        ...

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        """The best passages, without a model."""
        ...

    def sync(
        self, places: Sequence[str], *, dry_run: bool, on_step: OnSync, on_wait: OnWait = ignored
    ) -> SyncSummary:
        """Bring the library up to date; named places are added to the sources first.

        What is new among them, and is refused, is not kept: see SyncSummary.
        `on_wait` hears at once of another sync that has to end first.
        """
        ...

    def remove_source(self, source: str) -> RemovedSource:
        """List a folder, file or address no more. Raises UsageError when it is none of the sources."""
        ...

    def rebuild(self, *, on_step: OnSync) -> SyncSummary:
        """Delete the library and sync it anew, for another embedder or after damage."""
        ...

    def articles(self) -> list[ArticleSummary]:
        """What is in the library."""
        ...

    def article(self, path: str) -> ArticleView | None:
        """One article, by its path, the end of it, or SOURCE/PATH; None when there is none.

        Raises UsageError when several articles are meant.
        """
        ...

    def embedding(self) -> Embedding:
        """What the library is embedded with, and whether that is as the settings say."""
        ...

    def close(self) -> None:
        """Let go of the library."""
        ...


@runtime_checkable
class LibraryDesk(Desk, Protocol):
    """The desk of the process that holds the library, which can also sync some of its sources alone."""

    def sync_sources(
        self, sources: Collection[str], *, on_step: OnSync, on_wait: OnWait = ignored
    ) -> SyncSummary:
        """Bring up to date what comes from the sources with these ids; the articles of others stay."""
        ...
