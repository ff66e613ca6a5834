"""The desk of the process that holds the library."""

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from time import perf_counter

from assistant.answer import Answer
from assistant.events import AnswerFinished, Answers, Turn
from assistant.finding.question import checked_question
from index_store.errors import FootnoteError, RunError, UsageError
from index_store.passage import ScoredPassage
from index_store.passage_store import ArticleSummary
from ingest.folder_source import Source
from ingest.sync_plan import Step, SyncPlan
from ui.desk import (
    ArticleView,
    Embedding,
    OnSync,
    OnWait,
    RemovedSource,
    Stopped,
    SyncStep,
    SyncSummary,
    full_name,
    ignored,
    never,
)
from ui.library.new_source import NewSource
from ui.library.source_list import SourceList
from ui.record.record import OnChange, unheard
from ui.settings.in_force import load_settings
from ui.settings.settings import Settings
from ui.settings.source_places import source_id, source_place
from ui.stopped import SERVING_ENDED
from ui.waiting_line import WaitingLine
from ui.workshop import Workshop
from ui.workshop_answers import WorkshopAnswers

_LAST_ARTICLE_SECONDS = 3.0
# All commands stand in line as one person: whoever may run them is the one whose machine this is.
_COMMANDS = "commands"
_GIVEN_UP = "whoever asked this wants no answer any more"
_CLOSING = "Footnote is being closed; ask again when it is open"


