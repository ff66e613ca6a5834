"""Fetches and verifies model files in a thread of its own, one at a time, whatever becomes of the page."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from assistant.models.catalogue import CatalogueEntry
from assistant.models.model_files import ModelFiles
from assistant.models.model_sources import FetchProgress
from index_store.errors import FootnoteError, RunError, UsageError
from ui.models.model_choice import record_fetch
from ui.models.model_trouble import trouble
from ui.record.record import Record

_logger = logging.getLogger(__name__)

Work = Literal["fetch", "verify"]

_DOING: dict[Work, str] = {"fetch": "fetched", "verify": "verified"}


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far the running job is. `ended` counts those that have ended since the process began.

    `work` is None while there is none; `source` and `note` are as in FetchProgress.
    """

    work: Work | None = None
    model: str = ""
    source: str = ""
    note: str = ""
    bytes_done: int = 0
    bytes_total: int | None = None
    is_stopping: bool = False
    ended: int = 0
    last: str = ""
    """The model of the job that ended last."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the last job on a model: `error` says what went wrong and what to do."""

    work: Work
    error: str | None = None
    is_stopped: bool = False


class _Stopped(RunError):
    """Somebody pressed Stop; what has come is kept."""


class ModelJobs:
    """Safe to use from several threads of the serving process."""

    def __init__(self, files: Callable[[], ModelFiles]) -> None:
        """`files` makes those of one job: each finds out anew which sources can be reached."""
        self._files = files
        self._lock = threading.Lock()
        self._progress = JobProgress()
        self._outcomes: dict[str, Outcome] = {}
        self._stopping = threading.Event()

    @property
    def progress(self) -> JobProgress:
        """How far the running job is."""
        return self._progress

    def outcome(self, id: str) -> Outcome | None:
        """What came of the last job on this model; None where there was none in this process."""
        return self._outcomes.get(id)

    def begin(self, work: Work, entry: CatalogueEntry, record: Record) -> None:
        """Begin a job. Raises UsageError while another one is under way."""
        with self._lock:
            now = self._progress
            if now.work is not None:
                raise UsageError(
                    f"{now.model} is being {_DOING[now.work]}, and one model at a time is worked on;"
                    " wait until it is done, or stop it"
                )
            self._outcomes.pop(entry.id, None)
            self._stopping.clear()
            self._progress = JobProgress(
                work, entry.id, bytes_total=entry.bytes, ended=now.ended, last=now.last
            )
        args = (work, entry, record)
        threading.Thread(target=self._run, args=args, name="footnote-models", daemon=True).start()

    def stop(self) -> None:
        """Stop the running job, if there is one, at its next sign of life. What has come is kept."""
        with self._lock:
            if self._progress.work is not None:
                self._stopping.set()
                self._progress = replace(self._progress, is_stopping=True)

    def _run(self, work: Work, entry: CatalogueEntry, record: Record) -> None:
        outcome = Outcome(work, "something went wrong; details are in the log")
        try:
            outcome = self._outcome(work, entry, record)
        except Exception as error:
            _logger.exception("model %s could not be %s", entry.id, _DOING[work])
            if work == "fetch":
                record_fetch(entry, record, via="page", error=error)
        finally:
            with self._lock:
                self._outcomes[entry.id] = outcome
                self._progress = JobProgress(ended=self._progress.ended + 1, last=entry.id)

    def _outcome(self, work: Work, entry: CatalogueEntry, record: Record) -> Outcome:
        try:
            files = self._files()
            if work == "verify":
                files.verify(entry.id, self._tell)
                return Outcome(work)
            files.fetch(entry.id, self._tell)
            # Where it was here already, no source has been asked.
            if self._progress.source:
                record_fetch(entry, record, via="page")
        except _Stopped:
            return Outcome(work, is_stopped=True)
        except FootnoteError as error:
            _logger.warning("model %s could not be %s: %s", entry.id, _DOING[work], error)
            if work == "fetch":
                record_fetch(entry, record, via="page", error=error)
            return Outcome(work, trouble(error, entry))
        return Outcome(work)

    def _tell(self, told: FetchProgress) -> None:
        if self._stopping.is_set():
            raise _Stopped("stopped")
        with self._lock:
            self._progress = replace(
                self._progress,
                source=told.source,
                note=told.note,
                bytes_done=told.bytes_done,
                bytes_total=told.bytes_total,
            )
