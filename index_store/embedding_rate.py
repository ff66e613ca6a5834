"""How fast an embedder is beside plain sentence-transformers, on the same texts in the same minute."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from index_store.embedder import Embedder
from index_store.sentence_embedder import PlainEncoder


@dataclass(frozen=True, slots=True)
class EmbeddingRates:
    """Texts a second of both, a value for each round, and the mean cosine between their vectors."""

    ours: tuple[float, ...]
    plain: tuple[float, ...]
    cosine: float


def embedding_rates(embedder: Embedder, folder: Path, texts: Sequence[str], *, rounds: int) -> EmbeddingRates:
    """Embed the texts in turn with both, `rounds` times; `folder` is the model that both come from."""
    plain = PlainEncoder(embedder.id, folder)
    near = np.sum(embedder.embed(texts, role="document") * plain.encode(texts), axis=1)
    ours, theirs = [], []
    for _ in range(rounds):
        began = perf_counter()
        plain.encode(texts)
        between = perf_counter()
        embedder.embed(texts, role="document")
        theirs.append(len(texts) / (between - began))
        ours.append(len(texts) / (perf_counter() - between))
    return EmbeddingRates(tuple(ours), tuple(theirs), float(np.mean(near)))


def plain_seconds(
    id: str, folder: Path, texts: Sequence[str], *, clock: Callable[[], float] = perf_counter
) -> float:
    """Seconds that plain sentence-transformers needs for these texts, once it is loaded, by this `clock`."""
    plain = PlainEncoder(id, folder)
    plain.encode(texts[:1])
    began = clock()
    plain.encode(texts)
    return clock() - began
