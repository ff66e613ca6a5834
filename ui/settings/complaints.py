"""What is wrong with the settings, in one line: name, value, what it may be, and where it was set."""

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_core import ErrorDetails

from ui.settings.environment import variable_of
from ui.settings.plain_words import plain_words
from ui.settings.settings import Settings
from ui.settings.source_places import STARTER

_EXAMPLES: dict[str, list[str]] = {
    "sources": [STARTER, "/srv/articles"],
    "allowed_networks": ["10.1.0.0/16"],
    "proxy_addresses": ["10.1.2.3"],
}
_TABLE_EXAMPLE = {"https://news.example/feed": 1}


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with the setting of this name, and the `place` where it is to be corrected."""

    name: str
    what: str
    place: str


def complaints(errors: Sequence[ErrorDetails], flags: Mapping[str, Any], file: Path) -> tuple[Complaint, ...]:
    """One for each setting that is wrong. A secret's value is not told."""
    found: dict[str, Complaint] = {}
    for error in errors:
        name = str(error["loc"][0]) if error["loc"] else "settings"
        found.setdefault(name, _complaint(name, error, flags, file))
    return tuple(found.values())


def in_one_line(wrong: Sequence[Complaint]) -> str:
    """All that is wrong, by the places where it is to be corrected."""
    if len(wrong) == 1:
        return f"{wrong[0].what}; correct it in {wrong[0].place}"
    places = dict.fromkeys(one.place for one in wrong)
    told, number = [], 0
    for place in places:
        here = []
        for one in wrong:
            if one.place == place:
                number += 1
                here.append(f"({number}) {one.what}")
        told.append(f"in {place}: {'; '.join(here)}")
    return f"{len(wrong)} settings are wrong; correct them, {'; '.join(told)}"


def _complaint(name: str, error: ErrorDetails, flags: Mapping[str, Any], file: Path) -> Complaint:
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, Settings.model_fields, n=1)
        advice = f"did you mean {near[0]}?" if near else f"known are {', '.join(Settings.model_fields)}"
        return Complaint(name, f"setting {name!r} is unknown, {advice}", str(file))
    field, place = Settings.model_fields[name], where_set(name, flags, file)
    value = repr(error["input"]) if field.repr else "its value"
    if error["type"] in ("mapping_type", "dict_type"):
        write = _as_json(name, flags) or f"[{name}], and below it the hours of each source"
        return Complaint(name, f"setting {name}: {value} is no table; write {write}", place)
    if error["type"] == "tuple_type":
        write = _as_json(name, flags) or f"{name} = {json.dumps(_EXAMPLES[name][:1])}"
        return Complaint(name, f"setting {name}: {value} is no list; write {write}", place)
    if len(error["loc"]) > 1 and name == "every":
        value = f"{error['loc'][1]} = {value}"
    why = plain_words(error, field.metadata, is_whole="int" in str(field.annotation))
    return Complaint(name, f"setting {name}: {value} is not usable ({why})", place)


def _as_json(name: str, flags: Mapping[str, Any]) -> str | None:
    """How a list or a table is written in the environment, where that sets it."""
    variable = variable_of(name)
    if variable is None or name in flags:
        return None
    return f"it as JSON: {variable}='{json.dumps(_EXAMPLES.get(name, _TABLE_EXAMPLE))}'"


def where_set(name: str, flags: Mapping[str, Any], file: Path) -> str:
    """Where a setting was set: by a flag, in the environment, or in the file."""
    if name in flags:
        return f"--{name.replace('_', '-')}"
    variable = variable_of(name)
    return f"the environment variable {variable}" if variable else str(file)
