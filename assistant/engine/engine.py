"""Puts passages before the model from kept states, and writes and judges behind them.

A passage's state does not depend on the question: it is read once behind the fixed prefix, in a sequence
of its own, and kept. For a question the states are put in place one behind the other, and only the
question itself is read. Knows tokens and states, nothing of articles or screens.
"""

import queue
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from typing import TypeVar

from assistant.engine.drafting import Drafter, Opening, Step
from assistant.engine.placing import Placed, Placer, Tokens
from assistant.engine.room import Room
from assistant.engine.scheduler import Job, Scheduler, StoppedReading
from assistant.engine.sequence_memory import SequenceMemory
from assistant.errors import ModelUnusable

Stopped = Callable[[], bool]
Result = TypeVar("Result")

# How often somebody who waits looks whether he has been stopped, seconds.
_LOOK = 0.05


class Engine:
    """Safe to use from several threads; see the scheduler for how."""

    def __init__(self, memory: SequenceMemory, placer: Placer, drafter: Drafter) -> None:
        self._placer = placer
        self._drafter = drafter
        self._scheduler = Scheduler(memory)
        self._room = Room(memory.cells)

    def place(self, prefix: Tokens, passages: Sequence[Tokens], *, spare: int, stopped: Stopped) -> Placed:
        """Put passages behind the prefix, with room for `spare` tokens more; best passage last.

        Raises StoppedReading, and ModelUnusable when it can never fit.
        """
        need = len(prefix) + sum(map(len, passages)) + spare
        if self._placer.keeps_states:
            need += max(map(len, passages), default=0)
        self._room.take(need, stopped)
        try:
            return self._result(self._scheduler.submit(self._placer.place(prefix, passages, need)), stopped)
        except BaseException:
            self._room.give_back(need)
            raise

    def release(self, placed: Placed) -> None:
        """Take evidence away; what is still being written behind it is not touched."""
        with suppress(ModelUnusable):  # it has been closed, and everything with it
            job = self._scheduler.submit(self._placer.release(placed))
            job.future.add_done_callback(lambda _: self._room.give_back(placed.room))

    def write(self, placed: Placed, opening: Opening, *, most: int, stopped: Stopped) -> Iterator[Step]:
        """Write greedily behind the evidence, up to `most` tokens; ends early when stopped."""
        steps: queue.SimpleQueue[Step | None] = queue.SimpleQueue()
        job = self._scheduler.submit(self._drafter.write(placed, opening, most, steps.put))
        job.future.add_done_callback(lambda _: steps.put(None))
        try:
            while not stopped():
                try:
                    step = steps.get(timeout=_LOOK)
                except queue.Empty:
                    continue
                if step is None:
                    job.future.result()
                    return
                yield step
        except StoppedReading:
            return
        finally:
            job.cancel()

    def judge(
        self, placed: Placed, stem: Tokens, questions: Sequence[Tokens], *, stopped: Stopped
    ) -> list[float]:
        """The margins of several yes-or-no questions behind the same evidence, read in one batch.

        The stem is read once for all. Raises StoppedReading.
        """
        if not questions:
            return []
        return self._result(self._scheduler.submit(self._drafter.judge(placed, stem, questions)), stopped)

    def prepare(self, prefix: Tokens, passage: Tokens, *, stopped: Stopped) -> bool:
        """Read a passage ahead of any question and keep its state; false when it is kept already.

        Gives way to whoever asks. Raises StoppedReading.
        """
        if not self._placer.keeps_states or self._placer.is_kept(prefix, passage):
            return False
        need = len(prefix) + len(passage)
        self._room.take(need, stopped)
        try:
            job = self._scheduler.submit(self._placer.prepare(prefix, passage), background=True)
            self._result(job, stopped)
        finally:
            self._room.give_back(need)
        return True

    def close(self) -> None:
        """Give up all that is under way."""
        self._scheduler.close()

    def _result(self, job: Job[Result], stopped: Stopped) -> Result:
        future = job.future
        while True:
            try:
                return future.result(timeout=_LOOK)
            except NotYet:
                if stopped() and not future.done():
                    job.cancel()
                    raise StoppedReading from None
