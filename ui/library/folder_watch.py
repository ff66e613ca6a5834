"""Looks at the user's folders every few seconds: which of them were changed since they were last synced."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from index_store.errors import FootnoteError
from ingest.folder_source import folder_state
from ingest.folder_walk import FolderState
from ui.library.sync_runs import SyncRuns

_logger = logging.getLogger(__name__)

# A look takes so small a part of the time, however large the folder and however slow its drive is. One that
# is this short does at any time.
_SHARE_OF_TIME = 1 / 50
_SHORT_SECONDS = 0.1


@dataclass(slots=True)
class _Seen:
    """The digests of a folder: as it was reported or synced last, and at the last look."""

    known: int | None = None
    last: int | None = None
    not_before: float = 0.0


class FolderWatch:
    """Reports each change once, when a folder is as it was a look before: who is copying has time to end.

    What a run of syncs saw, whoever asked for it, is no change; nor is it one that a folder is away.
    """

    def __init__(
        self,
        folders: Callable[[], Mapping[str, Path]],
        runs: SyncRuns,
        *,
        look: Callable[[Path], FolderState | None] = folder_state,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`folders` tells what to watch, by the sources' ids; `clock` counts seconds."""
        self._folders = folders
        self._runs = runs
        self._look = look
        self._clock = clock
        self._seen: dict[str, _Seen] = {}

    def changed(self) -> tuple[str, ...]:
        """The ids of the sources that were changed. Raises nothing."""
        try:
            folders = self._folders()
        except FootnoteError as error:
            _logger.warning("no folder is watched: %s", error)
            return ()
        self._seen = {id: self._seen.get(id, _Seen()) for id in folders}
        return tuple(id for id, folder in folders.items() if self._is_changed(id, folder))

    def _is_changed(self, id: str, folder: Path) -> bool:
        seen, began = self._seen[id], self._clock()
        if began < seen.not_before:
            return False
        state = self._look(folder)
        ended = self._clock()
        if ended - began > _SHORT_SECONDS:
            seen.not_before = ended + (ended - began) / _SHARE_OF_TIME
        if state is None or state.digest == seen.known:
            return False
        is_still = state.digest == seen.last
        seen.last = state.digest
        if self._was_synced(id, state):
            seen.known = state.digest
            return False
        if is_still:
            seen.known = state.digest
        return is_still

    def _was_synced(self, id: str, state: FolderState) -> bool:
        """Whether a run began after the last change; what no run has looked at is left to the schedule."""
        run = next((run for run in self._runs.listed() if run.concerns(id)), None)
        return run is None or state.newest < run.began_at.timestamp()
