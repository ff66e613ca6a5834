"""Puts passages before the model: each read once behind the prefix, kept, and set in its place.

A passage's state does not depend on the question: it is read in a sequence of its own, right behind the
prefix, and kept without it. For a question the states are restored and moved one behind the other. All
here are steps of jobs and run in the scheduler's thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.engine.passage_states import PassageStates, StateKey, hash_of
from assistant.engine.scheduler import Work
from assistant.engine.sequence_memory import Run, SequenceMemory
from assistant.errors import ModelUnusable

Tokens = Sequence[int]
Placing = Literal["shifted", "overlaid", "plain"]
"""Kept states one behind the other, or all at the same positions (to measure against); or nothing kept."""
# The orders of one assistant make one; each that stays takes cells and a sequence.
_PREFIXES = 2


@dataclass(slots=True)
class Placed:
    """Evidence in place: a sequence that has read it, and `end`, the position behind it.

    `read` are the tokens in it, prefix first; `room` is how many cells were taken for it and what follows.
    """

    sequence: int
    end: int
    read: list[int]
    room: int


class Placer:
    """Knows the prefixes in place and the states kept. `model` names the weights in the states' keys."""

    def __init__(
        self, memory: SequenceMemory, states: PassageStates, *, model: str, placing: Placing | None = None
    ) -> None:
        self._memory = memory
        self._states = states
        self._model = model
        self._placing: Placing = placing or ("shifted" if memory.can_shift else "plain")
        self._prefixes: dict[tuple[int, ...], int] = {}

    @property
    def keeps_states(self) -> bool:
        """Whether passages are read once and kept; what cannot shift reads them plainly each time."""
        return self._placing != "plain"

    def is_kept(self, prefix: Tokens, passage: Tokens) -> bool:
        """Whether the state of a passage need not be read any more. Any thread may ask."""
        return self._states.has(self._key(prefix, passage))

    def place(
        self, prefix: Tokens, passages: Sequence[Tokens], room: int, *, anew: bool = False
    ) -> Work[Placed]:
        """Put passages behind the prefix, in order; `room` is what was taken for it.

        With `anew` the last passage is read behind the others as they stand, kept or not.
        """
        head = yield from self._prefix(prefix)
        base = self._memory.take()
        try:
            self._memory.copy(head, base)
            if self.keeps_states:
                end = yield from self._compose(base, prefix, passages, anew)
            else:
                tokens = [token for passage in passages for token in passage]
                if tokens:
                    yield [Run((base,), len(prefix), tokens)]
                end = len(prefix) + len(tokens)
        except BaseException:
            self._memory.give_back(base)
            raise
        read = [*prefix, *(token for passage in passages for token in passage)]
        return Placed(base, end, read, room)

    def _compose(self, base: int, prefix: Tokens, passages: Sequence[Tokens], anew: bool) -> Work[int]:
        if anew and passages:
            end = yield from self._compose(base, prefix, passages[:-1], False)
            yield [Run((base,), end, passages[-1])]
            return end + len(passages[-1])
        # Read behind the prefix as `base` holds it: the prefix's own sequence may be given up meanwhile.
        # First all states, then their places: llama.cpp moves all cells at once, with the next batch.
        states = []
        for passage in passages:
            kept = self._states.load(self._key(prefix, passage))
            states.append(kept or (yield from self._read(base, prefix, passage)))
        end = len(prefix)
        for passage, state in zip(passages, states, strict=True):
            distance = end - len(prefix) if self._placing == "shifted" else 0
            if not self._put(state, base, distance):
                self._states.drop(self._key(prefix, passage))
                again = yield from self._read(base, prefix, passage)
                if not self._put(again, base, distance):
                    raise ModelUnusable(
                        f"a source of {len(passage)} tokens could not be put before the model; "
                        "ask again in a moment"
                    )
            end = max(end, len(prefix) + distance + len(passage))
        if passages and self._memory.is_moving:
            # A batch in which cells are moved cannot be given up. Here it is one of a single token, so that
            # neither the question's batch nor a background's has to be such a one.
            self._memory.cut(base, end - 1)
            yield [Run((base,), end - 1, passages[-1][-1:])]
        return end

    def _put(self, state: bytearray, base: int, distance: int) -> bool:
        with self._memory.sequence() as alone:
            if not self._memory.restore(alone, state):
                return False
            self._memory.move(alone, distance)
            self._memory.copy(alone, base)
            return True

    def _read(self, head: int, prefix: Tokens, passage: Tokens) -> Work[bytearray]:
        with self._memory.sequence() as alone:
            self._memory.copy(head, alone, len(prefix))
            yield [Run((alone,), len(prefix), passage)]
            self._memory.cut(alone, 0, len(prefix))
            state = self._memory.save(alone)
        self._states.keep(self._key(prefix, passage), state)
        return bytearray(state)

    def prepare(self, prefix: Tokens, passage: Tokens) -> Work[None]:
        """Read a passage and keep its state."""
        head = yield from self._prefix(prefix)
        yield from self._read(head, prefix, passage)

    def _prefix(self, prefix: Tokens) -> Work[int]:
        key = tuple(prefix)
        if key not in self._prefixes:
            sequence = self._memory.take()
            try:
                yield [Run((sequence,), 0, prefix)]
            except BaseException:
                self._memory.give_back(sequence)
                raise
            if key in self._prefixes:  # somebody else was reading it too, and was first
                self._memory.give_back(sequence)
                return self._prefixes[key]
            while len(self._prefixes) >= _PREFIXES:
                self._memory.give_back(self._prefixes.pop(next(iter(self._prefixes))))
            self._prefixes[key] = sequence
        return self._prefixes[key]

    def release(self, placed: Placed) -> Work[None]:
        """Take evidence away."""
        self._memory.give_back(placed.sequence)
        return
        yield

    def _key(self, prefix: Tokens, passage: Tokens) -> StateKey:
        return StateKey(self._model, hash_of(prefix), hash_of(passage))
