"""Choosing the model that writes or embeds, and the record of who fetched or chose one."""

from dataclasses import dataclass
from typing import Literal

from assistant.errors import ModelHasNoFile
from assistant.models.catalogue import Catalogue, CatalogueEntry
from assistant.models.model_files import ModelFiles
from index_store.errors import UsageError
from ui.chat.recorded_answers import told
from ui.home import Home
from ui.record.record import Record
from ui.settings.in_force import load_settings
from ui.settings.settings_file import change_setting

ModelSetting = Literal["model", "embedder"]
"""The setting that names a writer or an embedder, and the kind of its entries in the record."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen, in place of what. `is_overruled` tells that the environment names another one."""

    setting: ModelSetting
    id: str
    before: str
    is_overruled: bool


def setting_of(entry: CatalogueEntry) -> ModelSetting:
    """The setting that a model can be named in."""
    return "model" if entry.kind == "writer" else "embedder"


def entry_with_file(catalogue: Catalogue, id: str) -> CatalogueEntry:
    """The entry of that id. Raises UnknownModel, and ModelHasNoFile for one that only runs on servers."""
    entry = catalogue.entry(id)
    if not entry.files:
        raise ModelHasNoFile(entry.id)
    return entry


def choose(home: Home, entry: CatalogueEntry, files: ModelFiles, record: Record, *, via: str) -> Choice:
    """Write a model into the settings, and record who did.

    Raises UsageError for one that is not among the `files` of this machine, or where the settings cannot be
    written.
    """
    if files.glance(entry.id) not in ("verified", "unverified"):
        # Footnote would not start again without it.
        raise UsageError(
            f"model {entry.id!r} is not here yet, or not whole; "
            f"fetch it first: footnote models fetch {entry.id}"
        )
    setting = setting_of(entry)
    before = getattr(load_settings(home.settings_file), setting)
    change_setting(home.settings_file, setting, entry.id)
    if before != entry.id:
        record.add(setting, via=via, action="chosen", before=before, after=entry.id)
    after = getattr(load_settings(home.settings_file), setting)
    return Choice(setting, entry.id, before, is_overruled=after != entry.id)


def record_fetch(entry: CatalogueEntry, record: Record, *, via: str, error: Exception | None = None) -> None:
    """Record that a model was fetched, or could not be."""
    action = "fetched" if error is None else "fetch failed"
    why = {} if error is None else {"error": told(error, record)}
    record.add(setting_of(entry), via=via, action=action, name=entry.id, **why)
