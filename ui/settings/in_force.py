"""The settings in force: flags win over the environment, the environment over the file."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import SettingsError

from assistant.errors import UnknownModel
from assistant.models.catalogue import Catalogue
from index_store.errors import UsageError
from ui.settings.complaints import complaint, complaint_about_variable, where_set
from ui.settings.settings import FILE, Settings


def load_settings(file: Path, **flags: Any) -> Settings:
    """The settings in force. Raises UsageError naming the first wrong one and what it may be.

    A flag that is None was not given; a `file` that is not there says nothing.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        settings = Settings(**{FILE: file, **given})
    except ValidationError as error:
        raise UsageError(complaint(error.errors()[0], given, file)) from error
    except SettingsError as error:
        raise UsageError(complaint_about_variable(error)) from error
    except (ValueError, OSError) as error:
        raise UsageError(f"settings file {file}: not readable ({error}); correct it") from error
    catalogue = Catalogue.load()
    for name, find in (("model", catalogue.writer), ("embedder", catalogue.embedder)):
        try:
            find(getattr(settings, name))
        except UnknownModel as error:
            where = where_set(name, given, file)
            raise UsageError(f"setting {name}: {error}; correct it in {where}") from error
    return settings
