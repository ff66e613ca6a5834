"""The desk whose work is recorded: questions, searches, and each change of the library."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from time import perf_counter

from assistant.answer import Answer
from assistant.events import Answers, Turn
from index_store.errors import FootnoteError, UsageError
from index_store.passage import ScoredPassage
from index_store.passage_store import ArticleSummary
from ui.chat.recorded_answers import RecordedAnswers, Via, places_of, told
from ui.desk import (
    ArticleView,
    Embedding,
    OnSync,
    OnWait,
    RemovedSource,
    Stopped,
    SyncStep,
    SyncSummary,
    ignored,
    never,
)
from ui.library.sync_runs import SyncRun, SyncRuns
from ui.local_desk import LocalDesk
from ui.record.record import Record
from ui.workshop import Workshop
from ui.workshop_answers import WorkshopAnswers

_CHANGES = ("add", "change", "delete")
_MOST_ERRORS = 5


def recorded_answers(
    workshop: Workshop, record: Record, *, via: Via, model: str | None = None
) -> RecordedAnswers:
    """The answers of a workshop's assistant, recorded."""
    settings = workshop.settings

    def surroundings() -> dict[str, object]:
        library = workshop.opened
        return {
            "embedder": library.embedder.id if library else settings.embedder,
            "reranker": settings.reranker,
            "evidence_tokens": settings.evidence_tokens,
            "context_tokens": settings.context_tokens,
        }

    # The page tells of an empty library by itself, and leads to where it is filled.
    answers = WorkshopAnswers(workshop, model, needs_articles=via == "command")
    id = model or settings.model
    return RecordedAnswers(answers, record, via=via, model=id, surroundings=surroundings)


class RecordedDesk:
    """A LocalDesk that passes everything on, and records what is asked of it and changed by it.

    An article's change is recorded before it is made, so that none is without its entry, however the
    process ends; where it then fails, another entry says so.
    """

    def __init__(
        self,
        desk: LocalDesk,
        workshop: Workshop,
        record: Record,
        *,
        around: Callable[[Answers], Answers] = lambda answers: answers,
    ) -> None:
        """`around` is put around the answers, to count them."""
        self._desk = desk
        self._workshop = workshop
        self._record = record
        self._around = around

    def of_account(self, account: str) -> "RecordedDesk":
        """The same desk, for what the person with this account does."""
        record = self._record.of_account(account)
        return RecordedDesk(self._desk, self._workshop, record, around=self._around)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        model: str | None = None,
        stopped: Stopped = never,
    ) -> Answer:
        """See Desk."""
        answers = self._around(recorded_answers(self._workshop, self._record, via="command", model=model))
        return self._desk.ask(question, history=history, model=model, stopped=stopped, answers=answers)

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        """See Desk."""
        began = perf_counter()
        facts = {"via": "command", "question": self._record.words(question), "limit": limit}
        try:
            found = self._desk.search(question, limit)
        except UsageError:
            raise
        except FootnoteError as error:
            self._record.add("search", **facts, status="failed", shown=[], error=told(error, self._record))
            raise
        took = round(1000 * (perf_counter() - began))
        self._record.add("search", **facts, status="found", shown=places_of(found), took_ms=took)
        return found

    def sync(
        self, places: Sequence[str], *, dry_run: bool, on_step: OnSync, on_wait: OnWait = ignored
    ) -> SyncSummary:
        """See Desk; a dry run changes nothing and is not recorded."""
        if dry_run:
            return self._desk.sync(places, dry_run=True, on_step=on_step, on_wait=on_wait)
        return self._recorded(
            lambda tell: self._desk.sync(places, dry_run=False, on_step=tell, on_wait=on_wait), on_step
        )

    def sync_sources(
        self, sources: Collection[str], *, on_step: OnSync, on_wait: OnWait = ignored
    ) -> SyncSummary:
        """See LibraryDesk."""
        return self._recorded(
            lambda tell: self._desk.sync_sources(sources, on_step=tell, on_wait=on_wait), on_step
        )

    def remove_source(self, source: str) -> RemovedSource:
        """See Desk."""
        return self._desk.remove_source(source)

    def rebuild(self, *, on_step: OnSync) -> SyncSummary:
        """See Desk."""
        self._record.add("rebuild", via="command", embedder=self._workshop.settings.embedder)
        heard = _Changes(self._desk, self._record, on_step)
        summary = self._desk.rebuild(on_step=heard.tell)
        self._record_failed(summary)
        return summary

    def articles(self) -> list[ArticleSummary]:
        """See Desk."""
        return self._desk.articles()

    def article(self, path: str) -> ArticleView | None:
        """See Desk."""
        return self._desk.article(path)

    def embedding(self) -> Embedding:
        """See Desk."""
        return self._desk.embedding()

    def close(self) -> None:
        """See Desk."""
        self._desk.close()

    def _recorded(self, work: Callable[[OnSync], SyncSummary], on_step: OnSync) -> SyncSummary:
        heard = _Changes(self._desk, self._record, on_step)
        try:
            summary = work(heard.tell)
        finally:
            heard.end()
        self._record_failed(summary)
        return summary

    def _record_failed(self, summary: SyncSummary) -> None:
        for step in summary.failed:
            self._record.add("article", action="failed", source=step.source, article=step.path, why=step.why)


class _Changes:
    """Hears of a sync's steps and records those that change the library."""

    def __init__(self, desk: LocalDesk, record: Record, on_step: OnSync) -> None:
        self._desk = desk
        self._record = record
        self._on_step = on_step
        self._embedder: str | None = None

    def tell(self, step: SyncStep, done: int, total: int) -> None:
        """See OnSync."""
        self._on_step(step, done, total)
        if step.action in _CHANGES:
            self._record.add("article", action=step.action, source=step.source, article=step.path)
        elif step.action == "embed" and self._embedder is None:
            self._embedder = self._in_force()

    def end(self) -> None:
        """The sync has ended: if it has moved the library to another embedder, that is recorded."""
        if self._embedder is None:
            return
        now = self._in_force()
        if now not in (None, self._embedder):
            self._record.add("embedder", action="in_force", before=self._embedder, after=now)

    def _in_force(self) -> str | None:
        try:
            return self._desk.embedding().in_force
        except FootnoteError:
            return None


class RecordedRuns(SyncRuns):
    """The syncs that were run, each recorded too with its reason, counts and errors."""

    def __init__(self, file: Path, record: Record) -> None:
        super().__init__(file)
        self._record = record

    def keep(self, run: SyncRun) -> None:
        """See SyncRuns. Recorded also where it cannot be kept."""
        record = self._record.of_account(run.by[0]) if run.by else self._record
        record.add(
            "sync",
            via=run.why,
            asked_by=list(run.by),
            began=run.began,
            ended=run.ended,
            completed=run.completed,
            added=run.added,
            changed=run.changed,
            deleted=run.deleted,
            kept=run.kept,
            skipped=run.skipped,
            errors=list(run.errors[:_MOST_ERRORS]),
            sources=None if run.sources is None else list(run.sources),
        )
        super().keep(run)
