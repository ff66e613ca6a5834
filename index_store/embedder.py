"""Dense vectors: what an embedder is, and the deterministic fake that tests and demos use."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Role = Literal["query", "document"]
Vectors = NDArray[np.float32]
"""One unit vector, or a row for each text."""


class Embedder(Protocol):
    """Turns texts into unit vectors whose dot product is their nearness in meaning."""

    @property
    def id(self) -> str:
        """Names the model; a library made by one embedder cannot be searched with another."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of each vector."""
        ...

    def embed(self, texts: Sequence[str], *, role: Role) -> Vectors:
        """Unit vectors of shape (len(texts), dimensions). Some models prefix queries differently."""
        ...


class HashEmbedder:
    """A fake that needs no weights: words hashed into a small space, so that shared words mean nearness."""

    def __init__(self, dimensions: int = 64) -> None:
        self._dimensions = dimensions

    @property
    def id(self) -> str:
        """Names the fake and its size."""
        return f"hash-{self._dimensions}"

    @property
    def dimensions(self) -> int:
        """Length of each vector."""
        return self._dimensions

    def embed(self, texts: Sequence[str], *, role: Role) -> Vectors:
        """Unit vectors of shape (len(texts), dimensions); the role changes nothing."""
        vectors = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                digest = blake2b(word.strip(".,;:!?()").encode(), digest_size=4).digest()
                place = int.from_bytes(digest, "big")
                vectors[row, place % self._dimensions] += 1.0 if place & 1 << 30 else -1.0
            norm = float(np.linalg.norm(vectors[row]))
            vectors[row] = vectors[row] / norm if norm else 1.0 / np.sqrt(self._dimensions)
        return vectors
