"""Figures that are looked up when somebody asks for them: library, line, last sync, kept states."""

import logging
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from assistant.engine.state_files import StateUsage
from index_store.errors import FootnoteError
from index_store.passage_store import ArticleSummary
from ui.library.sync_runs import SyncRuns
from ui.waiting_line import LineFigures

_logger = logging.getLogger(__name__)


class StandingFigures(Collector):
    """Asks library, line, runs and states anew each time. What cannot be learned is left out."""

    def __init__(
        self,
        *,
        line: Callable[[], LineFigures],
        articles: Callable[[], Sequence[ArticleSummary]],
        runs: SyncRuns,
        states: Callable[[], StateUsage],
    ) -> None:
        self._line = line
        self._articles = articles
        self._runs = runs
        self._states = states

    def collect(self) -> Iterator[Metric]:
        """See Collector."""
        named = GaugeMetricFamily("footnote_version", "The version that serves.", labels=["version"])
        named.add_metric([version("footnote")], 1)
        yield named
        yield from self._of_line()
        yield from self._of_library()
        yield from self._of_syncs()
        yield from self._of_states()

    def _of_line(self) -> Iterator[Metric]:
        now = self._line()
        yield _gauge("footnote_questions_waiting", "Questions that wait in line.", now.waiting)
        yield _gauge("footnote_questions_answered_now", "Questions that are being answered.", now.answered)
        yield _counter("footnote_turns", "Questions whose turn came.", now.turns)
        yield _counter("footnote_waiting_seconds", "What these waited in line, in all.", now.seconds)
        yield _counter("footnote_questions_refused", "Questions that found the line full.", now.refused)

    def _of_library(self) -> Iterator[Metric]:
        try:
            rows = self._articles()
        except FootnoteError as error:
            _logger.warning("no figures of the library: %s", error)
            yield _gauge("footnote_library_up", "Whether the library answers.", 0)
            return
        yield _gauge("footnote_library_up", "Whether the library answers.", 1)
        yield _gauge("footnote_articles", "Articles in the library.", len(rows))
        yield _gauge("footnote_passages", "Passages in the library.", sum(row.passages for row in rows))

    def _of_syncs(self) -> Iterator[Metric]:
        runs = self._runs.listed()
        if runs:
            last = runs[0]
            ended = last.ended_at.timestamp()
            yield _gauge("footnote_last_sync_timestamp_seconds", "When the last sync ended.", ended)
            yield _gauge("footnote_last_sync_completed", "Whether it got to its end.", int(last.completed))
            yield _gauge("footnote_last_sync_errors", "What it told of as gone wrong.", len(last.errors))

    def _of_states(self) -> Iterator[Metric]:
        usage = self._states()
        yield _gauge("footnote_states_bytes", "Disk that what is read ahead takes.", usage.bytes)
        yield _gauge("footnote_states_budget_bytes", "Disk that they may take.", usage.budget)
        yield _gauge("footnote_states_failing", "Whether keeping them fails.", int(usage.problem is not None))


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _counter(name: str, words: str, value: float) -> Metric:
    return CounterMetricFamily(name, words, value=value)
