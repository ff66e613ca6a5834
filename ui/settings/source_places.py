"""The places in the setting `sources`: folders, files, web addresses, and the shipped library."""

import re
from pathlib import Path

from index_store.errors import UsageError
from ingest.errors import AddressUnusable
from ingest.web.web_address import is_web_address, web_address

STARTER = "starter"
"""The name, among the sources, of the library that ships with Footnote."""

# What begins like the name of a host: a person may leave out the scheme, as browsers let them.
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/|$)", re.IGNORECASE)


def source_id(place: str) -> str:
    """What the library knows a listed place by."""
    if place == STARTER:
        return STARTER
    if is_web_address(place):
        return web_address(place)
    return Path(place).expanduser().resolve().as_posix()


def named_source(given: str) -> str:
    """What the library would know a source by that somebody names; as it was given, where it can be none."""
    try:
        return source_id(given)
    except (AddressUnusable, OSError, RuntimeError, ValueError):
        return given


def source_place(place: str) -> str:
    """A named folder, file or address as `sources` keeps it: a path absolute, an address in one spelling.

    Raises UsageError for a path that is not there, and an address that cannot be one.
    """
    if place == STARTER:
        return place
    if is_web_address(place):
        return web_address(place)
    try:
        path = Path(place).expanduser().resolve()
        there = bool(place.strip()) and path.exists()
    except (OSError, RuntimeError, ValueError) as error:
        raise UsageError(f"source {place!r}: {error}; check the path") from error
    if not there:
        advice = ", or begin an address with https://" if _HOST.match(place) else ""
        raise UsageError(f"source {place!r}: no such folder or file; check the path{advice}")
    return path.as_posix()


def check_place(place: str) -> None:
    """Raises ValueError for what the settings cannot keep as a place: a relative path, a wrong address."""
    if is_web_address(place):
        try:
            web_address(place)
        except AddressUnusable as error:
            raise ValueError(str(error)) from error
    elif place != STARTER and not place.startswith("~") and not Path(place).is_absolute():
        # Read from another folder it would be another source, and the articles of this one would go.
        raise ValueError(f"{place!r} must begin with / or ~, or be a web address")
