"""Vectors as they are stored: moved so little that no search shows it, and for each passage differently.

Qdrant ranks what scores alike in the order in which it came; the same articles must give the same answer
whatever happened to the library before. So nothing scores quite alike.
"""

from dataclasses import replace
from uuid import UUID

import numpy as np

from index_store.embedder import Vectors
from index_store.lexical import SparseVector

# Less than any difference that counts, but more than the rounding of a server, which reckons with fewer
# digits than the embedded store.
_NUDGE = 1e-5
_STRETCH = 1e-3


def nudged(id: str, dense: Vectors, lexical: SparseVector) -> tuple[Vectors, SparseVector]:
    """The vectors of the passage `id` as they are given to the store. `dense` is a unit vector."""
    random = np.random.default_rng(UUID(id).int)
    moved = dense + _nudge(random, len(dense))
    stretch = 1.0 + _STRETCH * random.random()
    return moved, replace(lexical, values=tuple(value * stretch for value in lexical.values))


def as_embedded(id: str, stored: Vectors) -> Vectors:
    """The unit vector that was nudged for the passage `id`; the store has brought that to another length."""
    nudge = _nudge(np.random.default_rng(UUID(id).int), len(stored)).astype(np.float64)
    whole = stored.astype(np.float64)
    # The positive factor with which |factor * whole - nudge| is 1.
    square, middle = whole @ whole, whole @ nudge
    factor = (middle + np.sqrt(middle**2 - square * (nudge @ nudge - 1.0))) / square
    plain: Vectors = (factor * whole - nudge).astype(np.float32)
    return plain


def _nudge(random: np.random.Generator, dimensions: int) -> Vectors:
    drawn: Vectors = random.standard_normal(dimensions, dtype=np.float32) * np.float32(_NUDGE)
    return drawn
