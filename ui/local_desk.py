"""The desk of the process that holds the library."""

import threading
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from assistant.answer import Answer
from assistant.events import Turn
from index_store.errors import UsageError
from index_store.passage import ScoredPassage
from index_store.passage_store import ArticleSummary
from ingest.sync import Step, SyncPlan
from ui.desk import ArticleView, OnSync, SyncStep, SyncSummary
from ui.settings import STARTER, Settings, change_setting, load_settings
from ui.workshop import Workshop


class LocalDesk:
    """Carries out what is asked with the parts of this process. One sync at a time."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._syncing = threading.Lock()

    def ask(self, question: str, *, history: Sequence[Turn] = (), model: str | None = None) -> Answer:
        """See Desk."""
        return self._workshop.assistant(model).ask(question, history=history)

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        """See Desk."""
        if not question.strip():
            raise UsageError("the question is empty; type one")
        return self._workshop.library.search(question, limit)

    def sync(self, places: Sequence[str], *, dry_run: bool, on_step: OnSync) -> SyncSummary:
        """See Desk. Articles of sources that are no longer listed are taken out."""
        with self._syncing:
            began = perf_counter()
            settings = self._with_places(places, keep=not dry_run)
            syncer = self._workshop.syncer()
            sources = self._workshop.sources(settings)
            plan = syncer.plan(sources)
            listed = {source.id for source in sources}
            unlisted = [
                Step("delete", row.source, row.path)
                for row in self._workshop.library.articles()
                if row.source not in listed
            ]
            plan = SyncPlan((*plan.steps, *unlisted))
            if dry_run:
                return self._summary(plan, (), dry_run=True, seconds=None)
            report = syncer.carry_out(plan, lambda step, done, total: on_step(_step(step), done, total))
            return self._summary(plan, report.failed, dry_run=False, seconds=round(perf_counter() - began, 3))

    def rebuild(self, *, on_step: OnSync) -> SyncSummary:
        """See Desk."""
        self._workshop.drop_library()
        return self.sync((), dry_run=False, on_step=on_step)

    def articles(self) -> list[ArticleSummary]:
        """See Desk."""
        return self._workshop.library.articles()

    def article(self, path: str) -> ArticleView | None:
        """See Desk."""
        rows = self._workshop.library.articles()
        exact = [row for row in rows if path in (row.path, row.key)]
        ends = [row for row in rows if row.path.endswith(f"/{path}")]
        chosen = (exact or ends)[:1]
        if not chosen:
            return None
        store = self._workshop.library.store
        stored = store.article(chosen[0].key)
        return None if stored is None else ArticleView(stored, tuple(store.passages(chosen[0].key)))

    def close(self) -> None:
        """See Desk."""
        self._workshop.close()

    def _with_places(self, places: Sequence[str], *, keep: bool) -> Settings:
        """The settings with `places` among the sources; written to the file when `keep`."""
        file = self._workshop.home.settings_file
        settings = load_settings(file)
        if self._workshop.folder is not None or not places:
            return settings
        named = [_place(place) for place in places]
        sources = tuple(dict.fromkeys((*settings.sources, *named)))
        if sources != settings.sources and keep:
            change_setting(file, "sources", sources)
        return settings.model_copy(update={"sources": sources})

    def _summary(
        self, plan: SyncPlan, failed: Sequence[Step], *, dry_run: bool, seconds: float | None
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
        )


def _step(step: Step) -> SyncStep:
    return SyncStep(step.action, step.source, step.path, step.why)


def _place(place: str) -> str:
    if place == STARTER:
        return place
    if "://" in place:
        raise UsageError(
            f"source {place!r}: addresses cannot be synced yet; save the page and name its folder"
        )
    path = Path(place).expanduser().resolve()
    if not path.exists():
        raise UsageError(f"source {place!r}: no such folder or file; check the path")
    return path.as_posix()
