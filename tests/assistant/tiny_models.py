"""Tiny models and a source that delivers them, for the tests of ModelFiles."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from assistant.models.catalogue import Catalogue, CatalogueEntry, EmbedderEntry, ModelEntry, PinnedFile
from assistant.models.model_sources import FetchProgress, OnProgress

GOOD = b"the right weights"
BAD = b"the wrong weights"
EMBEDDER = {"model.safetensors": b"vectors", "1_Pooling/config.json": b"{}"}
FACTS: dict[str, Any] = {
    "family": "Tiny",
    "vendor": "Nobody",
    "country": "XX",
    "licence": "MIT",
    "licence_osi": True,
    "note": "",
}


def pinned(name: str, content: bytes) -> PinnedFile:
    return PinnedFile(name, len(content), sha256(content).hexdigest())


def embedder(id: str, *files: PinnedFile) -> EmbedderEntry:
    return EmbedderEntry(id=id, dimensions=2, max_tokens=8, files=files, **FACTS)


CATALOGUE = Catalogue(
    (
        ModelEntry(id="tiny", files=(pinned("tiny.gguf", GOOD),), **FACTS),
        ModelEntry(id="served", **FACTS),
        embedder("embed", *(pinned(name, content) for name, content in EMBEDDER.items())),
        embedder("unpinned", *(PinnedFile(name) for name in EMBEDDER)),
    )
)


class FakeSource:
    """Delivers the contents given for each file name, or raises; counts how often it was asked."""

    def __init__(self, name: str, contents: dict[str, bytes], error: Exception | None = None) -> None:
        self.name = name
        self.contents = contents
        self.error = error
        self.asked = 0

    def deliver(self, entry: CatalogueEntry, folder: Path, on_progress: OnProgress) -> None:
        self.asked += 1
        for file in entry.files:
            target = folder / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                target.write_bytes(self.contents[file.name])
        on_progress(FetchProgress(entry.id, self.name, 1, entry.bytes))
        if self.error is not None:
            raise self.error


def good(name: str = "good") -> FakeSource:
    return FakeSource(name, {"tiny.gguf": GOOD, **EMBEDDER})


def bad(name: str = "bad") -> FakeSource:
    return FakeSource(
        name, {"tiny.gguf": BAD, "model.safetensors": b"VECTORS", "1_Pooling/config.json": b"{}"}
    )


def failing(name: str, error: Exception) -> FakeSource:
    return FakeSource(name, {"tiny.gguf": b"half", **EMBEDDER}, error)
