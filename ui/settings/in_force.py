"""The settings in force: flags win over the environment, the environment over the file."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assistant.errors import UnknownModel
from assistant.models.catalogue import Catalogue
from index_store.errors import UsageError
from ui.settings.complaints import Complaint, complaints, in_one_line, where_set
from ui.settings.environment import variable_of
from ui.settings.settings import FILE, Settings


def load_settings(file: Path, **flags: Any) -> Settings:
    """The settings in force. Raises UsageError naming each wrong one and what it may be.

    A flag that is None was not given; a `file` that is not there says nothing.
    """
    if file.is_dir():
        raise UsageError(f"settings file {file}: it is a folder; move it away, or put the file in its place")
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        settings = Settings(**{FILE: file, **given})
    except ValidationError as error:
        wrong = complaints(error.errors(), given, file)
        told = {one.name for one in wrong}
        named = {name: _named(name, given, file) for name in ("model", "embedder") if name not in told}
        unknown = _unknown_models(named, given, file)
        raise UsageError(in_one_line((*wrong, *unknown))) from error
    except (ValueError, OSError) as error:
        raise UsageError(f"settings file {file}: not readable ({error}); correct it") from error
    unknown = _unknown_models({"model": settings.model, "embedder": settings.embedder}, given, file)
    if unknown:
        raise UsageError(in_one_line(unknown))
    return settings


def _unknown_models(named: Mapping[str, Any], flags: Mapping[str, Any], file: Path) -> list[Complaint]:
    """One for each model that is in no catalogue; None stands for the default."""
    catalogue = Catalogue.load()
    wrong = []
    for name, find in (("model", catalogue.writer), ("embedder", catalogue.embedder)):
        try:
            if named.get(name) is not None:
                find(named[name])
        except UnknownModel as error:
            wrong.append(Complaint(name, f"setting {name}: {error}", where_set(name, flags, file)))
    return wrong


def _named(name: str, flags: Mapping[str, Any], file: Path) -> Any:
    """What a setting was set to, where another one keeps all from being read; None by default."""
    if name in flags:
        return flags[name]
    variable = variable_of(name)
    if variable is not None and os.environ[variable]:
        return os.environ[variable]
    return tomllib.loads(file.read_text(encoding="utf-8")).get(name) if file.is_file() else None
