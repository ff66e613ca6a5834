"""Brings the library up to date with its sources: first a plan, then its execution.

Every change writes the new state of an article before the old one goes, so that a search at any
moment, and a kill at any moment, finds a whole library.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Literal

from llama_index.core.node_parser import NodeParser

from index_store.article import Article
from index_store.errors import FootnoteError, RunError
from index_store.library import Library, now
from index_store.passage import Passage
from index_store.passage_store import ArticleSummary
from ingest.articles_aside import ArticleAside, ArticlesAside
from ingest.errors import FetchFailed, SourceMissing, SourceUnread
from ingest.folder_source import FoundArticle, Source
from ingest.passages.indexed_passages import indexed_passages
from ingest.passages.repetitions import Place, Repetitions
from ingest.passages.splitter import PIPELINE_VERSION

_logger = logging.getLogger(__name__)

_PACE = "characters_per_second"
# With less than this (some 60 passages), loading the embedder is most of the time.
_MEASURED_FROM = 30_000
# 20 passages of 500 characters: MiniLM on two slow cores.
_USUAL_PACE = 10_000.0

Action = Literal["add", "change", "delete", "keep", "skip"]


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done with one article; `why` says so for what is skipped, or gone by its own word.

    `fingerprint` is of what the article was read from, where that is news. `place` says, of what is written,
    what it is to the other articles.
    """

    action: Action
    source: str
    path: str
    why: str | None = None
    article: ArticleAside | None = field(default=None, repr=False)
    fingerprint: str | None = None
    place: Place | None = None

    @property
    def key(self) -> str:
        """The article's key in the library."""
        return f"{self.source}\n{self.path}"


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """All steps, in the order in which they will be taken.

    In a plan that `is_settled` every article has its place among the others.
    """

    steps: tuple[Step, ...]
    is_settled: bool = False

    def of(self, action: Action) -> tuple[Step, ...]:
        """The steps of one kind."""
        return tuple(step for step in self.steps if step.action == action)

    def count(self, action: Action) -> int:
        """How many steps of one kind there are."""
        return len(self.of(action))

    @property
    def characters(self) -> int:
        """The length of all texts that are to be written."""
        return sum(step.article.characters for step in self.steps if step.article is not None)


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did. `failed` lists articles whose writing failed; they will be tried again.

    `characters_embedded` counts those of the passages that the library did not have before.
    """

    plan: SyncPlan
    failed: tuple[Step, ...]
    passages_written: int
    characters_embedded: int = 0


OnStep = Callable[[Step, int, int], None]


class LibrarySync:
    """Plans and carries out syncs of sources into one library; one at a time."""

    def __init__(self, library: Library, splitter: NodeParser) -> None:
        self._library = library
        self._splitter = splitter
        self._repetitions = Repetitions(library.store)
        self._aside = ArticlesAside()

    def plan(self, sources: Sequence[Source]) -> SyncPlan:
        """Compare the sources with the library. Reads files, changes nothing.

        Sources with one id are one source, looked at once.
        A source that is not there, or cannot be read now, is one skipped step: its articles stay.
        """
        self._aside = ArticlesAside()
        known = {row.key: row for row in self._library.articles()}
        steps: list[Step] = []
        for source in {source.id: source for source in sources}.values():
            seen: set[str] = set()
            try:
                for found in source.scan():
                    step = self._look_at(source, found, known)
                    if step.key not in seen:
                        seen.add(step.key)
                        steps.append(step)
            except (SourceMissing, SourceUnread, FetchFailed) as error:
                steps.append(Step("skip", source.id, "", why=str(error)))
                continue
            if not source.is_complete:
                continue
            gone = [row for key, row in known.items() if row.source == source.id and key not in seen]
            steps.extend(Step("delete", row.source, row.path) for row in gone)
        return self.settled(SyncPlan(tuple(steps)))

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
        return SyncPlan(tuple(sorted(steps, key=_turn)), is_settled=True)

    def seconds_for(self, plan: SyncPlan) -> float:
        """About how long carrying out the plan takes, by the pace of the last sync that wrote much."""
        pace = self._library.store.state().get(_PACE, "")
        return plan.characters / (float(pace) if pace.isdecimal() and float(pace) else _USUAL_PACE)

    def carry_out(self, plan: SyncPlan, on_step: OnStep | None = None) -> SyncReport:
        """Do what the plan says; `on_step` hears of each change before it is made (done so far, total)."""
        self._library.store.remove_orphans()
        plan = plan if plan.is_settled else self.settled(plan)
        changes = [step for step in plan.steps if step.action in ("add", "change", "delete")]
        failed: list[Step] = []
        written = embedded = reused = 0
        began = perf_counter()
        if changes:
            self._repetitions.open()
        before = self._earlier_places(plan)
        for done, step in enumerate(changes):
            if on_step is not None:
                on_step(step, done, len(changes))
            try:
                if step.article is not None:
                    passages, new = self._write(
                        step.article.article(), step, {one.key for one in failed}, before.get(step.key)
                    )
                    written += len(passages)
                    embedded += new
                    reused += sum(len(passage.text) for passage in passages) - new
                else:
                    self._library.remove([step.key])
            except RunError as error:
                _logger.exception("%s of %s failed", step.action, step.path)
                failed.append(Step("skip", step.source, step.path, why=str(error)))
        for step in plan.of("keep"):
            if step.fingerprint is not None:
                self._library.store.set_fingerprint(step.key, step.fingerprint)
        if changes and not failed:
            self._repetitions.settle()
        facts = {"last_sync": now()}
        if not failed and plan.characters - reused >= _MEASURED_FROM:
            facts[_PACE] = f"{(plan.characters - reused) / max(perf_counter() - began, 1e-3):.0f}"
        self._library.store.set_state(facts)
        return SyncReport(plan, tuple(failed), written, embedded)

    def _earlier_places(self, plan: SyncPlan) -> dict[str, str]:
        """For articles that take the place of one that goes: which that is, by their keys.

        It was renamed, or it was a reprint of what goes. Its passages need not be embedded again.
        """
        gone = {step.key for step in plan.of("delete")}
        if not gone:
            return {}
        rows = self._library.articles()
        by_hash = {row.content_hash: row.key for row in rows if row.key in gone and row.passages}
        found = {row.key: row.duplicate_of for row in rows if row.duplicate_of in gone and row.duplicate_of}
        for step in plan.of("add"):
            key = by_hash.get(step.article.content_hash) if step.article is not None else None
            if key is not None:
                found[step.key] = key
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

    def _look_at(self, source: Source, found: FoundArticle, known: Mapping[str, ArticleSummary]) -> Step:
        path = found.path
        if found.is_gone and f"{source.id}\n{path}" in known:
            return Step("delete", source.id, path, why=f"{path}: {found.why_not}")
        if found.why_not:
            return Step("skip", source.id, path, why=f"{path}: {found.why_not}")
        before = known.get(f"{source.id}\n{path}")
        if before is not None and (before.pipeline != PIPELINE_VERSION or not before.content_hash):
            before = replace(before, content_hash="", fingerprint=None)
        # Taken before the file is read: if it changes in between, the next sync sees that.
        mark = source.fingerprint(found)
        if before is not None and mark is not None and before.fingerprint == mark:
            return Step("keep", source.id, path)
        try:
            article = source.read(found)
        except FootnoteError as error:
            _logger.warning("skipped: %s", error)
            return Step("skip", source.id, path, why=str(error))
        if before is None:
            return Step("add", source.id, path, article=self._aside.put(article), fingerprint=mark)
        if before.content_hash == article.content_hash:
            return Step("keep", source.id, path, fingerprint=mark)
        return Step("change", source.id, path, article=self._aside.put(article), fingerprint=mark)


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
