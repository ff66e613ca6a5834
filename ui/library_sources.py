"""The sources as the Library page lists, adds and removes them."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index_store.errors import FootnoteError, UsageError
from ui.markup import host_of, safe_link
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


class HasId(Protocol):
    """A source, as far as it is needed here."""

    @property
    def id(self) -> str:
        """What the library knows it by."""
        ...


class LibrarySources:
    """Reads and writes the list of sources in the settings file."""

    def __init__(
        self,
        file: Path,
        made: Callable[[Settings], Sequence[HasId]],
        *,
        uploads: Path,
        starter: Path,
        kind_of: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        """`made` makes the sources of some settings; `kind_of` knows the kinds of addresses, in words."""
        self._file = file
        self._made = made
        self._uploads = uploads
        self._starter = starter
        self._kind_of = kind_of

    def listed(self) -> tuple[ListedSource, ...]:
        """All sources, in the order of the settings. Raises UsageError when those cannot be read."""
        settings = load_settings(self._file)
        return tuple(self._listed(place, settings) for place in settings.sources)

    def add(self, place: str) -> None:
        """List a place, given as the settings keep it, unless it is listed."""
        settings = load_settings(self._file)
        known = {source.id for source in self._made(settings)}
        if place in settings.sources or self._id(place, settings) in known:
            return
        self._change(settings, (*settings.sources, place))

    def remove(self, place: str) -> None:
        """List a place no more; its articles go with the next sync. Raises UsageError when none is it."""
        settings = load_settings(self._file)
        if place not in settings.sources:
            raise UsageError(f"{place!r} is none of the sources; load the page again")
        self._change(settings, tuple(one for one in settings.sources if one != place))

    def _change(self, settings: Settings, sources: tuple[str, ...]) -> None:
        if any(name.upper() == _VARIABLE for name in os.environ):
            raise UsageError(f"the sources are set by the variable {_VARIABLE}; change them there")
        change_setting(self._file, "sources", sources)

    def _id(self, place: str, settings: Settings) -> str:
        try:
            made = self._made(settings.model_copy(update={"sources": (place,)}))
        except FootnoteError:
            return place
        return made[0].id if made else place

    def _listed(self, place: str, settings: Settings) -> ListedSource:
        id = self._id(place, settings)
        if place == STARTER:
            return ListedSource(place, id, "Starter library", "comes with Footnote", self._starter)
        link = safe_link(place)
        if link is not None:
            _, _, rest = link.split("://", 1)[1].partition("/")
            name = f"{host_of(link)}/{rest}".rstrip("/")
            return ListedSource(place, id, name, self._kind_of(place) or "address")
        path = Path(place).expanduser()
        if path == self._uploads:
            return ListedSource(place, id, "Uploads", "files added on this page", path)
        if path.is_file():
            return ListedSource(place, id, path.name, "file", path.parent)
        if path.is_dir():
            return ListedSource(place, id, path.name or place, "folder", path)
        return ListedSource(place, id, path.name or place, "not there now")
