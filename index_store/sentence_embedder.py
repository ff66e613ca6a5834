"""The real embedder: a sentence-transformers folder on this machine, loaded when first needed."""

import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index_store.embedder import Role, Vectors
from index_store.errors import LibraryError

_logger = logging.getLogger(__name__)


class SentenceEmbedder:
    """Embeds with a sentence-transformers model from a local folder; never asks a hub for anything.

    `prefixes` gives what a model wants before queries and documents ("" where it wants nothing).
    """

    def __init__(
        self,
        id: str,
        folder: Path,
        *,
        dimensions: int,
        query_prefix: str = "",
        document_prefix: str = "",
        batch_size: int = 32,
    ) -> None:
        self._id = id
        self._folder = folder
        self._dimensions = dimensions
        self._prefix: dict[Role, str] = {"query": query_prefix, "document": document_prefix}
        self._batch_size = batch_size
        self._model: Any = None
        self._lock = threading.Lock()

    @property
    def id(self) -> str:
        """The catalogue's name of the model."""
        return self._id

    @property
    def dimensions(self) -> int:
        """Length of each vector."""
        return self._dimensions

    def warm_up(self) -> None:
        """Load the weights now instead of at the first use."""
        with self._lock:
            self._load()

    def embed(self, texts: Sequence[str], *, role: Role) -> Vectors:
        """Unit vectors of shape (len(texts), dimensions). Raises LibraryError when the model fails."""
        if not texts:
            return np.zeros((0, self._dimensions), dtype=np.float32)
        prefixed = [self._prefix[role] + text for text in texts]
        with self._lock:
            model = self._load()
            vectors = model.encode(
                prefixed,
                batch_size=self._batch_size,
                convert_to_numpy=True,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return np.asarray(vectors, dtype=np.float32)

    def _load(self) -> Any:
        if self._model is None:
            # Importing torch takes seconds, and the libraries below read these at import.
            os.environ["HF_HUB_OFFLINE"] = "1"
            os.environ["TRANSFORMERS_OFFLINE"] = "1"
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging as transformers_logging

            transformers_logging.disable_progress_bar()
            try:
                model = SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)
            except (OSError, ValueError, RuntimeError) as error:
                why = " ".join(str(error).split())
                raise LibraryError(
                    f"embedder {self._id!r}: cannot be loaded from {self._folder} ({why}); "
                    f"run: footnote models verify {self._id}"
                ) from error
            found = model.get_embedding_dimension()
            if found != self._dimensions:
                raise LibraryError(
                    f"embedder {self._id!r}: gives {found} dimensions, the catalogue says "
                    f"{self._dimensions}; correct the catalogue entry"
                )
            self._model = model
            _logger.info("embedder %s loaded from %s", self._id, self._folder)
        return self._model
