"""Brings the library up to date with its sources: first a plan, then its execution.

Every change writes the new state of an article before the old one goes, so that a search at any
moment, and a kill at any moment, finds a whole library.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from time import monotonic, perf_counter

from llama_index.core.node_parser import NodeParser
from pydantic import TypeAdapter, ValidationError

from index_store.article import Article
from index_store.errors import RunError
from index_store.library import Library, now
from index_store.passage import Passage
from ingest.articles_aside import ArticleAside, ArticlesAside
from ingest.folder_source import Source
from ingest.passages.indexed_passages import indexed_passages
from ingest.passages.repetitions import Place, Repetitions
from ingest.passages.splitter import PIPELINE_VERSION
from ingest.source_steps import SourceSteps
from ingest.sync_plan import Drives, OnStep, Step, SyncPlan, SyncReport, as_one

_logger = logging.getLogger(__name__)

_PACE = "characters_per_second"
# With less than this (some 60 passages), loading the embedder is most of the time.
_MEASURED_FROM = 30_000
# 20 passages of 500 characters: MiniLM on two slow cores.
_USUAL_PACE = 10_000.0
# The fact in the library's state that keeps the drives on which its sources lay.
_DRIVES = "drives"
_MARKS: TypeAdapter[dict[str, dict[str, str]]] = TypeAdapter(dict[str, dict[str, str]])
# What has been read so long is written, though there may be more to read: a site can take half an hour.
_PORTION_SECONDS = 60.0


def _unheard(_: Step, done: int, total: int) -> None:
    """Nobody who would be told."""


class LibrarySync:
    """Plans and carries out syncs of sources into one library; one at a time."""

    def __init__(
        self, library: Library, splitter: NodeParser, *, clock: Callable[[], float] = monotonic
    ) -> None:
        """`clock` counts seconds."""
        self._library = library
        self._splitter = splitter
        self._clock = clock
        self._repetitions = Repetitions(library.store)
        self._aside = ArticlesAside()

    def plan(self, sources: Sequence[Source], *, listed: AbstractSet[str] | None = None) -> SyncPlan:
        """Compare the sources with the library. Reads files, changes nothing.

        With `listed`, the ids of all sources that there are, articles of others are to be deleted.
        """
        found = self._look()
        steps = [*found.of(sources), *(found.unlisted(listed) if listed is not None else ())]
        return self.settled(SyncPlan(tuple(steps), drives=found.drives))

    def run(
        self,
        sources: Sequence[Source],
        *,
        listed: AbstractSet[str] | None = None,
        on_step: OnStep = _unheard,
    ) -> SyncReport:
        """Plan and carry out, as far as it takes long to read: what was read by then is written, and can be
        found, while the rest is read. It ends where a plan of all would; what goes, goes at the end.
        """
        found = self._look()
        self._library.store.remove_orphans()
        reports: list[SyncReport] = []
        portion: list[Step] = []
        later: list[Step] = []
        began = self._clock()
        for step in found.of(sources):
            (later if step.action == "delete" else portion).append(step)
            if step.article is not None and self._clock() - began >= _PORTION_SECONDS:
                reports.append(self._write_portion(SyncPlan(tuple(portion)), on_step))
                portion, began = [], self._clock()
        later += found.unlisted(listed) if listed is not None else ()
        rest = SyncPlan((*portion, *later), drives=found.drives)
        reports.append(self._write_portion(rest, on_step))
        return as_one(reports)

    def _look(self) -> SourceSteps:
        self._aside = ArticlesAside()
        return SourceSteps(
            self._library.articles(),
            self._put_aside,
            pipeline=PIPELINE_VERSION,
            drives=self._drives(),
        )

    def _put_aside(self, article: Article) -> ArticleAside:
        return self._aside.put(article)

    def _write_portion(self, plan: SyncPlan, on_step: OnStep) -> SyncReport:
        """Carry out a part of what a sync finds; nothing keeps the articles of it any longer."""
        report = self._write_all(self.settled(plan), on_step)
        self._aside = ArticlesAside()
        steps = tuple(replace(step, article=None) for step in report.plan.steps)
        return replace(report, plan=replace(report.plan, steps=steps))

    def settled(self, plan: SyncPlan) -> SyncPlan:
        """The plan with every article in its place among the others: nothing twice, and nothing lost.

        An article that takes another place than before is a change too, though its source is as it was.
        """
        gone = {step.key for step in plan.of("delete")}
        steps = [step for step in plan.steps if step.action == "delete" or step.key not in gone]
        written = {step.key: step for step in steps if step.article is not None}
        places = self._repetitions.decide(
            _Whole({key: step.article for key, step in written.items() if step.article is not None}),
            gone,
            {key: step.place for key, step in written.items() if step.place is not None},
        )
        steps = [
            replace(step, place=places[step.key]) if step.key in written else step
            for step in steps
            if step.action != "keep" or step.key not in places
        ]
        marks = {step.key: step.fingerprint for step in plan.of("keep")}
        for key in sorted(places.keys() - written.keys()):
            stored = self._library.store.article(key)
            if stored is not None:
                place = replace(places[key], pipeline=stored.pipeline)
                mark = marks.get(key) or stored.fingerprint
                source, path = stored.article.source, stored.article.path
                aside = self._aside.put(stored.article)
                steps.append(Step("change", source, path, None, aside, mark, place))
        return replace(plan, steps=tuple(sorted(steps, key=_turn)), is_settled=True)

    def seconds_for(self, plan: SyncPlan) -> float:
        """About how long carrying out the plan takes, by the pace of the last sync that wrote much."""
        pace = self._library.store.state().get(_PACE, "")
        return self._new_characters(plan) / (float(pace) if pace.isdecimal() and float(pace) else _USUAL_PACE)

    def carry_out(self, plan: SyncPlan, on_step: OnStep = _unheard) -> SyncReport:
        """Do what the plan says; `on_step` hears of each change before it is made (done so far, total)."""
        self._library.store.remove_orphans()
        return self._write_all(plan if plan.is_settled else self.settled(plan), on_step)

    def _write_all(self, plan: SyncPlan, on_step: OnStep) -> SyncReport:
        """Carry out a settled plan."""
        changes = [step for step in plan.steps if step.action in ("add", "change", "delete")]
        failed: list[Step] = []
        written = embedded = worked_at = 0
        began = perf_counter()
        if changes:
            self._repetitions.open()
        before = self._earlier_places(plan)
        for done, step in enumerate(changes):
            on_step(step, done, len(changes))
            try:
                if step.article is not None:
                    passages, new = self._write(
                        step.article.article(), step, {one.key for one in failed}, before.get(step.key)
                    )
                    written += len(passages)
                    embedded += new
                    if passages:
                        reused = sum(len(passage.text) for passage in passages) - new
                        worked_at += step.article.characters - reused
                else:
                    self._library.remove([step.key])
            except RunError as error:
                _logger.exception("%s of %s failed", step.action, step.path)
                failed.append(Step("skip", step.source, step.path, why=str(error)))
        for step in plan.of("keep"):
            if step.fingerprint is not None:
                self._library.store.set_fingerprint(step.key, step.fingerprint)
        if not failed:
            self._repetitions.settle()
        facts = {"last_sync": now()}
        if not failed and worked_at >= _MEASURED_FROM:
            facts[_PACE] = f"{worked_at / max(perf_counter() - began, 1e-3):.0f}"
        drives = self._drives()
        if any(drives.get(id, {}) != marks for id, marks in plan.drives.items()):
            facts[_DRIVES] = json.dumps({**drives, **plan.drives})
        self._library.store.set_state(facts)
        return SyncReport(plan, tuple(failed), written, embedded)

    def _drives(self) -> Drives:
        """The drives that the sources lay on at the last sync; none where they were not kept."""
        try:
            return _MARKS.validate_json(self._library.store.state().get(_DRIVES, "{}"))
        except ValidationError:
            return {}

    def _new_characters(self, plan: SyncPlan) -> int:
        """About how many characters are to be embedded: of what is changed, the blocks that are new."""
        total = 0
        for step in plan.steps:
            if step.article is None or (step.place and step.place.duplicate_of):
                continue
            stored = self._library.store.article(step.key) if step.action == "change" else None
            if stored is None or not stored.passage_ids or stored.pipeline != PIPELINE_VERSION:
                total += step.article.characters
                continue
            old, new = stored.article, step.article.article()
            known = {old.text[block.start : block.end] for block in old.blocks}
            texts = (new.text[block.start : block.end] for block in new.blocks)
            total += sum(len(text) for text in texts if text not in known)
        return total

    def _earlier_places(self, plan: SyncPlan) -> dict[str, str]:
        """For articles that take the place of one that goes: which that is, by their keys.

        It was renamed, or it was a reprint of what goes, or that becomes its reprint. Its passages need not
        be embedded again.
        """
        gone = {step.key for step in plan.of("delete")}
        reprints = {step.key: step.place.duplicate_of for step in plan.steps if step.place is not None}
        if not gone and not any(reprints.values()):
            return {}
        rows = self._library.articles()
        by_hash = {row.content_hash: row.key for row in rows if row.key in gone and row.passages}
        found = {row.key: row.duplicate_of for row in rows if row.duplicate_of in gone and row.duplicate_of}
        for step in plan.of("add"):
            key = by_hash.get(step.article.content_hash) if step.article is not None else None
            if key is not None:
                found[step.key] = key
        for row in rows:
            original = reprints.get(row.key)
            if original is not None and row.passages:
                found.setdefault(original, row.key)
        return found

    def _write(
        self, article: Article, step: Step, failed: AbstractSet[str], was: str | None
    ) -> tuple[Sequence[Passage], int]:
        """Put one article into the library; the passages it has there, and how many characters are new."""
        place = step.place or Place()
        if place.duplicate_of in failed:
            raise RunError(f"{step.path}: the article with the same text could not be written; sync again")
        is_kept = place.duplicate_of is None
        passages = indexed_passages(article, self._splitter, place.left_out) if is_kept else []
        embedded = self._library.put(
            article,
            passages,
            pipeline=place.pipeline or PIPELINE_VERSION,
            fingerprint=step.fingerprint,
            duplicate_of=place.duplicate_of,
            likeness=place.likeness,
            left_out=place.left_out,
            was=was,
        )
        return passages, embedded


class _Whole(Mapping[str, Article]):
    """Articles that were put aside, each had again when it is asked for."""

    def __init__(self, aside: Mapping[str, ArticleAside]) -> None:
        self._aside = aside

    def __getitem__(self, key: str) -> Article:
        return self._aside[key].article()

    def __iter__(self) -> Iterator[str]:
        return iter(self._aside)

    def __len__(self) -> int:
        return len(self._aside)

    def __contains__(self, key: object) -> bool:
        return key in self._aside


def _turn(step: Step) -> int:
    """What is written before what goes: each article stands somewhere at any moment."""
    if step.action == "delete":
        return 3
    return step.place.turn if step.place is not None else 0
