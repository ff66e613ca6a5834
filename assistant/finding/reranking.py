"""Orders what was found once more, by a model that reads question and passage together: optional."""

import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from assistant.errors import ModelMissing, ModelUnusable
from index_store.passage import Passage, ScoredPassage
from index_store.quiet_libraries import silence_libraries
from index_store.shared_processors import share_processors

_logger = logging.getLogger(__name__)
_LONGEST = 512  # tokens of question and passage together; what cross-encoders for search are trained with


class Reranker(Protocol):
    """Says how well each text answers a question."""

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """A score for each text, in their order; higher is better, comparable for one question only."""
        ...


class CrossEncoderReranker:
    """A cross-encoder in sentence-transformers' form, from a folder on this machine; loaded at the first use.

    Safe to use from several threads, which take turns.
    """

    def __init__(self, folder: Path) -> None:
        """Raises ModelMissing when the folder holds no model."""
        if not (folder / "config.json").is_file():
            raise ModelMissing(
                f"reranker {str(folder)!r} is no folder with a model (it has no config.json); "
                "put the model's files there, or take the setting reranker out"
            )
        self._folder = folder
        self._lock = threading.Lock()
        self._model: Any = None

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """See Reranker. Raises ModelUnusable when the model fails."""
        if not texts:
            return []
        with self._lock:
            if self._model is None:
                self._model = self._load()
            pairs = [(question, text) for text in texts]
            try:
                found = self._model.predict(pairs, show_progress_bar=False)
            except (ValueError, RuntimeError, IndexError) as error:
                raise self._unusable(error) from error
        if len(found) != len(texts) or getattr(found, "ndim", 1) != 1:
            raise self._unusable(ValueError("it gives no single score for a passage"))
        return [float(score) for score in found]

    def _load(self) -> Any:
        silence_libraries()
        share_processors()
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        # Importing torch takes seconds, and the libraries below read the environment when they are imported.
        from sentence_transformers import CrossEncoder

        try:
            model = CrossEncoder(str(self._folder), device="cpu", local_files_only=True, max_length=_LONGEST)
        except (OSError, ValueError, RuntimeError, KeyError) as error:
            raise self._unusable(error) from error
        _logger.info("reranker loaded from %s", self._folder)
        return model

    def _unusable(self, error: Exception) -> ModelUnusable:
        why = " ".join(str(error).split())
        return ModelUnusable(
            f"reranker {str(self._folder)!r} cannot be used ({why}); take the setting reranker out, "
            "or name a cross-encoder"
        )


def reranked(question: str, found: Sequence[ScoredPassage], reranker: Reranker | None) -> list[ScoredPassage]:
    """The candidates in the reranker's order; as they came without one. Their own scores stay."""
    if reranker is None or len(found) < 2:
        return list(found)
    scores = reranker.scores(question, [read_text(hit.passage) for hit in found])
    order = sorted(range(len(found)), key=lambda place: -scores[place])
    return [found[place] for place in order]


def read_text(passage: Passage) -> str:
    """A passage as it is judged: under its title and the headings that its own words lack."""
    above = [
        line for line in (passage.title, *passage.headings, passage.lead) if not passage.text.startswith(line)
    ]
    return "\n".join((*dict.fromkeys(filter(None, above)), passage.text))
