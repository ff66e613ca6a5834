"""Looks at what Footnote needs: what is there, what is missing, what would leave the machine."""

import os
import platform
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from assistant.engine.state_files import StateFiles
from assistant.finding.reranking import CrossEncoderReranker
from assistant.models.catalogue import Catalogue, CatalogueEntry
from index_store.errors import FootnoteError
from ingest.web.guarded_transport import environment_proxy
from ingest.web.web_address import is_web_address, site_of, web_address
from ui.bundle.wheels import TORCH_HOST
from ui.desk import Desk
from ui.empty_library import how_to_fill
from ui.home import Home
from ui.machine import memory_gb
from ui.model_supply import hub_address, model_files, reranker_folder
from ui.record.record import record_files
from ui.settings.settings import Settings
from ui.settings.source_places import STARTER

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
    """Something that would leave the machine: what, where to, and when; or only when a command fetches."""

    what: str
    to: str
    when: str
    only_when_told: bool = True


def examine(home: Home, settings: Settings, desk: Callable[[], Desk]) -> list[Finding]:
    """All findings, in the order of a setup. Nothing is fetched, loaded or changed.

    Where there can be no data directory, nothing is said of what would lie in it.
    """
    found = [
        Finding("python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}"),
        *_packages(),
        _machine(),
    ]
    why = home.why_unusable()
    if why is not None:
        advice = "set FOOTNOTE_HOME to a folder of yours"
        return [*found, Finding("data", "missing", f"{home.root}: {why}; {advice}"), *_sources(settings)]
    return [
        *found,
        _directory(home),
        *_models(home, settings),
        *_reranker(home, settings),
        *_library(home, settings, desk),
        _states(home, settings),
        *_sources(settings),
        _log(home),
        _record(home, settings),
    ]


def leaving(settings: Settings, registry: Sequence[str] = ()) -> list[Leaving]:
    """What would leave the machine with these settings, and when; `registry` are the hosts that pip asks."""
    found = []
    if not settings.offline:
        found = [*_to_model_sources(settings, registry), _to_what_is_named(), *_to_sources(settings)]
    if settings.qdrant_url and not _is_here(urlsplit(settings.qdrant_url).hostname):
        found.append(
            Leaving(
                "questions and articles",
                settings.qdrant_url,
                "on every question and every sync: the setting qdrant_url names it",
                only_when_told=False,
            )
        )
    if not _is_here(settings.host):
        found.append(
            Leaving(
                "questions, answers and conversations",
                f"whoever can reach {settings.host}:{settings.port}",
                "while footnote serve runs: the setting host opens the page to other machines",
                only_when_told=False,
            )
        )
    return found


def _to_model_sources(settings: Settings, registry: Sequence[str]) -> Iterator[Leaving]:
    hub = hub_address(settings)
    yield Leaving(
        "the names of model files",
        f"{hub}{_by_proxy(hub)}",
        "only on: footnote models fetch, and Fetch on the Models page, for a file that is not here yet; a "
        "hub may send a download on to a host of its own",
    )
    named = f" ({', '.join(registry)})" if registry else ""
    yield Leaving(
        "the names of packages: those that carry a model, for a bundle all that Footnote needs",
        f"the package registry that pip is set up for{named}; for PyTorch in a bundle also {TORCH_HOST}",
        "only on: footnote models fetch, and Fetch on the Models page, when the hub does not deliver; and "
        "footnote bundle OUT",
    )


def _to_what_is_named() -> Leaving:
    """What goes to an address that is no source yet."""
    return Leaving(
        "the address of a page",
        "the site of an address that somebody names, and the sites that its pages lead to"
        f"{_by_proxy('https://address.example')}",
        "only on: footnote sync ADDRESS; and an address looked at or added on the Library page",
    )


def _to_sources(settings: Settings) -> Iterator[Leaving]:
    """One for each host that a source of the settings names."""
    hosts: dict[str, list[str]] = {}
    for place in filter(is_web_address, settings.sources):
        hosts.setdefault(site_of(web_address(place)), []).append(place)
    for host, places in hosts.items():
        named = places[0] if len(places) == 1 else f"{len(places)} sources"
        yield Leaving(
            "the addresses of its pages, as in a browser",
            f"{host}, and the sites that its pages lead to{_by_proxy(web_address(places[0]))}",
            f"on every sync: {named} in the setting sources",
            only_when_told=False,
        )


def _by_proxy(address: str) -> str:
    """What the usual variables put between, without what is secret in it."""
    place = urlsplit(address)
    proxy = environment_proxy(place.scheme, place.hostname or "")
    if proxy is None:
        return ""
    way = urlsplit(proxy)
    return f", by way of the proxy {way.hostname}{f':{way.port}' if way.port else ''}"


def _is_here(host: str | None) -> bool:
    """Whether a host is this machine alone."""
    if host is None or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _packages() -> Iterator[Finding]:
    for part in _PARTS:
        try:
            yield Finding(part, "ok", version(part))
        except PackageNotFoundError:
            yield Finding(part, "missing", "not installed; run: make install")


def _machine() -> Finding:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = memory_gb()
    words = f"{cores} cores, {memory:.0f} GB of memory"
    if memory < _MEMORY_NEEDED_GB:
        return Finding("machine", "note", f"{words}; the default model wants {_MEMORY_NEEDED_GB:g} GB")
    return Finding("machine", "ok", words)


