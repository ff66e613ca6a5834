"""What the store writes and asks for, in Qdrant's own terms: points, their ids, vectors by name."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

import numpy as np
from qdrant_client import models

from index_store.embedder import Vectors
from index_store.lexical import SparseVector
from index_store.nudged_vectors import nudged
from index_store.passage import Passage
from index_store.payload import passage_payload

DENSE = "dense"
"""The name of a passage's vector of its meaning."""
LEXICAL = "lexical"
"""The name of a passage's sparse vector of its words."""


def passage_point(passage: Passage, dense: Vectors, lexical: SparseVector) -> models.PointStruct:
    """A passage with its vectors: `dense` is one unit vector, `lexical` the weights of its words."""
    vector, words = nudged(passage.id, dense, lexical)
    sparse = models.SparseVector(indices=list(words.indices), values=list(words.values))
    return models.PointStruct(
        id=passage.id, vector={DENSE: vector.tolist(), LEXICAL: sparse}, payload=passage_payload(passage)
    )


def having(field: str, value: str) -> models.FieldCondition:
    """For points whose payload has this value in a field."""
    return models.FieldCondition(key=field, match=models.MatchValue(value=value))


def having_any(field: str, values: list[str]) -> models.FieldCondition:
    """For points whose payload has one of these values in a field."""
    return models.FieldCondition(key=field, match=models.MatchAny(any=values))


def article_id(key: str) -> str:
    """The id of the point that keeps the article of this key."""
    return str(uuid5(NAMESPACE_URL, f"footnote:article:{key}"))


def cosine(vector: Any, question: Vectors) -> float | None:
    """How near a found point's dense vector is to the question's, -1 to 1; None where it came without one."""
    stored = vector.get(DENSE) if isinstance(vector, dict) else None
    if stored is None:
        return None
    # In doubles, to six places: in single ones the last bits depend on where the vectors lie in memory.
    return round(float(np.dot(np.asarray(stored, dtype=np.float64), question.astype(np.float64))), 6)
