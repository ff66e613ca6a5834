import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.engine.state_files import StateUsage
from index_store.errors import LibraryUnreachable
from index_store.passage_store import ArticleSummary
from ui.library.sync_runs import SyncRun, SyncRuns
from ui.metrics.figures import Figures
from ui.metrics.standing_figures import StandingFigures
from ui.waiting_line import LineFull, WaitingLine

PAGE = Path(__file__).parents[3] / "docs" / "running-it.md"


def row(passages: int) -> ArticleSummary:
    return ArticleSummary(
        key=f"s\n{passages}.md",
        source="s",
        path=f"{passages}.md",
        title="t",
        publisher=None,
        published=None,
        passages=passages,
        content_hash="h",
        pipeline="p",
        added="2026-01-01T00:00:00+00:00",
    )


@dataclass
class Watched:
    """Figures over a line, a library that may be away, runs and states."""

    folder: Path
    line: WaitingLine = field(default_factory=lambda: WaitingLine(at_once=1, longest=1))
    rows: Sequence[ArticleSummary] = (row(2), row(3))
    away: bool = False
    problem: str | None = None
    figures: Figures = field(default_factory=Figures)

    def __post_init__(self) -> None:
        self.runs = SyncRuns(self.folder / "syncs.jsonl")
        self.figures.add(
            StandingFigures(
                line=lambda: self.line.figures,
                articles=self.articles,
                runs=self.runs,
                states=lambda: StateUsage(3, 700, 1000, self.problem),
            )
        )

    def articles(self) -> Sequence[ArticleSummary]:
        if self.away:
            raise LibraryUnreachable("the Qdrant server failed")
        return self.rows

    def __getitem__(self, name: str) -> float | None:
        return self.figures.registry.get_sample_value(f"footnote_{name}")


def test_the_library_is_counted_in_articles_and_passages(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    assert (watched["library_up"], watched["articles"], watched["passages"]) == (1, 2, 5)


def test_a_library_that_is_away_has_no_figures_and_takes_none_of_the_others(tmp_path: Path) -> None:
    watched = Watched(tmp_path, away=True)
    assert (watched["library_up"], watched["articles"]) == (0, None)
    assert watched["states_bytes"] == 700
    watched.away = False
    assert watched["library_up"] == 1


def test_the_line_tells_who_waits_who_is_answered_and_who_was_refused(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    place = watched.line.enter("a")
    watched.line.enter("b")
    with pytest.raises(LineFull):
        watched.line.enter("c")
    assert watched["questions_refused_total"] == 1
    assert (watched["questions_answered_now"], watched["questions_waiting"]) == (1, 1)
    place.leave()
    assert (watched["questions_answered_now"], watched["questions_waiting"]) == (1, 0)
    assert watched["turns_total"] == 2
    assert (watched["waiting_seconds_total"] or 0) > 0


def test_the_last_sync_tells_when_and_how_it_ended(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    assert watched["last_sync_completed"] is None
    watched.runs.keep(SyncRun("schedule", "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:10+00:00"))
    assert watched["last_sync_timestamp_seconds"] == 1767225610
    assert (watched["last_sync_completed"], watched["last_sync_errors"]) == (1, 0)
    failed = SyncRun("page", "2026-01-02T00:00:00+00:00", "2026-01-02T00:00:10+00:00", False, errors=("no",))
    watched.runs.keep(failed)
    assert (watched["last_sync_completed"], watched["last_sync_errors"]) == (0, 1)


def test_states_tell_their_bytes_their_budget_and_their_trouble(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    assert (watched["states_bytes"], watched["states_budget_bytes"], watched["states_failing"]) == (
        700,
        1000,
        0,
    )
    watched.problem = "the disk is full"
    assert watched["states_failing"] == 1


@pytest.mark.skipif(not PAGE.exists(), reason="the docs ship with the source only")
def test_every_figure_is_told_of_in_the_docs_and_none_besides(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.runs.keep(SyncRun("schedule", "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:10+00:00"))
    families = list(watched.figures.registry.collect())
    ours = {f"{one.name}_total" if one.type == "counter" else one.name for one in families}
    told = set(re.findall(r"`(footnote_\w+)", PAGE.read_text(encoding="utf-8")))
    assert {name for name in ours if name.startswith("footnote_")} - {"footnote_version"} == told
