"""An engine over a toy memory, and what it must write."""

import threading
from collections.abc import Sequence

import numpy as np
import pytest
from toy_memory import END, ToyMemory, toy_logits
from toy_states import ToyStates

from assistant.engine.drafting import Drafter, Opening, Step, Verdict
from assistant.engine.engine import Engine
from assistant.engine.placing import Placed, Placer
from assistant.engine.scheduler import Work

SECONDS = 20.0
PREFIX = [31, 32, 33, 34]
VERDICT = Verdict(yes=(3, 5), no=(4,))
ONE, OTHER = [1, 2, 3, 4, 5] * 4, [11, 12, 13] * 6


def never() -> bool:
    return False


class ToyBench:
    """Asks the engine from several threads, and looks what is left behind."""

    def __init__(self, *, can_shift: bool = True, sequences: int = 32, cells: int = 1024) -> None:
        self.memory = ToyMemory(cells=cells, sequences=sequences, can_shift=can_shift)
        self.states = ToyStates()
        placer = Placer(self.memory, self.states, model="toy")
        drafter = Drafter(self.memory, ends=lambda token: token == END, verdict=VERDICT, guessing=can_shift)
        self.engine = Engine(self.memory, placer, drafter)

    def place(
        self,
        *passages: Sequence[int],
        spare: int = 60,
        stopped: threading.Event | None = None,
        beside: bool = False,
    ) -> Placed:
        is_set = never if stopped is None else stopped.is_set
        return self.engine.place(PREFIX, passages, spare=spare, stopped=is_set, beside=beside)

    def ask(self, question: Sequence[int], *passages: Sequence[int], most: int = 20) -> list[int]:
        """One question from its evidence to the last word."""
        placed = self.place(*passages)
        try:
            steps = list(self.engine.write(placed, Opening([], question), most=most, stopped=never))
            [margin] = self.engine.judge(placed, [8], [question], room=30, stopped=never)
            assert margin == VERDICT.margin(toy_logits([*placed.read, 8, *question]))
            return words(steps)
        finally:
            self.engine.release(placed)

    def settle(self) -> None:
        """Wait until all that was handed in before has ended."""

        def nothing() -> Work[None]:
            return
            yield

        for _ in range(3):  # what ends late may hand in something itself
            self.engine._scheduler.submit(nothing()).future.result(SECONDS)

    def assert_clean(self) -> None:
        """Nothing is left but the prefix, in one sequence, and anybody could have all the room."""
        self.settle()
        assert self.memory.used == len(PREFIX)
        assert self.memory.free == self.memory.sequences - 1
        self.engine._room.take(self.memory.cells, lambda: pytest.fail("some room is gone"))
        self.engine._room.give_back(self.memory.cells)


def words(steps: Sequence[Step]) -> list[int]:
    return [token for step in steps for token in step.tokens]


def greedy(read: Sequence[int], most: int = 20) -> list[int]:
    written: list[int] = []
    while len(written) < most and (token := int(np.argmax(toy_logits([*read, *written])))) != END:
        written.append(token)
    return written
