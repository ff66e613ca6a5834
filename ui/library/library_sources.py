"""The sources as the Library page lists, adds and removes them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from index_store.errors import UsageError
from ingest.documents.mailbox_file import MAILBOX_SUFFIX
from ui.home import Home
from ui.library.source_intervals import SourceIntervals, watched_places
from ui.library.source_list import SourceList
from ui.markup import host_of, safe_link
from ui.record.record import OnChange, unheard
from ui.settings.in_force import load_settings
from ui.settings.settings import MOST_HOURS
from ui.settings.source_places import STARTER, source_id


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
        self._list = SourceList(file, on_change=on_change)
        self._uploads = uploads
        self._starter = starter
        self._kinds = kinds
        self._on_change = on_change

    @classmethod
    def of(cls, home: Home, *, on_change: OnChange = unheard) -> "LibrarySources":
        """Those of a user directory."""
        # What reads and fetches takes a while to load, which other users of this file need not wait for.
        from ingest.web.fetch_memory import FetchMemory
        from ui.intake import STARTER_LIBRARY
        from ui.library.address_preview import ADDRESS_KINDS

        def kinds() -> Callable[[str], str | None]:
            memory = FetchMemory(home.fetch_memory)

            def kind(address: str) -> str | None:
                known = memory.source(address).kind
                return ADDRESS_KINDS[known] if known else None

            return kind

        return cls(
            home.settings_file,
            uploads=home.uploads.expanduser().resolve(),
            starter=STARTER_LIBRARY / "articles",
            kinds=kinds,
            on_change=on_change,
        )

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
        self._list.add((place,))

    def remove(self, place: str) -> None:
        """List a place no more; its articles go with the next sync. Raises UsageError when none is it."""
        self._list.remove(place)

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
