"""The list of all articles, kept until a sync may have changed it."""

import threading
from collections.abc import Callable
from time import monotonic

from index_store.passage_store import ArticleSummary

KEPT_SECONDS = 30.0
"""How old a list may grow; a Qdrant server may be filled by another process, which nobody here hears of."""


class ArticleList:
    """Asks for the articles once, and not again until something has happened. Safe from several threads.

    The embedded store takes most of a second to list two thousand.
    """

    def __init__(
        self,
        listed: Callable[[], list[ArticleSummary]],
        happened: Callable[[], object],
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`happened` gives another value once the articles may be others; `clock` counts seconds."""
        self._listed = listed
        self._happened = happened
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: tuple[object, float, tuple[ArticleSummary, ...]] | None = None

    def rows(self) -> tuple[ArticleSummary, ...]:
        """All articles, by source and path. Raises what the library raises."""
        with self._lock:
            now, happened = self._clock(), self._happened()
            if self._kept is not None and self._kept[0] == happened and now - self._kept[1] < KEPT_SECONDS:
                return self._kept[2]
            self._kept = None
            rows = tuple(self._listed())
            self._kept = (happened, now, rows)
            return rows
