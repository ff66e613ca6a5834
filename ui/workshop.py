"""Builds the parts from the settings and keeps them: library, writers, model files, assistant."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from qdrant_client import QdrantClient

from assistant.answer import ModelName
from assistant.answer_settings import AnswerSettings
from assistant.answering import Assistant
from assistant.engine.passage_states import PassageStates
from assistant.engine.state_files import StateFiles
from assistant.finding.reranking import CrossEncoderReranker, Reranker
from assistant.llama_writer import LlamaWriter
from assistant.models.catalogue import Catalogue, EmbedderEntry, ModelEntry
from assistant.models.model_files import ModelFiles
from assistant.writer import Writer
from index_store.embedder import Embedder
from index_store.errors import EmbedderMismatch, FootnoteError, RunError
from index_store.lexical import Bm25Encoder
from index_store.library import Library
from index_store.library_collections import LibraryCollections
from index_store.migration import Migration, OnArticle
from index_store.passage_store import ArticleSummary
from index_store.qdrant_connection import open_folder, open_server
from index_store.qdrant_store import QdrantPassageStore, drop_library
from index_store.sentence_embedder import SentenceEmbedder
from ingest.passages.splitter import ArticleSplitter
from ingest.sync import LibrarySync
from ui.desk import Embedding
from ui.home import Home
from ui.intake import Intake
from ui.library_lock import LOCK_WAIT_SECONDS
from ui.model_supply import model_files, reranker_folder
from ui.settings.settings import Settings

_CLOSED = "Footnote is being closed; ask again when it is open"


class WeightedWriter(Writer, Protocol):
    """A writer with weights, which take time to load and memory to keep."""

    def warm_up(self) -> None:
        """Load the weights now instead of at the first use."""
        ...

    def close(self) -> None:
        """Free the memory."""
        ...


MakeEmbedder = Callable[[EmbedderEntry, Path], Embedder]
"""Makes the embedder of a catalogue entry from its verified folder."""

MakeWriter = Callable[[ModelEntry, Path, Settings], WeightedWriter]
"""Makes the writer of a catalogue entry from its verified file."""


def sentence_embedder(entry: EmbedderEntry, folder: Path, *, quick: Path | None = None) -> Embedder:
    """The real embedder; its weights are loaded at the first use."""
    return SentenceEmbedder(
        entry.id,
        folder,
        dimensions=entry.dimensions,
        query_prefix=entry.query_prefix,
        document_prefix=entry.document_prefix,
        quick=quick,
    )


def llama_writer(
    entry: ModelEntry, file: Path, settings: Settings, *, states: PassageStates | None = None
) -> WeightedWriter:
    """The real writer; its weights are loaded at the first use."""
    return LlamaWriter(
        ModelName(entry.id, entry.sha256),
        file,
        context_tokens=settings.context_tokens,
        threads=settings.threads,
        states=states,
        placing="plain" if settings.reading == "anew" else None,
    )


class Workshop:
    """The parts behind one library, made when first needed.

    `folder` is a folder of articles that is answered from by itself (--library); None is the user's
    own library with its sources.
    """

    def __init__(
        self,
        home: Home,
        settings: Settings,
        *,
        folder: Path | None = None,
        on_wait: Callable[[str], None] = lambda _: None,
        make_embedder: MakeEmbedder | None = None,
        make_writer: MakeWriter | None = None,
        states: StateFiles | None = None,
        make_intake: Callable[[Home, Path | None], Intake] = Intake,
    ) -> None:
        """`states` keeps what is read of the articles; by default it is the user's own folder of them."""
        self.home = home
        self.settings = settings
        self.folder = folder.expanduser().resolve() if folder else None
        self.catalogue = Catalogue.load()
        self._on_wait = on_wait
        self._make_embedder = make_embedder or partial(sentence_embedder, quick=home.encoders)
        self.states = states or StateFiles(home.states, budget=int(settings.states_gb * 1e9))
        self._make_writer = make_writer or partial(llama_writer, states=self.states)
        self._lock = threading.RLock()
        self._closed = False
        self._files: ModelFiles | None = None
        self._library: Library | None = None
        self._client: QdrantClient | None = None
        self._wanted: str | None = None
        self._moved: tuple[int, int] | None = None
        self._writers: dict[str, WeightedWriter] = {}
        self._assistants: dict[str, Assistant] = {}
        self._reranker: Reranker | None = None
        self.intake = make_intake(home, self.folder)

    @property
    def library_name(self) -> str:
        """The name of the library's collections and folder."""
        return self.home.library(self.folder).name

    @property
    def files(self) -> ModelFiles:
        """The model files on this machine."""
        with self._lock:
            if self._files is None:
                self._files = model_files(self.home, self.settings, self.catalogue)
            return self._files

    @property
    def library(self) -> Library:
        """The library, opened. Raises LibraryLocked when another process keeps it."""
        with self._lock:
            if self._closed:
                raise RunError(_CLOSED)
            if self._library is None:
                self._library = self._open_library()
            return self._library

    @property
    def opened(self) -> Library | None:
        """The library if it is open by now; to ask this opens nothing and waits for nobody."""
        return self._library

    @property
    def embedding(self) -> Embedding:
        """What the library is embedded with, and what it is to be embedded with."""
        in_force = self.library.embedder.id
        done, total = self._moved or (None, None)
        return Embedding(in_force, self._wanted or in_force, done, total)

    def embed_anew(self, embedder: str, on_article: OnArticle) -> None:
        """Move the library to this embedder, if another one made it; it goes on serving meanwhile.

        What is left of moves that were not ended, or of what was moved from, is deleted. One call at a time.
        Raises ModelMissing, UnknownModel.
        """
        wanted = self._embedder(embedder)
        library = self.library
        with self._lock:
            client, self._wanted = self._client, wanted.id
        assert client is not None
        if library.embedder.id == wanted.id:
            LibraryCollections(client, self.library_name).remove_others()
            return

        def tell(row: ArticleSummary, done: int, total: int) -> None:
            self._moved = (done, total)
            on_article(row, done, total)

        try:
            Migration(client, self.library_name, wanted, embedded=not self.settings.qdrant_url).run(
                library, tell
            )
        finally:
            self._moved = None

    def writer(self, model: str | None = None) -> WeightedWriter:
        """The writer for a model id (the setting's by default). Raises ModelMissing, UnknownModel."""
        id = model or self.settings.model
        with self._lock:
            if id not in self._writers:
                entry = self.catalogue.writer(id)
                self._writers[id] = self._make_writer(entry, self.files.path(id), self.settings)
            return self._writers[id]

    def assistant(self, model: str | None = None) -> Assistant:
        """The assistant over the library with a model."""
        id = model or self.settings.model
        with self._lock:
            if id not in self._assistants:
                # The writer first: that it is missing shows at once, the library may have to be waited for.
                writer = self.writer(id)
                settings = AnswerSettings(evidence_tokens=self.settings.evidence_tokens)
                self._assistants[id] = Assistant(self.library, writer, settings, reranker=self.reranker)
            return self._assistants[id]

    @property
    def reranker(self) -> Reranker | None:
        """What orders the candidates once more, if the settings name it. Raises ModelMissing."""
        with self._lock:
            if self._reranker is None and self.settings.reranker:
                self._reranker = CrossEncoderReranker(
                    reranker_folder(self.settings.reranker, self.home.models)
                )
            return self._reranker

    def syncer(self) -> LibrarySync:
        """What brings the library up to date."""
        return LibrarySync(self.library, ArticleSplitter())

    def drop_library(self) -> None:
        """Delete what the library holds, to be rebuilt from its sources.

        Raises ModelMissing, and deletes nothing, while the embedder that would read them is not here.
        """
        with self._lock:
            self.files.path(self.settings.embedder)
            self._assistants.clear()
            if self._library is not None:
                self._library.store.close()
                self._library = None
            client = self._connect()
            try:
                drop_library(client, self.library_name)
            finally:
                client.close()

    def close(self) -> None:
        """Let go of library and models, for good."""
        with self._lock:
            self._closed = True
            if self._library is not None:
                self._library.store.close()
                self._library = None
            for writer in self._writers.values():
                writer.close()
            self._writers.clear()
            self._assistants.clear()
        self.intake.close()

    def _open_library(self) -> Library:
        # The embedder first: when it is missing, nothing has been opened that would have to be closed.
        wanted = self._embedder(self.settings.embedder)
        client = self._connect()
        try:
            base, embedder = self._in_force(client, wanted)
            store = QdrantPassageStore(
                client,
                base,
                embedder_id=embedder.id,
                dimensions=embedder.dimensions,
                embedded=not self.settings.qdrant_url,
            )
        except BaseException:
            client.close()
            raise
        self._client, self._wanted = client, wanted.id
        return Library(store, embedder, Bm25Encoder())

    def _embedder(self, id: str) -> Embedder:
        entry = self.catalogue.embedder(id)
        return self._make_embedder(entry, self.files.path(entry.id))

    def _in_force(self, client: QdrantClient, wanted: Embedder) -> tuple[str, Embedder]:
        """The collections that serve, with the embedder that made them: `wanted`, where they are new."""
        collections = LibraryCollections(client, self.library_name)
        base = collections.in_force()
        made_by = collections.embedder_of(base)
        if made_by is None or made_by == wanted.id:
            return base, wanted
        try:
            return base, self._embedder(made_by)
        except FootnoteError as error:
            raise EmbedderMismatch(
                f"the library was embedded with {made_by!r}, which it is searched with until it has been "
                f"embedded anew ({error}); get that back, or run: footnote sync --rebuild"
            ) from error

    def _connect(self) -> QdrantClient:
        if self.settings.qdrant_url:
            return open_server(self.settings.qdrant_url, api_key=self.settings.qdrant_api_key)
        return open_folder(
            self.home.libraries / self.library_name, wait_seconds=LOCK_WAIT_SECONDS, on_wait=self._on_wait
        )
