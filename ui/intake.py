"""What brings articles in: the sources of the settings, what fetches them, and who reads them."""

from pathlib import Path
from time import monotonic, sleep

import ingest
from index_store.errors import RunError
from ingest.article_file import ArticleReader
from ingest.documents.isolated_reading import IsolatedReader
from ingest.folder_source import FolderSource, Source
from ingest.web.address_guard import AddressGuard
from ingest.web.address_source import AddressSource, Fetcher, OnFetch, unheard
from ingest.web.fetch_memory import FetchMemory
from ingest.web.guarded_transport import GuardedTransport
from ingest.web.isolated_lists import apart
from ingest.web.preview import Preview, preview
from ingest.web.web_address import is_web_address, web_address
from ingest.web.web_fetcher import WebFetcher
from ui.home import Home
from ui.settings.in_force import load_settings
from ui.settings.settings import Settings
from ui.settings.source_places import STARTER

_CLOSED = "Footnote is being closed; ask again when it is open"
STARTER_LIBRARY = Path(ingest.__file__).parent / "starter_library"


class Intake:
    """Where articles come from, and what reads them.

    `folder` is a folder of articles that is all there is (--library); None is the user's own sources.
    All articles are read in a process of their own: one that crashes its parser, or keeps it busy for ever,
    costs itself and no more. `apart` False reads the texts of the user's own folders in this process.
    """

    def __init__(self, home: Home, folder: Path | None = None, *, apart: bool = True) -> None:
        self._home = home
        self._folder = folder
        self._closed = False
        # One process for both, which starts with the first thing that is read there.
        documents = IsolatedReader()
        self._reader = ArticleReader(documents, all_apart=apart)
        self._strangers_reader = ArticleReader(documents, all_apart=True)

    def sources(self, settings: Settings, *, on_fetch: OnFetch = unheard) -> list[Source]:
        """The sources to sync, each once: the folder alone, or those of the settings.

        `on_fetch` hears of each address before it is asked.
        """
        if self._folder is not None:
            return [FolderSource(self._folder, self._reader)]
        memory = FetchMemory(self._home.fetch_memory)
        fetcher = self.fetcher(settings)
        sources: dict[str, Source] = {}
        for place in settings.sources:
            source: Source
            if place == STARTER:
                source = FolderSource(STARTER_LIBRARY / "articles", self._reader, id=STARTER)
            elif is_web_address(place):
                source = AddressSource(
                    place, fetcher, self.strangers_reader, memory, on_fetch=on_fetch, lists=apart()
                )
            else:
                source = FolderSource(Path(place), self._reader)
            sources.setdefault(source.id, source)
        memory.forget_others([web_address(place) for place in settings.sources if is_web_address(place)])
        return list(sources.values())

    @property
    def reader(self) -> ArticleReader:
        """Reads what the user names on this machine."""
        return self._reader

    @property
    def strangers_reader(self) -> ArticleReader:
        """Reads what comes from elsewhere, fetched or handed in: all of it in a process of its own."""
        return self._strangers_reader

    def fetcher(self, settings: Settings) -> Fetcher:
        """What fetches from the network, for one run, as the settings allow."""
        guard = AddressGuard(settings.allowed_networks)
        return WebFetcher(GuardedTransport(guard), offline=settings.offline, sleep=self._pause)

    def preview(self, address: str) -> Preview:
        """What is at an address, before it is taken as a source. Raises FootnoteError."""
        fetcher = self.fetcher(load_settings(self._home.settings_file))
        return preview(address, fetcher, self.strangers_reader, lists=apart())

    def close(self) -> None:
        """Let go of the reading process; a wait between two fetches ends now."""
        self._closed = True
        self._reader.close()

    def _pause(self, seconds: float) -> None:
        """Wait between two fetches, but not when there is nothing left to wait for."""
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            if self._closed:
                raise RunError(_CLOSED)
            sleep(min(left, 0.1))
