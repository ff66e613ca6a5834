"""Where what was read of a passage is kept, so that it need not be read again."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

import numpy as np


@dataclass(frozen=True, slots=True)
class StateKey:
    """What a state depends on: the model (and how its cells are laid out), the prefix, the passage."""

    model: str
    prefix: str
    passage: str


def hash_of(tokens: Sequence[int]) -> str:
    """The SHA-256 of tokens, in hex."""
    return sha256(np.asarray(tokens, dtype=np.int32).tobytes()).hexdigest()


class PassageStates(Protocol):
    """Keeps states. Never fails: what cannot be kept or read is read by the model anew."""

    def load(self, key: StateKey) -> bytearray | None:
        """The state, or None when there is none that is whole."""
        ...

    def keep(self, key: StateKey, state: bytes) -> None:
        """Keep a state, if there is room and the disk takes it."""
        ...

    def drop(self, key: StateKey) -> None:
        """Forget a state that the model would not take."""
        ...

    def has(self, key: StateKey) -> bool:
        """Whether a state is kept, without reading it."""
        ...


class NoStates:
    """Keeps nothing: every question reads its evidence anew."""

    def load(self, key: StateKey) -> bytearray | None:
        """Nothing."""
        return None

    def keep(self, key: StateKey, state: bytes) -> None:
        """Nothing is kept."""

    def drop(self, key: StateKey) -> None:
        """There is nothing to drop."""

    def has(self, key: StateKey) -> bool:
        """Never."""
        return False
