"""Looks at what Footnote needs: what is there, what is missing, what would leave the machine."""

import os
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from assistant.catalogue import Catalogue
from index_store.errors import FootnoteError
from ui.desk import Desk
from ui.home import Home
from ui.model_supply import model_files
from ui.settings import Settings

State = Literal["ok", "note", "missing"]

_PARTS = (
    "footnote",
    "llama-cpp-python",
    "llama-index-core",
    "qdrant-client",
    "sentence-transformers",
    "torch",
    "gradio",
)
# Above this many passages the embedded store becomes slow: hybrid search takes a quarter of a second at it.
EMBEDDED_LIMIT = 20_000
_MEMORY_NEEDED_GB = 4.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `missing` keeps Footnote from working, a `note` does not."""

    name: str
    state: State
    detail: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """Something that would leave the machine: when, where to, and how to prevent it."""

    what: str
    to: str
    when: str


def examine(home: Home, settings: Settings, desk: Callable[[], Desk]) -> list[Finding]:
    """All findings, in the order of a setup. Nothing is fetched, loaded or changed."""
    return [
        Finding("python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}"),
        *_packages(),
        _machine(),
        _directory(home),
        *_models(home, settings),
        *_library(settings, desk),
        Finding("log", "ok", str(home.log_file)),
    ]


def leaving(settings: Settings) -> list[Leaving]:
    """What would leave the machine with these settings, and when. Asking and syncing folders send nothing."""
    found = [
        Leaving(
            "the names of model files",
            settings.hub,
            "only on: footnote models fetch, for a file not here yet",
        ),
        Leaving(
            "the names of packages that carry a model",
            "the package registry that pip is set up for",
            "only on: footnote models fetch, when the hub does not deliver",
        ),
    ]
    if settings.qdrant_url:
        found.append(
            Leaving(
                "passages, articles and questions",
                settings.qdrant_url,
                "always: the setting qdrant_url names it",
            )
        )
    return found


def _packages() -> Iterator[Finding]:
    for part in _PARTS:
        try:
            yield Finding(part, "ok", version(part))
        except PackageNotFoundError:
            yield Finding(part, "missing", "not installed; run: make install")


def _machine() -> Finding:
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    words = f"{cores} cores, {memory:.0f} GB of memory"
    if memory < _MEMORY_NEEDED_GB:
        return Finding("machine", "note", f"{words}; the default model wants {_MEMORY_NEEDED_GB:g} GB")
    return Finding("machine", "ok", words)


def _directory(home: Home) -> Finding:
    place = home.root
    while not place.exists() and place != place.parent:
        place = place.parent
    free = shutil.disk_usage(place).free / 2**30
    if not os.access(place, os.W_OK):
        return Finding(
            "data", "missing", f"{home.root}: cannot be written to; set FOOTNOTE_HOME to a folder of yours"
        )
    return Finding("data", "ok" if free > 2 else "note", f"{home.root}, {free:.1f} GB free")


def _models(home: Home, settings: Settings) -> Iterator[Finding]:
    catalogue = Catalogue.load()
    files = model_files(home, settings, catalogue)
    for role, id in (("model", settings.model), ("embedder", settings.embedder)):
        try:
            entry = catalogue.entry(id)
            status = files.status(id)
        except FootnoteError as error:
            yield Finding(role, "missing", str(error))
            continue
        if status == "present":
            yield Finding(role, "ok", f"{id}: {entry.licence}, {entry.vendor} ({entry.country}), verified")
        else:
            yield Finding(role, "missing", f"{id} is {status}; run: footnote models fetch {id}")


def _library(settings: Settings, desk: Callable[[], Desk]) -> Iterator[Finding]:
    store = f"Qdrant server {settings.qdrant_url}" if settings.qdrant_url else "embedded Qdrant"
    try:
        rows = desk().articles()
    except FootnoteError as error:
        yield Finding("library", "missing", str(error))
        return
    passages = sum(row.passages for row in rows)
    words = f"{len(rows)} articles, {passages} passages in {store}"
    if not rows:
        yield Finding("library", "note", f"{words}; run: footnote sync")
    elif passages > EMBEDDED_LIMIT and not settings.qdrant_url:
        yield Finding(
            "library",
            "note",
            f"{words}; above {EMBEDDED_LIMIT:,} passages a Qdrant server is faster (qdrant_url)",
        )
    else:
        yield Finding("library", "ok", words)
    for place in settings.sources:
        if place != "starter" and not Path(place).exists():
            yield Finding(
                "source", "note", f"{place}: not there; its articles stay until it is removed from sources"
            )
