"""The sources as the Library page lists, adds and removes them."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index_store.errors import UsageError
from ingest.web.web_address import is_web_address, web_address
from ui.markup import host_of, safe_link
from ui.record.record import OnChange, unheard
from ui.settings import STARTER, Settings, change_setting, load_settings

_VARIABLE = "FOOTNOTE_SOURCES"


@dataclass(frozen=True, slots=True)
class ListedSource:
    """One source: `place` as the settings list it, `id` as the library knows it, name and kind in words.

    `folder` is where its files lie; None for what is fetched, and for a place that is not there.
    """

    place: str
    id: str
    name: str
    kind: str
    folder: Path | None = None


def source_id(place: str) -> str:
    """What the library knows a listed place by."""
    if place == STARTER:
        return STARTER
    if is_web_address(place):
        return web_address(place)
    return Path(place).expanduser().resolve().as_posix()


class LibrarySources:
    """Reads and writes the list of sources in the settings file."""

    def __init__(
        self,
        file: Path,
        *,
        uploads: Path,
        starter: Path,
        kinds: Callable[[], Callable[[str], str | None]] = lambda: lambda _: None,
        on_change: OnChange = unheard,
    ) -> None:
        """`kinds` gives what knows the kinds of addresses, in words; it is asked once for each listing.

        `on_change` hears of each place that was added or removed.
        """
        self._file = file
        self._uploads = uploads
        self._starter = starter
        self._kinds = kinds
        self._on_change = on_change

    def listed(self) -> tuple[ListedSource, ...]:
        """All sources, in the order of the settings. Raises UsageError when those cannot be read."""
        settings = load_settings(self._file)
        kind_of = self._kinds()
        return tuple(self._listed(place, kind_of) for place in settings.sources)

    def add(self, place: str) -> None:
        """List a place, given as the settings keep it, unless it is listed."""
        settings = load_settings(self._file)
        if source_id(place) in {source_id(one) for one in settings.sources}:
            return
        self._change(settings, (*settings.sources, place))
        self._on_change("added", place)

    def remove(self, place: str) -> None:
        """List a place no more; its articles go with the next sync. Raises UsageError when none is it."""
        settings = load_settings(self._file)
        if place not in settings.sources:
            raise UsageError(f"{place!r} is none of the sources; load the page again")
        self._change(settings, tuple(one for one in settings.sources if one != place))
        self._on_change("removed", place)

    def _change(self, settings: Settings, sources: tuple[str, ...]) -> None:
        if any(name.upper() == _VARIABLE for name in os.environ):
            raise UsageError(f"the sources are set by the variable {_VARIABLE}; change them there")
        change_setting(self._file, "sources", sources)

    def _listed(self, place: str, kind_of: Callable[[str], str | None]) -> ListedSource:
        id = source_id(place)
        if place == STARTER:
            return ListedSource(place, id, "Starter library", "comes with Footnote", self._starter)
        link = safe_link(place)
        if link is not None:
            _, _, rest = link.split("://", 1)[1].partition("/")
            name = f"{host_of(link)}/{rest}".rstrip("/")
            return ListedSource(place, id, name, kind_of(id) or "address")
        path = Path(place).expanduser()
        if path == self._uploads:
            return ListedSource(place, id, "Uploads", "files added on this page", path)
        if path.is_file():
            return ListedSource(place, id, path.name, "file", path.parent)
        if path.is_dir():
            return ListedSource(place, id, path.name or place, "folder", path)
        return ListedSource(place, id, path.name or place, "not there now")
