"""The sources as the Library page lists, adds and removes them."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from index_store.errors import UsageError
from ingest.documents.mailbox_file import MAILBOX_SUFFIX
from ui.library.source_intervals import SourceIntervals, watched_places
from ui.markup import host_of, safe_link
from ui.record.record import OnChange, unheard
from ui.settings.in_force import load_settings
from ui.settings.settings import MOST_HOURS, Settings
from ui.settings.settings_file import change_setting
from ui.settings.source_places import STARTER, source_id

_VARIABLE = "FOOTNOTE_SOURCES"


@dataclass(frozen=True, slots=True)
class ListedSource:
    """One source: `place` as the settings list it, `id` as the library knows it, name and kind in words.

    `folder` is where its files lie; None for what is fetched, and for a place that is not there.
    `hours` are those from one sync to the next (0: none by itself), None where they are those of all others,
    `usual_hours`. `is_watched` tells that a change in it is synced at once.
    """

    place: str
    id: str
    name: str
    kind: str
    folder: Path | None = None
    hours: float | None = None
    usual_hours: float = 6.0
    is_watched: bool = False


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

        `on_change` hears of each place that was added or removed, or is synced at other times.
        """
        self._file = file
        self._intervals = SourceIntervals(file)
        self._uploads = uploads
        self._starter = starter
        self._kinds = kinds
        self._on_change = on_change

    def listed(self) -> tuple[ListedSource, ...]:
        """All sources, in the order of the settings. Raises UsageError when those cannot be read."""
        settings = load_settings(self._file)
        kind_of = self._kinds()
        own = {source_id(place): hours for place, hours in settings.every.items()}
        found = (self._listed(place, kind_of) for place in settings.sources)
        watched = watched_places(settings)
        return tuple(
            replace(
                one,
                hours=own.get(one.id),
                usual_hours=settings.sync_every_hours,
                is_watched=one.id in watched and one.folder not in (None, self._uploads),
            )
            for one in found
        )

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
        self._intervals.set(place, None)
        self._change(settings, tuple(one for one in settings.sources if one != place))
        self._on_change("removed", place)

    def schedule(self, place: str, hours: float | None) -> None:
        """Sync a source every so many hours (0: only by hand), or with None as often as all others.

        Raises UsageError when it is none of the sources, or the hours are too many.
        """
        settings = load_settings(self._file)
        if place not in settings.sources:
            raise UsageError(f"{place!r} is none of the sources; load the page again")
        if hours is not None and not 0 <= hours <= MOST_HOURS:
            raise UsageError(f"{hours:g} hours between two syncs; give 0 to {MOST_HOURS:.0f}")
        self._intervals.set(place, hours)
        self._on_change("scheduled", place)

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
            kind = "mailbox" if path.suffix.lower() == MAILBOX_SUFFIX else "file"
            return ListedSource(place, id, path.name, kind, path.parent)
        if path.is_dir():
            return ListedSource(place, id, path.name or place, "folder", path)
        return ListedSource(place, id, path.name or place, "not there now")
