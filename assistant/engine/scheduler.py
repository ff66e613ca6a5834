"""Runs the jobs of all askers on one memory, several sequences to a batch.

The lock discipline: one thread, the scheduler's, owns the memory; whatever touches it runs there, as a
step of a job. Other threads only hand in jobs and wait for them; one condition guards the list of what
has been handed in, and is never held while llama.cpp reads.
"""

import logging
import threading
from collections.abc import Generator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from assistant.engine.sequence_memory import Logits, ReadingAborted, Run, SequenceMemory
from assistant.errors import ModelUnusable
from index_store.errors import FootnoteError

_logger = logging.getLogger(__name__)
Result = TypeVar("Result")
Work = Generator[Sequence[Run], list[list[Logits]], Result]
"""A job's steps: it yields what it wants read (no run without tokens) and is sent the logits of each run; in
between it may use the memory."""

# Up to here a job is writing and not reading: it goes first, since somebody reads along.
_WRITING = 8
# Where several wait, they read in portions of this many tokens, about half a second on two cores: who came
# first has a first word soon, and nobody's answer halts while another's evidence is read.
_PORTION = 64


class StoppedReading(Exception):
    """A job was given up because somebody asked to stop."""


@dataclass(slots=True, eq=False)
class Job(Generic[Result]):
    """Work that was handed in. Cancel it from any thread; its end and result come with `future`."""

    work: Work[Result]
    background: bool
    urgent: bool
    future: "Future[Result]" = field(default_factory=Future)
    cancelled: bool = False
    left: list[Run] = field(default_factory=list)
    read: list[list[Logits]] = field(default_factory=list)
    place: int = 0

    def cancel(self) -> None:
        """Give the job up, at the latest within a batch."""
        self.cancelled = True

    @property
    def wants(self) -> int:
        """How many tokens it wants read now."""
        return sum(len(run.tokens) for run in self.left)


class Scheduler:
    """One thread that reads what all jobs want: writers before readers, what is urgent before what is not.

    Of what is urgent the shortest goes first, of all else what came first.
    """

    def __init__(self, memory: SequenceMemory) -> None:
        self._memory = memory
        self._changed = threading.Condition()
        self._arrived: list[Job[Any]] = []
        self._active: list[Job[Any]] = []
        self._closing = False
        self._thread = threading.Thread(target=self._serve, name="footnote-engine", daemon=True)
        self._thread.start()

    def submit(self, work: Work[Result], *, background: bool = False, urgent: bool = False) -> Job[Result]:
        """Hand in a job. One in the background waits for all others, and gives way to them.

        An `urgent` one is for somebody who has no word of an answer yet: checks of what others have before
        them can wait that long. Raises ModelUnusable after `close`. StoppedReading is the error of a job
        that was given up.
        """
        job = Job(work, background, urgent)
        with self._changed:
            if self._closing:
                raise ModelUnusable("the model has been closed; ask again when it is open")
            self._arrived.append(job)
            self._changed.notify()
        return job

    def close(self) -> None:
        """Give up every job and end the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _serve(self) -> None:
        while self._take_in():
            chosen = self._chosen()
            if chosen:
                self._read(chosen)
        for job in list(self._active):
            self._end(job, error=StoppedReading())

    def _take_in(self) -> bool:
        """Wait for something to do; begin what has arrived. False when it is time to end."""
        with self._changed:
            while not (self._arrived or self._active or self._closing):
                self._changed.wait()
            arrived, self._arrived = self._arrived, []
            closing = self._closing
        # First what was given up: who has just arrived may wait for its cells.
        for job in [job for job in self._active if job.cancelled]:
            self._end(job, error=StoppedReading())
        for job in arrived:
            self._active.append(job)
            if closing or job.cancelled:
                self._end(job, error=StoppedReading())
            else:
                self._go_on(job, first=True)
        return not closing

    def _chosen(self) -> list[tuple[Job[Any], list[Run]]]:
        """What the next batch reads: the jobs, each with its share of runs."""
        waiting = [job for job in self._active if not job.background] or self._active[:1]
        writing = [job for job in waiting if job.wants <= _WRITING]
        reading = [job for job in waiting if job.wants > _WRITING]
        # Of several who ask at once most have their first words sooner when the shortest is read first.
        reading.sort(key=lambda job: (not job.urgent, job.wants if job.urgent else 0))
        chosen = []
        room = self._memory.batch_size
        if len(writing) + len(reading) > 1:
            room = min(room, sum(job.wants for job in writing) + _PORTION)
        for job in (*writing, *reading):
            runs = _first(job.left, room)
            if runs:
                chosen.append((job, runs))
                room -= sum(len(run.tokens) for run in runs)
        return chosen

    def _read(self, chosen: Sequence[tuple[Job[Any], list[Run]]]) -> None:
        jobs = [job for job, _ in chosen]
        runs = [run for _, some in chosen for run in some]
        background = all(job.background for job in jobs)

        def given_up() -> bool:
            if self._closing or all(job.cancelled for job in jobs):
                return True
            return background and bool(self._arrived)

        try:
            rows = iter(self._memory.decode(runs, given_up))
        except ReadingAborted:
            # The batch may have been taken in by a part; what still wants it reads it again.
            for run in runs:
                for sequence in run.sequences:
                    self._memory.cut(sequence, run.start)
            return
        except Exception as error:
            if not isinstance(error, FootnoteError):
                _logger.exception("a batch of the engine failed")
            for job in jobs:
                self._end(job, error=error)
            return
        for job, some in chosen:
            for run in some:
                job.read[job.place] += next(rows)
                rest = _after(job.left[0], len(run.tokens))
                if rest is None:
                    job.left.pop(0)
                    job.place += 1
                else:
                    job.left[0] = rest
            if not job.left:
                self._go_on(job)

    def _go_on(self, job: Job[Any], *, first: bool = False) -> None:
        try:
            runs = next(job.work) if first else job.work.send(job.read)
        except StopIteration as done:
            self._active.remove(job)
            job.future.set_result(done.value)
        except FootnoteError as error:
            self._end(job, error=error)
        except Exception as error:
            _logger.exception("a job of the engine failed")
            self._end(job, error=error)
        else:
            job.left = list(runs)
            job.read = [[] for _ in runs]
            job.place = 0

    def _end(self, job: Job[Any], *, error: BaseException) -> None:
        self._active.remove(job)
        try:
            job.work.close()
        except Exception:
            _logger.exception("a job of the engine failed at its end")
        job.future.set_exception(error)


def _first(runs: Sequence[Run], room: int) -> list[Run]:
    """The beginning of the runs, as far as `room` tokens go."""
    chosen = []
    for run in runs:
        if room <= 0:
            break
        tokens = run.tokens[:room]
        whole = len(tokens) == len(run.tokens)
        wanted = run.wanted if whole or run.wanted == "every" else "nothing"
        chosen.append(Run(run.sequences, run.start, tokens, wanted))
        room -= len(tokens)
    return chosen


def _after(run: Run, count: int) -> Run | None:
    """What is left of a run after its first `count` tokens."""
    if count == len(run.tokens):
        return None
    return Run(run.sequences, run.start + count, run.tokens[count:], run.wanted)
