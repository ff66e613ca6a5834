"""The settings file: one setting is written into it, and all else in it stays as it is."""

import os
import shutil
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import ParseError

from index_store.errors import UsageError


def change_setting(file: Path, name: str, value: Any) -> None:
    """Write one setting into the file; all else stays as it is: comments, line ends, rights, a link to it.

    None takes it out.
    """
    file = file.resolve()
    try:
        text = file.read_bytes().decode() if file.exists() else ""
        document = tomlkit.parse(text)
        _put(document, name, value)
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".toml.new")
        try:
            with partial.open("wb") as stream:
                stream.write(tomlkit.dumps(document).encode())
                stream.flush()
                # Else a power cut could leave an empty file in its place.
                os.fsync(stream.fileno())
            if file.exists():
                shutil.copymode(file, partial)
            partial.replace(file)
        except OSError:
            partial.unlink(missing_ok=True)
            raise
    except (ParseError, UnicodeDecodeError) as error:
        raise UsageError(f"settings file {file}: not readable ({error}); correct it") from error
    except OSError as error:
        raise UsageError(
            f"settings file {file}: cannot be written ({error.strerror}); check the folder and its rights"
        ) from error


def _put(document: tomlkit.TOMLDocument, name: str, value: Any) -> None:
    before = document.get(name)
    if value is None:
        document.pop(name, None)
    elif isinstance(value, Mapping) and isinstance(before, MutableMapping):
        for key in before.keys() - value.keys():
            del before[key]
        for key in value:
            if before.get(key) != value[key]:
                before[key] = value[key]
    else:
        document[name] = list(value) if isinstance(value, tuple) else value
