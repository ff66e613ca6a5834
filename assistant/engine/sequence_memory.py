"""What a model has read: llama.cpp's context with many sequences over one pool of cells.

A sequence is a reading of its own; a copy of one shares its cells, and costs nothing until it reads on.
Not thread-safe: the scheduler's thread alone uses it.
"""

import ctypes
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.engine.gguf_model import GgufModel
from assistant.errors import ModelUnusable

Logits = NDArray[np.float32]
# A batch of so few tokens is over before a stop could be noticed, and asking at every node of the graph costs
# three hundredths of the speed.
_UNWATCHED = 16


class ReadingAborted(Exception):
    """llama.cpp gave up a batch because it was asked to."""


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens in a row, read by one sequence or by several alike, from position `start` on."""

    sequences: tuple[int, ...]
    start: int
    tokens: Sequence[int]
    wanted: Literal["nothing", "last", "every"] = "nothing"


class SequenceMemory:
    """A context of `cells` cells for `sequences` sequences on `threads` threads."""

    def __init__(
        self,
        model: GgufModel,
        *,
        cells: int,
        sequences: int = 32,
        batch: int = 512,
        threads: int | None = None,
    ) -> None:
        """Make the context. Raises ModelUnusable when there is not enough memory."""
        self._api = model.api
        self._vocabulary = model.vocabulary
        self._watch: Callable[[], bool] = lambda: False
        self._abort_callback = self._api.ggml_abort_callback(lambda _: self._watch())
        self._no_callback = self._api.ggml_abort_callback()
        self._context = self._open(model, cells, sequences, batch, threads or len(os.sched_getaffinity(0)))
        self._memory = self._api.llama_get_memory(self._context)
        self.batch_size = int(self._api.llama_n_batch(self._context))
        self.cells = int(self._api.llama_n_ctx(self._context))
        self.sequences = sequences
        self._batch = self._api.llama_batch_init(self.batch_size, 0, sequences)
        self._free = list(range(sequences - 1, -1, -1))
        self._moving = False

    @property
    def is_moving(self) -> bool:
        """Whether something was moved that llama.cpp will only move with the next batch."""
        return self._moving

    @property
    def can_shift(self) -> bool:
        """Whether what was read at one position can be moved to another."""
        return bool(self._api.llama_memory_can_shift(self._memory))

    @property
    def free(self) -> int:
        """How many sequences can still be taken."""
        return len(self._free)

    def take(self) -> int:
        """A sequence that has read nothing. Raises ModelUnusable when all are taken."""
        if not self._free:
            raise ModelUnusable("all sequences of the model's memory are in use; ask again in a moment")
        return self._free.pop()

    def give_back(self, sequence: int) -> None:
        """Forget all that the sequence has read."""
        self.cut(sequence)
        self._free.append(sequence)

    @contextmanager
    def sequence(self) -> Iterator[int]:
        """A sequence for as long as the block lasts."""
        sequence = self.take()
        try:
            yield sequence
        finally:
            self.give_back(sequence)

    def copy(self, source: int, target: int, end: int = -1) -> None:
        """Let `target` have read what `source` has before `end`, beside what it has read itself."""
        self._api.llama_memory_seq_cp(self._memory, source, target, -1, end)

    def cut(self, sequence: int, start: int = -1, end: int = -1) -> None:
        """Forget the positions [start, end) of a sequence; -1 stands for the very first and last."""
        self._api.llama_memory_seq_rm(self._memory, sequence, start, end)

    def move(self, sequence: int, distance: int) -> None:
        """Shift all that the sequence has read by `distance` positions."""
        if distance:
            self._api.llama_memory_seq_add(self._memory, sequence, -1, -1, distance)
            self._moving = True

    def save(self, sequence: int) -> bytes:
        """What the sequence has read, as bytes that `restore` takes."""
        size = self._api.llama_state_seq_get_size(self._context, sequence)
        buffer = (ctypes.c_uint8 * size)()
        written = self._api.llama_state_seq_get_data(self._context, buffer, size, sequence)
        return bytes(memoryview(buffer)[:written])

    def restore(self, sequence: int, state: bytearray) -> bool:
        """Let the empty `sequence` have read what was saved; False when these bytes are no such state."""
        buffer = (ctypes.c_uint8 * len(state)).from_buffer(state)
        return bool(self._api.llama_state_seq_set_data(self._context, buffer, len(state), sequence))

    def decode(self, runs: Sequence[Run], aborted: Callable[[], bool]) -> list[list[Logits]]:
        """Read all runs in one batch; for each the logits it wanted, each of shape (vocabulary,).

        The arrays are copies. Raises ReadingAborted, ModelUnusable; cells of the runs may then be taken
        in part, and the caller cuts back. What was moved is moved first, and such a batch is not given up:
        llama.cpp would count cells as moved that it has not turned.
        """
        rows = self._fill(runs)
        small = self._batch.n_tokens <= _UNWATCHED or self._moving
        self._watch = aborted
        self._api.llama_set_abort_callback(
            self._context, self._no_callback if small else self._abort_callback, None
        )
        status = self._api.llama_decode(self._context, self._batch)
        self._watch = lambda: False
        if status == 2:
            raise ReadingAborted
        self._moving = self._moving and status != 0
        if status != 0:
            raise ModelUnusable(
                f"llama.cpp could not read {self._batch.n_tokens} tokens (status {status}); see the log"
            )
        return [[self._logits(row) for row in wanted] for wanted in rows]

    def close(self) -> None:
        """Free the memory; it cannot be used after that."""
        if self._context is not None:
            self._api.llama_batch_free(self._batch)
            self._api.llama_free(self._context)
            self._context = None

    def _fill(self, runs: Sequence[Run]) -> list[list[int]]:
        batch = self._batch
        place = 0
        rows: list[list[int]] = []
        for run in runs:
            first = place
            for token in run.tokens:
                batch.token[place] = token
                batch.pos[place] = run.start + place - first
                batch.n_seq_id[place] = len(run.sequences)
                for number, sequence in enumerate(run.sequences):
                    batch.seq_id[place][number] = sequence
                batch.logits[place] = run.wanted == "every"
                place += 1
            if run.wanted == "last":
                batch.logits[place - 1] = True
            wanted = {"nothing": place, "last": place - 1, "every": first}[run.wanted]
            rows.append(list(range(wanted, place)))
        batch.n_tokens = place
        # llama.cpp wants at least one row of logits from every batch.
        if not any(rows):
            batch.logits[place - 1] = True
        return rows

    def _logits(self, row: int) -> Logits:
        logits = self._api.llama_get_logits_ith(self._context, row)
        return np.ctypeslib.as_array(logits, shape=(self._vocabulary,)).copy()

    def _open(self, model: GgufModel, cells: int, sequences: int, batch: int, threads: int) -> object:
        parameters = self._api.llama_context_default_params()
        parameters.n_ctx = cells
        parameters.n_batch = min(batch, cells)
        parameters.n_ubatch = min(batch, cells)
        parameters.n_seq_max = sequences
        parameters.kv_unified = True
        # A window that slides over its own cells could not be shifted.
        parameters.swa_full = True
        parameters.n_threads = threads
        parameters.n_threads_batch = threads
        parameters.flash_attn_type = self._api.LLAMA_FLASH_ATTN_TYPE_AUTO
        parameters.no_perf = True
        context = self._api.llama_init_from_model(model.handle, parameters)
        if not context:
            raise ModelUnusable(
                f"model file {model.file}: no context of {cells} tokens could be made; "
                "lower the setting context_tokens, or free memory"
            )
        return context
