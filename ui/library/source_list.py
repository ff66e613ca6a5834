"""The list of sources in the settings file: places are put on it and taken off."""

import os
from collections.abc import Iterable
from pathlib import Path

from index_store.errors import UsageError
from ui.library.source_intervals import SourceIntervals
from ui.record.record import OnChange, unheard
from ui.settings.in_force import load_settings
from ui.settings.settings_file import change_setting
from ui.settings.source_places import named_source, source_id

_VARIABLE = "FOOTNOTE_SOURCES"


class SourceList:
    """Changes the setting `sources`, for the page and for commands alike."""

    def __init__(self, file: Path, *, on_change: OnChange = unheard) -> None:
        """`on_change` hears of each place that was added or removed."""
        self._file = file
        self._on_change = on_change

    def add(self, places: Iterable[str]) -> tuple[str, ...]:
        """List places, given as the settings keep them, unless they are listed; those that are new.

        Raises UsageError where the settings cannot be changed.
        """
        new = self.missing(places)
        if new:
            self._change((*load_settings(self._file).sources, *new))
        for place in new:
            self._on_change("added", place)
        return new

    def missing(self, places: Iterable[str]) -> tuple[str, ...]:
        """Of these places, given as the settings keep them, those that are not listed, each once."""
        known = {source_id(one) for one in load_settings(self._file).sources}
        new: dict[str, str] = {}
        for one in places:
            if source_id(one) not in known:
                new.setdefault(source_id(one), one)
        return tuple(new.values())

    def place_of(self, source: str) -> str:
        """The place on the list that is meant, in whatever spelling. Raises UsageError when none is."""
        listed = load_settings(self._file).sources
        if source in listed:
            return source
        for place in listed:
            if source_id(place) == named_source(source):
                return place
        raise UsageError(
            f"{source!r} is none of the sources; see which there are: footnote sources list, or on the "
            "Library page"
        )

    def remove(self, source: str) -> str:
        """List a place no more, whose articles go with the next sync; gives it as it was listed.

        Raises UsageError when none is meant, or the settings cannot be changed.
        """
        place = self.place_of(source)
        listed, id = load_settings(self._file).sources, source_id(place)
        SourceIntervals(self._file).set(place, None)
        # One that is listed in two spellings is one source all the same.
        self._change(tuple(one for one in listed if source_id(one) != id))
        self._on_change("removed", place)
        return place

    def _change(self, sources: tuple[str, ...]) -> None:
        if any(name.upper() == _VARIABLE for name in os.environ):
            raise UsageError(f"the sources are set by the variable {_VARIABLE}; change them there")
        change_setting(self._file, "sources", sources)
