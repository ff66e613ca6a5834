"""A memory of the engine without weights: it keeps the rules of llama.cpp's, and its logits follow from the
tokens that a sequence holds, so that whatever got into the wrong sequence changes what is written."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar
from zlib import crc32

import numpy as np

from assistant.engine.scheduler import Work
from assistant.engine.sequence_memory import Logits, ReadingAborted, Run, SequenceMemory
from assistant.errors import ModelUnusable

VOCABULARY = 40
END = 0
_ROWS = np.random.default_rng(7).normal(size=(997, VOCABULARY)).astype(np.float32)
Result = TypeVar("Result")


@dataclass(slots=True)
class Cell:
    """A token that was read: where, by whom, and all that stood before it at that time."""

    position: int
    token: int
    sequences: set[int]
    behind: list[int]


def toy_logits(read: Sequence[int]) -> Logits:
    """Mostly the last token decides, so that words come again and guesses come true; not always."""
    whole = crc32(bytes(read))
    chosen = whole if whole % 12 == 0 else crc32(bytes(read[-1:]))
    return np.roll(_ROWS[chosen % len(_ROWS)], chosen)


class ToyMemory(SequenceMemory):
    """Cells as a list. `batches` has what was read; `held` keeps a batch from ending."""

    def __init__(
        self, *, cells: int = 512, sequences: int = 16, batch: int = 64, can_shift: bool = True
    ) -> None:
        self.cells, self.sequences, self.batch_size = cells, sequences, batch
        self.batches: list[list[Run]] = []
        self.threads: set[int] = set()
        self.asked = threading.Event()  # a batch that is held was not given up
        self.aborted = 0
        self.fail: Callable[[Sequence[Run]], None] = lambda _: None
        self.refuses: Callable[[bytearray], bool] = lambda _: False
        self._shifts = can_shift
        self._moving = False
        self._free = list(range(sequences - 1, -1, -1))
        self._held: Callable[[Callable[[], bool]], bool] = lambda _: False
        self._store: list[Cell] = []

    @property
    def can_shift(self) -> bool:
        return self._shifts

    def close(self) -> None:
        self._store.clear()

    def copy(self, source: int, target: int, end: int = -1) -> None:
        for cell in self._of(source, 0, end):
            cell.sequences.add(target)

    def cut(self, sequence: int, start: int = -1, end: int = -1) -> None:
        for cell in self._of(sequence, start, end):
            cell.sequences.discard(sequence)
        self._store = [cell for cell in self._store if cell.sequences]

    def move(self, sequence: int, distance: int) -> None:
        for cell in self._of(sequence):
            cell.position += distance
        self._moving = self._moving or distance != 0

    def save(self, sequence: int) -> bytes:
        return json.dumps([(cell.position, cell.token, cell.behind) for cell in self._of(sequence)]).encode()

    def restore(self, sequence: int, state: bytearray) -> bool:
        assert not self._of(sequence)
        if self.refuses(state):
            return False
        rows = json.loads(state.decode())
        if self.used + len(rows) > self.cells:
            return False
        self._store += [Cell(position, token, {sequence}, behind) for position, token, behind in rows]
        return True

    def decode(self, runs: Sequence[Run], aborted: Callable[[], bool]) -> list[list[Logits]]:
        self.threads.add(threading.get_ident())
        count = sum(len(run.tokens) for run in runs)
        assert 0 < count <= self.batch_size
        assert all(run.tokens for run in runs)
        self.fail(runs)
        if self.used + count > self.cells:
            raise ModelUnusable(f"llama.cpp could not read {count} tokens (status 1); see the log")
        given_up = self._held((lambda: False) if self._moving else aborted)
        self._moving = False
        rows = [self._take_in(run) for run in runs]
        if given_up:  # with cells taken, as llama.cpp may leave them
            self.aborted += 1
            raise ReadingAborted
        self.batches.append(list(runs))
        return rows

    @contextmanager
    def held(self, after: int = 0, *, deaf: bool = False) -> Iterator[threading.Event]:
        """Batches, but for the first ones, do not end before the block does, unless they are aborted.

        The event tells that one has begun. `deaf` ones go on to their end, as small ones do with llama.cpp.
        """
        begun, ended = threading.Event(), threading.Event()
        last = len(self.batches) + after

        def wait(aborted: Callable[[], bool]) -> bool:
            if len(self.batches) < last:
                return False
            begun.set()
            while not ended.wait(0.001):
                if not deaf and aborted():
                    return True
                self.asked.set()
            return False

        self._held = wait
        try:
            yield begun
        finally:
            self._held = lambda _: False
            ended.set()

    @property
    def used(self) -> int:
        """How many cells are taken."""
        return len(self._store)

    def read_by(self, sequence: int) -> list[tuple[int, int]]:
        """Positions and tokens that the sequence holds."""
        return [(cell.position, cell.token) for cell in self._of(sequence)]

    def behind(self, sequence: int) -> list[list[int]]:
        """For each token that the sequence holds, what stood before it when it was read."""
        return [cell.behind for cell in self._of(sequence)]

    def _of(self, sequence: int, start: int = -1, end: int = -1) -> list[Cell]:
        found = [cell for cell in self._store if sequence in cell.sequences and cell.position >= start]
        return sorted(
            (cell for cell in found if end < 0 or cell.position < end), key=lambda cell: cell.position
        )

    def _take_in(self, run: Run) -> list[Logits]:
        rows = []
        for place, token in enumerate(run.tokens, start=run.start):
            held = [[(cell.position, cell.token) for cell in self._of(one)] for one in run.sequences]
            last = {cells[-1][0] if cells else -1 for cells in held}
            assert not set(run.sequences) & set(self._free), "a sequence that nobody has taken"
            assert last == {place - 1}, "llama.cpp reads a sequence without gaps"
            behind = [token for _, token in held[0]]
            self._store.append(Cell(place, token, set(run.sequences), behind))
            is_last = place == run.start + len(run.tokens) - 1
            if run.wanted == "every" or (run.wanted == "last" and is_last):
                rows.append(toy_logits([*behind, token]))
        return rows


def done(memory: ToyMemory, work: Work[Result]) -> Result:
    """Carry out a job without a scheduler."""
    try:
        runs = next(work)
        while True:
            runs = work.send(memory.decode(runs, lambda: False))
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
