"""How long it is from one sync of a source to the next, as the settings say, and as the page changes it."""

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from index_store.errors import UsageError
from ingest.web.web_address import is_web_address
from ui.settings.in_force import load_settings
from ui.settings.settings import Settings
from ui.settings.settings_file import change_setting
from ui.settings.source_places import STARTER, source_id

_VARIABLE = "FOOTNOTE_EVERY"


class SourceIntervals:
    """Reads and writes the settings `every` and `sync_every_hours` in the settings file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        # As of which state of the file.
        self._read: tuple[object, Settings] | None = None

    def by_source(self) -> Mapping[str, timedelta]:
        """For the id of each listed source the time between two syncs; of no length where it has no schedule.

        Raises UsageError when the settings cannot be read.
        """
        settings = self._settings()
        return {id: timedelta(hours=hours) for id, hours in _hours(settings).items()}

    def watched(self) -> Mapping[str, Path]:
        """The folders and files whose changes are synced, by their sources' ids. Raises UsageError."""
        return watched_places(self._settings())

    def _settings(self) -> Settings:
        state = self._state()
        if self._read is None or state is None or self._read[0] != state:
            self._read = (state, load_settings(self._file))
        return self._read[1]

    def set(self, place: str, hours: float | None) -> None:
        """Give a source hours of its own (0: no schedule), or with None those of all others.

        `place` is as the settings list it. Raises UsageError.
        """
        settings = load_settings(self._file)
        id = source_id(place)
        every = {one: number for one, number in settings.every.items() if source_id(one) != id}
        if hours is not None:
            every[place] = int(hours) if hours == int(hours) else hours
        if every == settings.every:
            return
        if _VARIABLE in (name.upper() for name in os.environ):
            raise UsageError(f"the schedules come from the environment variable {_VARIABLE}; change it there")
        change_setting(self._file, "every", every or None)

    def _state(self) -> tuple[int, int] | None:
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size


def watched_places(settings: Settings) -> Mapping[str, Path]:
    """What is watched for changes: folders and files of the user, but for those that are synced by hand."""
    if not settings.watch:
        return {}
    own = (place for place in settings.sources if place != STARTER and not is_web_address(place))
    hours = _hours(settings)
    return {id: Path(id) for id in map(source_id, own) if hours[id]}


def _hours(settings: Settings) -> Mapping[str, float]:
    """For the id of each source the hours between two syncs, 0 where it has no schedule."""
    own = {source_id(place): hours for place, hours in settings.every.items()}
    return {id: own.get(id, settings.sync_every_hours) for id in map(source_id, settings.sources)}
