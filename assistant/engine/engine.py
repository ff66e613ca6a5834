"""Puts passages before the model from kept states, and writes and judges behind them.

A passage's state does not depend on the question: it is read once behind the fixed prefix, in a sequence
of its own, and kept. For a question the states are put in place one behind the other, and only the
question itself is read. Knows tokens and states, nothing of articles or screens.
"""

import queue
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from functools import partial
from typing import TypeVar

from assistant.engine.drafting import Drafter, Opening, Step
from assistant.engine.placing import Placed, Placer, Tokens
from assistant.engine.room import NoRoomBeside, Room
from assistant.engine.scheduler import Job, Scheduler, StoppedReading, Work
from assistant.engine.sequence_memory import SequenceMemory
from assistant.errors import ModelUnusable

Stopped = Callable[[], bool]
Result = TypeVar("Result")

# How often somebody who waits looks whether he has been stopped, seconds.
_LOOK = 0.05
# Sequences that one question takes at once: its evidence, the draft, the doubt; and a share of the prefixes.
_SEQUENCES_EACH = 4
# Cells kept for what is read beside evidence in place: a few sentences and what is asked of them.
_BESIDE = 768


class Engine:
    """Safe to use from several threads; see the scheduler for how."""

    def __init__(self, memory: SequenceMemory, placer: Placer, drafter: Drafter) -> None:
        self._placer = placer
        self._drafter = drafter
        self._scheduler = Scheduler(memory)
        # Whoever asks little takes as much as leaves sequences for everybody else who fits.
        self._least = memory.cells // max(1, memory.sequences // _SEQUENCES_EACH)
        self._kept = min(_BESIDE, memory.cells // 4)
        self._room = Room(memory.cells, kept=self._kept)

    @property
    def keeps_states(self) -> bool:
        """Whether a passage is read once and kept."""
        return self._placer.keeps_states

    def place(
        self,
        prefix: Tokens,
        passages: Sequence[Tokens],
        *,
        spare: int,
        stopped: Stopped,
        anew: bool = False,
        beside: bool = False,
        urgent: bool = False,
    ) -> Placed:
        """Put passages behind the prefix, with room for `spare` tokens more; best passage last.

        With `anew` the last one is read behind the others, which takes time. `beside` is for who lets go
        of this before taking anything else: it goes first. What is `urgent` is read before checks.
        Raises StoppedReading, ModelUnusable when it can never fit, and NoRoomBeside when more is wanted
        `beside` than is kept for that.
        """
        need = len(prefix) + sum(map(len, passages)) + spare
        if beside and need > self._kept:
            # All who have evidence could come to wait for each other.
            raise NoRoomBeside(f"{need} cells of {self._kept} that are kept for what is read beside")
        need = need if beside else max(self._least, need)
        self._room.take(need, stopped, brief=beside)
        job = self._submit(self._placer.place(prefix, passages, need, anew=anew), need, urgent=urgent)
        try:
            return self._result(job, stopped)
        except BaseException:
            job.future.add_done_callback(partial(self._undo, need))
            raise

    def release(self, placed: Placed) -> None:
        """Take evidence away; what is still being written behind it is not touched."""
        with suppress(ModelUnusable):  # it has been closed, and everything with it
            job = self._submit(self._placer.release(placed), placed.room)
            job.future.add_done_callback(lambda _: self._room.give_back(placed.room))

    def write(
        self, placed: Placed, opening: Opening, *, most: int, stopped: Stopped, urgent: bool = False
    ) -> Iterator[Step]:
        """Write greedily behind the evidence, up to `most` tokens; ends early when stopped."""
        steps: queue.SimpleQueue[Step | None] = queue.SimpleQueue()
        job = self._scheduler.submit(self._drafter.write(placed, opening, most, steps.put), urgent=urgent)
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
        self,
        placed: Placed,
        stem: Tokens,
        questions: Sequence[Tokens],
        *,
        room: int,
        stopped: Stopped,
        urgent: bool = False,
    ) -> list[float]:
        """The margins of several yes-or-no questions behind the same evidence, several to a batch.

        The stem is read once for all; `room` is how much of `spare` they may take. Raises StoppedReading,
        and ModelUnusable when one of them is too long for that.
        """
        if not questions:
            return []
        job = self._scheduler.submit(self._drafter.judge(placed, stem, questions, room), urgent=urgent)
        return self._result(job, stopped)

    def weigh(
        self, placed: Placed, question: Tokens, doubt: Tokens, *, stopped: Stopped, urgent: bool = False
    ) -> tuple[float, float]:
        """The margin of a doubt about a question behind the evidence, and how likely the question is there.

        That is the mean log probability of its tokens. Raises StoppedReading.
        """
        job = self._scheduler.submit(self._drafter.weigh(placed, question, doubt), urgent=urgent)
        return self._result(job, stopped)

    def prepare(self, prefix: Tokens, passage: Tokens, *, stopped: Stopped) -> bool:
        """Read a passage ahead of any question and keep its state; false when it is kept already.

        Gives way to whoever asks. Raises StoppedReading.
        """
        if not self._placer.keeps_states or self._placer.is_kept(prefix, passage):
            return False
        need = len(prefix) + len(passage)
        self._room.take(need, stopped, yielding=True)
        job = self._submit(self._placer.prepare(prefix, passage), need, background=True)
        job.future.add_done_callback(lambda _: self._room.give_back(need))
        self._result(job, stopped)
        return True

    def close(self) -> None:
        """Give up all that is under way."""
        self._scheduler.close()

    def _result(self, job: Job[Result], stopped: Stopped) -> Result:
        while not job.future.done():
            if stopped():
                job.cancel()
                raise StoppedReading
            wait([job.future], _LOOK)
        return job.future.result()

    def _submit(
        self, work: Work[Result], room: int, *, background: bool = False, urgent: bool = False
    ) -> Job[Result]:
        """Hand in work that `room` was taken for."""
        try:
            return self._scheduler.submit(work, background=background, urgent=urgent)
        except ModelUnusable:
            self._room.give_back(room)
            raise

    def _undo(self, room: int, late: Future[Placed]) -> None:
        """Nobody waits for this evidence any more, but it may yet have come to its place."""
        if late.exception() is None:
            self.release(late.result())
        else:
            self._room.give_back(room)
