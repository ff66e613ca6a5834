"""The real embedder: a sentence-transformers folder on this machine, loaded when first needed."""

import logging
import os
import threading
from collections.abc import Sequence
from hashlib import file_digest
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from index_store.embedder import Role, Vectors
from index_store.errors import LibraryError
from index_store.onnx_encoder import NotEncodable, OnnxEncoder, make_onnx
from index_store.quiet_libraries import silence_libraries
from index_store.shared_processors import share_processors

_logger = logging.getLogger(__name__)
# Counts the ways in which the quick encoder was made; what another way has made is not used.
_RECIPE = "int8-1"
# The least mean cosine to the full vectors that the quick encoder must keep on this very machine: processors
# without eight-bit instructions of their own round more.
_LEAST_COSINE = 0.99
_SAMPLE = (
    "Which open model runs on a laptop with 16 GB of memory?",
    "The licence permits commercial use, provided that the notice is kept.",
    "A context of 32,768 tokens needs about 4 GB for keys and values, in addition to the weights.",
    "It was released in April.",
    "Quantization to four bits makes the file a quarter as large. What it costs in quality depends on the "
    "method: by blocks, with scales of their own, little is lost; by whole tensors, more.",
    "| model | licence | vendor |\n| A | Apache-2.0 | X |\n| B | MIT | Y |",
)


class Encoder(Protocol):
    """Whatever turns texts into unit vectors."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, a row for each text."""
        ...


class SentenceEmbedder:
    """Embeds with a sentence-transformers model from a local folder; never asks a hub for anything.

    `query_prefix` and `document_prefix` are what a model wants before its texts ("" where nothing).
    With `quick`, a folder of its own, an eight-bit encoder is made there once and used from then on;
    where that fails or is not near enough, the model itself embeds, and the log says why.
    """

    def __init__(
        self,
        id: str,
        folder: Path,
        *,
        dimensions: int,
        query_prefix: str = "",
        document_prefix: str = "",
        quick: Path | None = None,
    ) -> None:
        self._id = id
        self._folder = folder
        self._dimensions = dimensions
        self._prefix: dict[Role, str] = {"query": query_prefix, "document": document_prefix}
        self._quick = quick
        self._encoder: Encoder | None = None
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
            self._loaded()

    def embed(self, texts: Sequence[str], *, role: Role) -> Vectors:
        """Unit vectors of shape (len(texts), dimensions). Raises LibraryError when the model fails."""
        if not texts:
            return np.zeros((0, self._dimensions), dtype=np.float32)
        prefixed = [self._prefix[role] + text for text in texts]
        with self._lock:
            return self._loaded().encode(prefixed)

    def _loaded(self) -> Encoder:
        if self._encoder is None:
            self._encoder = self._load()
            found = self._encoder.encode(["text"]).shape[1]
            if found != self._dimensions:
                self._encoder = None
                raise LibraryError(
                    f"embedder {self._id!r}: gives {found} dimensions, the catalogue says "
                    f"{self._dimensions}; correct the catalogue entry"
                )
        return self._encoder

    def _load(self) -> Encoder:
        if self._quick is None:
            return PlainEncoder(self._id, self._folder)
        try:
            file = self._quick / f"{self._id}-{_RECIPE}-{self._digest()}.onnx"
            threads = len(os.sched_getaffinity(0))
            if file.is_file():
                try:
                    return OnnxEncoder(file, self._folder, threads=threads)
                except NotEncodable as error:
                    _logger.warning("embedder %s: made anew, since %s", self._id, error)
            plain = PlainEncoder(self._id, self._folder)
            make_onnx(plain.model, self._folder, file)
            quick = OnnxEncoder(file, self._folder, threads=threads)
            cosine = float(np.mean(np.sum(quick.encode(_SAMPLE) * plain.encode(_SAMPLE), axis=1)))
            if cosine < _LEAST_COSINE:
                file.unlink()
                raise NotEncodable(f"eight bits give a mean cosine of {cosine:.3f} here")
        except (NotEncodable, OSError) as error:
            _logger.warning("embedder %s: embeds slowly, since %s", self._id, error)
            return PlainEncoder(self._id, self._folder)
        _logger.info("embedder %s: eight-bit encoder made, mean cosine %.4f", self._id, cosine)
        return quick

    def _digest(self) -> str:
        with (self._folder / "model.safetensors").open("rb") as weights:
            return file_digest(weights, "sha256").hexdigest()[:16]


class PlainEncoder:
    """The model as sentence-transformers runs it."""

    def __init__(self, id: str, folder: Path) -> None:
        """Load the weights. Raises LibraryError."""
        silence_libraries()
        share_processors()
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        # Importing torch takes seconds, and the libraries below read the environment when they are imported.
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()
        try:
            self.model: Any = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, RuntimeError) as error:
            why = " ".join(str(error).split())
            raise LibraryError(
                f"embedder {id!r}: cannot be loaded from {folder} ({why}); run: footnote models verify {id}"
            ) from error
        _logger.info("embedder %s loaded from %s", id, folder)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, a row for each text."""
        vectors = self.model.encode(
            list(texts), convert_to_numpy=True, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)
