"""What is wrong with a setting, in one line: its name, its value, what it may be, and where it was set."""

import difflib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic_core import ErrorDetails
from pydantic_settings import SettingsError

from ui.settings.environment import variable_of
from ui.settings.settings import PREFIX, Settings
from ui.settings.source_places import STARTER

_EXAMPLES: dict[str, list[str]] = {
    "sources": [STARTER, "/srv/articles"],
    "allowed_networks": ["10.1.0.0/16"],
    "proxy_addresses": ["10.1.2.3"],
}
_TABLE_EXAMPLE = {"https://news.example/feed": 1}


def complaint(error: ErrorDetails, flags: Mapping[str, Any], file: Path) -> str:
    """What is wrong with a setting, and the place where it was set. A secret's value is not told."""
    name = str(error["loc"][0]) if error["loc"] else "settings"
    place = where_set(name, flags, file)
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, Settings.model_fields, n=1)
        advice = f"did you mean {near[0]}?" if near else f"known are {', '.join(Settings.model_fields)}"
        return f"setting {name!r} is unknown, {advice}; correct it in {file}"
    value = repr(error["input"]) if Settings.model_fields[name].repr else "its value"
    if error["type"] in ("mapping_type", "dict_type"):
        return (
            f"setting {name}: {value} is no table; write [{name}], and below it the hours of each source,"
            f" in {place}"
        )
    if error["type"] == "tuple_type":
        return (
            f"setting {name}: {value} is no list; write {name} = {json.dumps(_EXAMPLES[name][:1])} in {place}"
        )
    why = error["msg"].removeprefix("Value error, ")
    return f"setting {name}: {value} is not usable ({why[:1].lower()}{why[1:]}); correct it in {place}"


def complaint_about_variable(error: SettingsError) -> str:
    """What is wrong with a variable of the environment that should hold a list or a table."""
    field = re.search(r'field "(\w+)"', str(error))
    name = field[1] if field else "sources"
    variable = variable_of(name) or PREFIX + name.upper()
    example = json.dumps(_EXAMPLES.get(name, _TABLE_EXAMPLE))
    value = os.environ.get(variable, "")
    form = "table" if name == "every" else "list"
    return (
        f"environment variable {variable}: {value!r} is no {form}; write it as JSON: {variable}='{example}'"
    )


def where_set(name: str, flags: Mapping[str, Any], file: Path) -> str:
    """Where a setting was set: by a flag, in the environment, or in the file."""
    if name in flags:
        return f"--{name.replace('_', '-')}"
    variable = variable_of(name)
    return f"the environment variable {variable}" if variable else str(file)
