"""A whole Footnote in miniature: all parts are real but those with weights, for which the fakes stand."""

import json
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from qdrant_client import QdrantClient

from assistant.answer import ModelName
from assistant.models.catalogue import Catalogue, EmbedderEntry, ModelEntry, PinnedFile
from assistant.writer import CannedWriter
from index_store.embedder import Embedder, HashEmbedder
from ui import workshop as workshop_module
from ui.desk import Desk
from ui.home import Home
from ui.intake import Intake
from ui.serving.local_api import local_api
from ui.serving.server_file import ServerAddress, remove_server_file, write_server_file
from ui.settings.in_force import load_settings
from ui.settings.settings import Settings
from ui.workshop import Workshop

WEIGHTS = b"weights of a model"
VECTORS = b"weights of an embedder"
TOKEN = "the right token"
_FACTS: dict[str, Any] = {
    "family": "Tiny",
    "vendor": "Nobody",
    "country": "XX",
    "licence": "MIT",
    "licence_osi": True,
    "note": "Made up for the tests.",
}

QUESTION = "How much memory does the Heron model need?"
ARTICLES = {
    "heron.md": (
        "---\ntitle: The Heron model\npublisher: Marsh Press\ndate: 2026-03-01\n---\n\n"
        "# The Heron model\n\nThe Heron model needs 12 GB of memory. It was trained on bird calls.\n"
    ),
    "stork.md": (
        "---\ntitle: The Stork model\ndate: 2026-02-01\n---\n\n"
        "# The Stork model\n\nThe Stork model runs under the MIT licence. Its nest is in Strasbourg.\n"
    ),
}
REPLIES = (("the Heron model", "The Heron model needs 12 GB of memory."),)


def _pinned(name: str, content: bytes) -> PinnedFile:
    return PinnedFile(name, len(content), sha256(content).hexdigest())


# Under the names of the default settings, so that no test needs a settings file to begin with.
CATALOGUE = Catalogue(
    (
        ModelEntry(
            id="qwen2.5-coder-1.5b", files=(_pinned("writer.gguf", WEIGHTS),), memory_gb=2.0, **_FACTS
        ),
        ModelEntry(id="second-writer", files=(_pinned("second.gguf", WEIGHTS),), **_FACTS),
        ModelEntry(id="served", **_FACTS),
        EmbedderEntry(
            id="all-MiniLM-L6-v2",
            files=(_pinned("model.safetensors", VECTORS),),
            dimensions=64,
            max_tokens=256,
            **_FACTS,
        ),
        EmbedderEntry(
            id="other-embedder",
            files=(_pinned("model.safetensors", VECTORS),),
            dimensions=32,
            max_tokens=256,
            **_FACTS,
        ),
    ),
)


class TinyWriter(CannedWriter):
    """A canned writer that claims to have weights; tells when they were let go."""

    def __init__(self, entry: ModelEntry, replies: Sequence[tuple[str, str]] = REPLIES) -> None:
        super().__init__(replies, default_margin=9.0)
        self._entry = entry
        self.closed = False

    @property
    def name(self) -> ModelName:
        return ModelName(self._entry.id, self._entry.sha256)

    def warm_up(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True


class TinyEmbedder(HashEmbedder):
    """The fake under the catalogue's name, as the real one is known."""

    def __init__(self, entry: EmbedderEntry) -> None:
        super().__init__(entry.dimensions)
        self._entry = entry

    @property
    def id(self) -> str:
        return self._entry.id


def tiny_embedder(entry: EmbedderEntry, folder: Path) -> Embedder:
    assert (folder / "model.safetensors").read_bytes() == VECTORS
    return TinyEmbedder(entry)


def tiny_writer(entry: ModelEntry, file: Path, settings: Settings) -> TinyWriter:
    assert file.read_bytes() == WEIGHTS
    return TinyWriter(entry)


class TinyWorkshop(Workshop):
    """The workshop with the two fakes in place of what loads weights."""

    def __init__(self, home: Home, settings: Settings, **rest: Any) -> None:
        fakes = {
            "make_embedder": tiny_embedder,
            "make_writer": tiny_writer,
            # A process of their own would be the slowest part of most tests.
            "make_intake": partial(Intake, apart=False),
        }
        super().__init__(home, settings, **{**fakes, **rest})


def install_models(home: Home) -> None:
    """Put the few bytes that stand for the default models where the model files lie."""
    install_embedder(home, "all-MiniLM-L6-v2")
    (home.models / "writer.gguf").write_bytes(WEIGHTS)


def install_second_writer(home: Home) -> None:
    (home.models / "second.gguf").write_bytes(WEIGHTS)


def install_embedder(home: Home, id: str) -> None:
    (home.models / id).mkdir(parents=True)
    (home.models / id / "model.safetensors").write_bytes(VECTORS)


def write_articles(folder: Path, articles: dict[str, str] = ARTICLES) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in articles.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def set_up(home: Home, **settings: object) -> None:
    """Write the settings file."""
    home.root.mkdir(parents=True, exist_ok=True)
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    home.settings_file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def workshop(home: Home, **rest: Any) -> TinyWorkshop:
    return TinyWorkshop(home, load_settings(home.settings_file), **rest)


def leaves_when_waited_for(holder: Workshop, patch: pytest.MonkeyPatch) -> None:
    """Let the holder of a library close it as soon as another one waits for it."""
    real = workshop_module.open_folder

    def waited_for(folder: Path, *, wait_seconds: float, on_wait: Callable[[str], None]) -> QdrantClient:
        def leave(told: str) -> None:
            on_wait(told)
            holder.close()

        return real(folder, wait_seconds=wait_seconds, on_wait=leave)

    patch.setattr(workshop_module, "open_folder", waited_for)


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as the one JSON document that it has to be."""
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The error, which has to be the last line of standard error, and one line."""
        assert "Traceback" not in self.err
        said = [line for line in self.err.splitlines() if line.startswith("footnote: ")]
        assert said, self.err
        assert self.err.rstrip("\n").endswith(said[-1])
        assert len(said) == 1
        return said[0]


@contextmanager
def serving(
    home: Home,
    desk: Desk,
    *,
    token: str = TOKEN,
    published: str | None = None,
    unrecorded: Desk | None = None,
) -> Iterator[ServerAddress]:
    """A serving process in a thread of this one: the local API over `desk`, and its server file.

    `published` is another token for the file than the one that opens the API.
    """
    app = FastAPI()
    app.include_router(local_api(desk, token, unrecorded=unrecorded))
    listener = socket.create_server(("127.0.0.1", 0))
    address = ServerAddress(f"http://127.0.0.1:{listener.getsockname()[1]}", published or token, os.getpid())
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, lifespan="off", ws="none", timeout_graceful_shutdown=1)
    )
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        wait_until(lambda: server.started)
        write_server_file(home.server_file, address)
        yield address
    finally:
        remove_server_file(home.server_file, address)
        server.should_exit = True
        thread.join(10)
        listener.close()


def wait_until(true: Any, seconds: float = 60.0) -> None:
    """Wait for what is sure to come, at a time that the machine sets: who waits in vain has found a fault."""
    end = monotonic() + seconds
    while not true():
        assert monotonic() < end, "waited in vain"
        sleep(0.01)
