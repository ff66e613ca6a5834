from collections.abc import Callable
from pathlib import Path

import pytest

from index_store.errors import UsageError
from ui.home import Home
from ui.settings.in_force import load_settings


@pytest.fixture
def file(home: Home) -> Path:
    """The settings file, not written yet."""
    home.root.mkdir(parents=True)
    return home.settings_file


@pytest.fixture
def complaint(home: Home) -> Callable[..., str]:
    """Loads the settings, with flags on top, and returns the one line with which that is refused."""

    def load(**flags: object) -> str:
        with pytest.raises(UsageError) as caught:
            load_settings(home.settings_file, **flags)
        message = str(caught.value)
        assert "\n" not in message
        return message

    return load
