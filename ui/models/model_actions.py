"""What the Models page shows and does, without a word of HTTP. What it shows has been through the net."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.models.catalogue import Catalogue, CatalogueEntry
from assistant.models.model_files import ModelFiles
from index_store.errors import FootnoteError, UsageError
from ui.home import Home
from ui.library.library_page import problem_html
from ui.machine import memory_gb
from ui.markup import NOTHING, Html, host_of, safe_link
from ui.markup_net import netted
from ui.model_supply import hub_address
from ui.models.model_choice import choose, entry_with_file, setting_of
from ui.models.model_jobs import ModelJobs, Work
from ui.models.model_rows import Chosen, model_places, model_rows
from ui.models.model_trouble import SOURCES
from ui.models.models_page import line_html, notes_html, rows_html
from ui.record.record import Record
from ui.settings.in_force import load_settings
from ui.settings.settings import Settings

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ModelParts:
    """What the Models page is wired from. `writer` and `embedder` tell which are at work in this process."""

    home: Home
    catalogue: Catalogue
    files: Callable[[], ModelFiles]
    jobs: ModelJobs
    record: Record
    writer: Callable[[], str]
    embedder: Callable[[], str]
    log_file: Path
    memory_gb: Callable[[], float] = memory_gb


class ModelActions:
    """The page's actions. Those that change something raise FootnoteError; those that show never do."""

    def __init__(self, parts: ModelParts) -> None:
        self._parts = parts

    def parts(self) -> dict[str, Html]:
        """All that can change on the page, as HTML by name."""
        try:
            return {name: netted(part) for name, part in self._shown().items()}
        except FootnoteError as error:
            return self._failed(str(error))
        except Exception:
            _logger.exception("the models page failed")
            return self._failed(f"Something went wrong; details in the log: {self._parts.log_file}")

    def progress(self) -> dict[str, object]:
        """How far the running job is, as plain values."""
        now = self._parts.jobs.progress
        return {
            "running": now.work is not None,
            "work": now.work or "",
            "model": now.model,
            "source": SOURCES.get(now.source, now.source),
            "note": now.note,
            "done": now.bytes_done,
            "total": now.bytes_total or 0,
            "stopping": now.is_stopping,
            "ended": now.ended,
            "last": self._last(now.last),
        }

    def _last(self, id: str) -> str:
        """What came of the job that ended last, in a few words; why something failed stands at its model."""
        outcome = self._parts.jobs.outcome(id)
        if outcome is None:
            return ""
        if outcome.is_stopped:
            return "Stopped"
        done = {"fetch": "fetched and verified", "verify": "verified: it is as it should be"}[outcome.work]
        failed = {"fetch": "could not be fetched", "verify": "is not as it should be"}[outcome.work]
        return f"{id} {failed}; below stands why" if outcome.error else f"{id} is {done}"

    def fetch(self, id: str) -> None:
        """Begin to bring a model here, in the background."""
        entry = entry_with_file(self._parts.catalogue, id)
        settings = self._settings()
        if settings.offline and not settings.model_folder:
            raise UsageError(
                f"{entry.id} cannot be fetched: the setting offline = true refuses all fetching; set it to"
                " false, or put the file in a folder and name that in the setting model_folder"
            )
        self._begin("fetch", entry)

    def verify(self, id: str) -> None:
        """Begin to read a model's files whole and to compare their hashes, in the background."""
        self._begin("verify", entry_with_file(self._parts.catalogue, id))

    def stop(self) -> None:
        """Stop what is under way; what has come is kept."""
        self._parts.jobs.stop()

    def use(self, id: str) -> str:
        """Choose the model that writes or embeds; when that takes effect, in words."""
        parts = self._parts
        entry = entry_with_file(parts.catalogue, id)
        choice = choose(parts.home, entry, parts.files(), parts.record, via="page")
        if choice.is_overruled:
            variable = f"FOOTNOTE_{choice.setting.upper()}"
            return f"{entry.id} is chosen, but the variable {variable} names another one, which wins"
        at_work = parts.writer() if setting_of(entry) == "model" else parts.embedder()
        if at_work == entry.id:
            return f"{entry.id} is chosen, and at work already"
        if choice.setting == "embedder":
            return f"{entry.id} is chosen; the next sync prepares the whole library for it"
        return f"{entry.id} is chosen; {at_work} goes on writing until Footnote is started again"

    def _begin(self, work: Work, entry: CatalogueEntry) -> None:
        self._parts.jobs.begin(work, entry, self._parts.record)

    def _settings(self) -> Settings:
        return load_settings(self._parts.home.settings_file)

    def _shown(self) -> dict[str, Html]:
        parts = self._parts
        problem, settings = None, None
        try:
            settings = self._settings()
        except FootnoteError as error:
            problem = str(error)
        files, memory = parts.files(), parts.memory_gb()
        writer = Chosen(parts.writer(), settings.model if settings else None)
        embedder = Chosen(parts.embedder(), settings.embedder if settings else None)
        folder = settings.model_folder if settings else None
        is_offline = settings is not None and settings.offline

        def places(entry: CatalogueEntry) -> tuple[str, ...]:
            if settings is None:
                return ()
            return model_places(entry, folder=folder, hub=_hub(settings), is_offline=is_offline)

        def rows(entries: tuple[CatalogueEntry, ...], chosen: Chosen, default: str) -> Html:
            return rows_html(
                model_rows(
                    entries,
                    files,
                    chosen,
                    default=default,
                    memory_gb=memory,
                    places=places,
                    outcome=parts.jobs.outcome,
                )
            )

        catalogue = parts.catalogue
        return {
            "line": line_html(files.bytes_here(), files.bytes_free(), memory),
            "problem": problem_html(problem),
            "notes": notes_html(writer, embedder, is_offline=is_offline, folder=folder),
            "writers": rows(catalogue.writers(), writer, catalogue.default_writer),
            "embedders": rows(catalogue.embedders(), embedder, catalogue.default_embedder),
        }

    def _failed(self, problem: str) -> dict[str, Html]:
        parts = dict.fromkeys(("line", "notes", "writers", "embedders"), NOTHING)
        return {**parts, "problem": netted(problem_html(problem))}


def _hub(settings: Settings) -> str:
    """The hub's host, or its address where that cannot be read."""
    address = hub_address(settings)
    return host_of(address) if safe_link(address) else address
