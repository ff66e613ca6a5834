"""Reads prompts from front to end, as llama.cpp does by itself: the measure of everything else."""

from collections.abc import Iterator, Sequence

import numpy as np

from assistant.engine.gguf_model import GgufModel
from assistant.engine.sequence_memory import Run, SequenceMemory


class PlainReader:
    """A memory of its own with one sequence; the longest beginning that two prompts share is read once.

    Not thread-safe.
    """

    def __init__(self, model: GgufModel, *, cells: int, threads: int | None = None) -> None:
        self._model = model
        self._memory = SequenceMemory(model, cells=cells, sequences=1, threads=threads)
        self._sequence = self._memory.take()
        self._read: list[int] = []

    @property
    def cells(self) -> int:
        """How many tokens it can hold."""
        return self._memory.cells

    def write(self, prompt: Sequence[int], *, most: int) -> Iterator[int]:
        """Read the prompt and write greedily until the end of the turn, or `most` tokens."""
        shared = 0
        for old, new in zip(self._read, prompt[:-1], strict=False):
            if old != new:
                break
            shared += 1
        self._memory.cut(self._sequence, shared)
        del self._read[shared:]
        token = self._after(prompt[shared:])
        for number in range(1, most + 1):
            if self._model.ends(token):
                return
            yield token
            if number < most:
                token = self._after([token])

    def close(self) -> None:
        """Free its memory."""
        self._memory.close()

    def _after(self, tokens: Sequence[int]) -> int:
        size = self._memory.batch_size
        rows: list[list[np.ndarray]] = []
        for start in range(0, len(tokens), size):
            piece = tokens[start : start + size]
            run = Run((self._sequence,), len(self._read), piece, "last")
            rows = self._memory.decode([run], lambda: False)
            self._read.extend(piece)
        return int(np.argmax(rows[0][0]))