def _directory(home: Home) -> Finding:
    place = home.root
    while not place.exists() and place != place.parent:
        place = place.parent
    free = shutil.disk_usage(place).free / 1e9
    if not (place.is_dir() and os.access(place, os.W_OK)):
        return Finding(
            "data", "missing", f"{home.root}: cannot be written to; set FOOTNOTE_HOME to a folder of yours"
        )
    words = f"{home.root}, {free:.1f} GB free"
    if home.is_open_to_others:
        words += f"; others of this machine can read in it: chmod 700 {home.root}"
    return Finding("data", "ok" if free > 2 and not home.is_open_to_others else "note", words)


def _models(home: Home, settings: Settings) -> Iterator[Finding]:
    catalogue = Catalogue.load()
    files = model_files(home, settings, catalogue)
    chosen: tuple[tuple[str, str, Callable[[str], CatalogueEntry]], ...] = (
        ("model", settings.model, catalogue.writer),
        ("embedder", settings.embedder, catalogue.embedder),
    )
    for role, id, find in chosen:
        try:
            entry = find(id)
            status = files.status(id)
        except FootnoteError as error:
            yield Finding(role, "missing", str(error))
            continue
        if status == "present":
            yield Finding(role, "ok", f"{id}: {entry.licence}, {entry.vendor} ({entry.country}), verified")
        else:
            yield Finding(role, "missing", f"{id} is {status}; run: footnote models fetch {id}")


def _reranker(home: Home, settings: Settings) -> Iterator[Finding]:
    if not settings.reranker:
        return
    folder = reranker_folder(settings.reranker, home.models)
    try:
        CrossEncoderReranker(folder)
    except FootnoteError as error:
        yield Finding("reranker", "missing", str(error))
        return
    yield Finding("reranker", "ok", f"{folder}: of your own, not verified")


def _library(home: Home, settings: Settings, desk: Callable[[], Desk]) -> Iterator[Finding]:
    if not settings.qdrant_url and not home.user_library.is_dir():
        # To open it would be to make it.
        yield Finding("library", "note", f"not made yet; {how_to_fill(settings.sources)}")
        return
    store = f"Qdrant server {settings.qdrant_url}" if settings.qdrant_url else "embedded Qdrant"
    try:
        front = desk()
        rows, pending = front.articles(), front.embedding().told
    except FootnoteError as error:
        yield Finding("library", "missing", str(error))
        return
    passages = sum(row.passages for row in rows)
    found = f"{len(rows)} articles, {passages} passages in {store}"
    if not rows:
        yield Finding("library", "note", f"{found}; {how_to_fill(settings.sources)}")
    elif passages > EMBEDDED_LIMIT and not settings.qdrant_url:
        advice = f"above {EMBEDDED_LIMIT:,} passages a Qdrant server is faster (qdrant_url)"
        yield Finding("library", "note", f"{found}; {advice}")
    else:
        yield Finding("library", "ok", found)
    if pending:
        yield Finding("embedding", "note", f"the library is {pending}")


def _states(home: Home, settings: Settings) -> Finding:
    usage = StateFiles(home.states, budget=int(settings.states_gb * 1e9)).usage()
    room = f"{usage.bytes / 1e9:.1f} of {usage.budget / 1e9:.1f} GB"
    kept = f"{usage.files} passages and sentences read ahead, {room}"
    if usage.problem:
        return Finding("states", "note", f"{kept}; answers begin later: {usage.problem}")
    return Finding("states", "ok", f"{kept} in {home.states}")


def _log(home: Home) -> Finding:
    """The file, or its folder where there is none yet: either has to be there to be written to."""
    file = home.log_file
    place = file if os.path.lexists(file) else home.root
    can_be_written = os.access(place, os.W_OK) and (file.is_file() or place != file)
    if home.root.exists() and not can_be_written:
        advice = "nothing can be written to it; check its rights and its disk"
        return Finding("log", "note", f"{file}: {advice}")
    return Finding("log", "ok", str(file))


def _record(home: Home, settings: Settings) -> Finding:
    try:
        usage = record_files(home, settings).usage()
    except OSError as error:
        return Finding("record", "note", f"{home.record}: {error.strerror}; check its rights")
    kept = f"{home.record}, {usage.files} file{'' if usage.files == 1 else 's'}, {usage.bytes / 1e6:.1f} MB"
    if not settings.record:
        return Finding("record", "note", f"off (record = false): nothing is recorded; {kept}")
    place = home.record
    if place.exists() and not (place.is_dir() and os.access(place, os.W_OK | os.X_OK)):
        advice = "nothing can be recorded there; it must be a folder of yours"
        return Finding("record", "note", f"{kept}: {advice}")
    content = "with questions and answers" if settings.record_content == "full" else "without their words"
    return Finding("record", "ok", f"on, {content}: {kept}")


def _sources(settings: Settings) -> Iterator[Finding]:
    for place in settings.sources:
        if is_web_address(place):
            if settings.offline:
                advice = "offline = true: it is not asked; its articles stay as they are"
                yield Finding("source", "note", f"{place}: {advice}")
        elif place != STARTER and not Path(place).expanduser().exists():
            yield Finding(
                "source", "note", f"{place}: not there; its articles stay until it is removed from sources"
            )