class LocalDesk:
    """Carries out what is asked with the parts of this process. One sync at a time."""

    def __init__(
        self,
        workshop: Workshop,
        *,
        on_change: Callable[[], None] = lambda: None,
        on_source: OnChange = unheard,
        line: WaitingLine | None = None,
    ) -> None:
        """`on_change` is called after each sync that changed the library; `on_source` of new sources,
        and of those that are sources no more.

        `line` is where questions wait for their turn; without, it has one of its own.
        """
        self.line = line or WaitingLine()
        self._workshop = workshop
        self._on_change = on_change
        self._list = SourceList(workshop.home.settings_file, on_change=on_source)
        self._syncing = threading.RLock()
        self._closing = threading.Event()

    @property
    def is_closing(self) -> bool:
        """Whether what is under way is not gone on with, since the process ends."""
        return self._closing.is_set()

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        model: str | None = None,
        stopped: Stopped = never,
        answers: Answers | None = None,
    ) -> Answer:
        """See Desk. `answers` stand in for the assistant with that model."""
        answers = answers or WorkshopAnswers(self._workshop, model, needs_articles=True)

        def given_up() -> bool:
            return self._closing.is_set() or stopped()

        with self.line.enter(_COMMANDS) as place:
            if place.wait(given_up):
                for event in answers.stream(question, history=history, stopped=given_up):
                    if isinstance(event, AnswerFinished) and not given_up():
                        return event.answer
        raise RunError(SERVING_ENDED if self._closing.is_set() else _GIVEN_UP)

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        """See Desk."""
        return self._workshop.library.search(checked_question(question), limit)

    def sync(
        self, places: Sequence[str], *, dry_run: bool, on_step: OnSync, on_wait: OnWait = ignored
    ) -> SyncSummary:
        """See Desk. Articles of sources that are no longer listed are taken out."""
        with self._turn(on_wait):
            return self._sync(places, dry_run=dry_run, on_step=on_step)

    def sync_sources(
        self, sources: Collection[str], *, on_step: OnSync, on_wait: OnWait = ignored
    ) -> SyncSummary:
        """See LibraryDesk. What belongs to no listed source any more is taken out here too."""
        with self._turn(on_wait):
            return self._sync((), dry_run=False, on_step=on_step, only=frozenset(sources))

    def remove_source(self, source: str) -> RemovedSource:
        """See Desk."""
        id = source_id(self._list.place_of(source))
        try:
            articles = sum(row.source == id for row in self._workshop.library.articles())
        except FootnoteError:
            # What the library is missing (a model, say) need not keep a source in it.
            articles = None
        return RemovedSource(self._list.remove(source), id, articles)

    def rebuild(self, *, on_step: OnSync) -> SyncSummary:
        """See Desk. Nothing is deleted while a source is away: its articles could not be read anew."""
        with self._syncing:
            for source in self._workshop.intake.sources(load_settings(self._workshop.home.settings_file)):
                if next(iter(source.scan()), None) is None and source.id in self._held():
                    raise RunError(
                        f"source {source.id}: it holds nothing now, and the library has articles of it; "
                        "is its drive away? connect it, or run: footnote sync"
                    )
            self._workshop.drop_library()
            return self.sync((), dry_run=False, on_step=on_step)

    def _held(self) -> set[str]:
        """The ids of the sources that the library has articles of; none where it cannot be opened."""
        try:
            return {row.source for row in self._workshop.library.articles()}
        except FootnoteError:
            return set()

    def articles(self) -> list[ArticleSummary]:
        """See Desk."""
        return self._workshop.library.articles()

    def article(self, path: str) -> ArticleView | None:
        """See Desk."""
        if "\n" in path:  # a key, as it is kept: no list is needed
            return self._view(path)
        rows = self._workshop.library.articles()
        whole = [row for row in rows if path in (row.key, full_name(row.source, row.path))]
        exact = [row for row in rows if path == row.path]
        ends = [row for row in rows if row.path.endswith(f"/{path}")]
        chosen = whole or exact or ends
        if len(chosen) > 1:
            names = [full_name(row.source, row.path) for row in chosen]
            where = "several sources hold" if exact else "several articles end in"
            raise UsageError(f"{where} {path!r}: {', '.join(names)}; name one: footnote articles {names[0]}")
        if not chosen:
            return None
        return self._view(chosen[0].key)

    def embedding(self) -> Embedding:
        """See Desk."""
        return self._workshop.embedding

    def begin_closing(self) -> None:
        """Have what other threads are at end with its next word or article; who waits hears of it."""
        self._closing.set()

    def close(self) -> None:
        """See Desk. What other threads are at ends with its next word or article."""
        self.begin_closing()
        if self._syncing.acquire(timeout=_LAST_ARTICLE_SECONDS):
            self._syncing.release()
        self._workshop.close()

    @contextmanager
    def _turn(self, on_wait: OnWait) -> Iterator[None]:
        if not self._syncing.acquire(blocking=False):
            on_wait("another sync is running: waiting for it to end")
            self._syncing.acquire()
        try:
            yield
        finally:
            self._syncing.release()

    def _view(self, key: str) -> ArticleView | None:
        library = self._workshop.library
        stored = library.store.article(key)
        if stored is None:
            return None
        return ArticleView(stored, tuple(library.store.passages(key)), library.origins(key))

    def _sync(
        self, places: Sequence[str], *, dry_run: bool, on_step: OnSync, only: AbstractSet[str] | None = None
    ) -> SyncSummary:
        began = perf_counter()
        settings, new = self._with_places(places, keep=not dry_run)
        if not dry_run:
            self._embed_anew(settings, on_step)
        syncer = self._workshop.syncer()
        fetched = 0

        def tell_of_fetch(url: str) -> None:
            nonlocal fetched
            if self._closing.is_set():
                raise RunError(_CLOSING)
            on_step(SyncStep("read", "", url), fetched, 0)
            fetched += 1

        refused: set[str] = set()

        def drop(id: str) -> None:
            refused.add(id)
            if not dry_run:
                self._list.remove(id)

        sources = [
            NewSource(source, drop) if source.id in new else source
            for source in self._workshop.intake.sources(settings, on_fetch=tell_of_fetch)
        ]
        chosen = [source for source in sources if only is None or source.id in only]
        listed = {source.id for source in sources}
        if dry_run:
            plan = syncer.plan(chosen, listed=listed)
            # The sync reads what was read for the plan once more.
            expected = perf_counter() - began + syncer.seconds_for(plan)
            return self._summary(chosen, plan, (), refused, dry_run=True, seconds=None, expected=expected)

        def tell(step: Step, done: int, total: int) -> None:
            if self._closing.is_set():
                raise RunError(_CLOSING)
            on_step(_step(step), done, total)

        report = syncer.run(chosen, listed=listed, on_step=tell)
        if any(report.plan.count(action) for action in ("add", "change", "delete")):
            self._on_change()
        took = round(perf_counter() - began, 3)
        return self._summary(chosen, report.plan, report.failed, refused, dry_run=False, seconds=took)

    def _embed_anew(self, settings: Settings, on_step: OnSync) -> None:
        """Move the library to the embedder of the settings, if another one made it."""

        def tell(row: ArticleSummary, done: int, total: int) -> None:
            if self._closing.is_set():
                raise RunError(_CLOSING)
            on_step(SyncStep("embed", row.source, row.path), done, total)

        self._workshop.embed_anew(settings.embedder, tell)

    def _with_places(self, places: Sequence[str], *, keep: bool) -> tuple[Settings, AbstractSet[str]]:
        """The settings with `places` among the sources, and the ids of those that are new.

        They are written to the file when `keep`.
        """
        file = self._workshop.home.settings_file
        settings = load_settings(file)
        if self._workshop.folder is not None or not places:
            return settings, frozenset()
        named = [source_place(place) for place in places]
        new = self._list.add(named) if keep else self._list.missing(named)
        return settings.model_copy(update={"sources": (*settings.sources, *new)}), set(map(source_id, new))

    def _summary(
        self,
        sources: Sequence[Source],
        plan: SyncPlan,
        failed: Sequence[Step],
        refused: AbstractSet[str],
        *,
        dry_run: bool,
        seconds: float | None,
        expected: float | None = None,
    ) -> SyncSummary:
        store = self._workshop.library.store
        return SyncSummary(
            dry_run=dry_run,
            added=plan.count("add"),
            changed=plan.count("change"),
            deleted=plan.count("delete"),
            kept=plan.count("keep"),
            skipped=tuple(_step(step) for step in plan.of("skip")),
            failed=tuple(_step(step) for step in failed),
            steps=tuple(_step(step) for step in plan.steps if step.action != "keep"),
            articles=len(store.articles()),
            passages=store.count(),
            seconds=seconds,
            expected_seconds=None if expected is None else round(expected, 1),
            sources=tuple(source.id for source in sources),
            refused=tuple(_step(step) for step in plan.of("skip") if step.source in refused),
        )


def _step(step: Step) -> SyncStep:
    return SyncStep(step.action, step.source, step.path, step.why)
