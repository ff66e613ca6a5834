"""Settings in the environment: which variable sets which, and which looks like a setting and is none."""

import difflib
import os

from ui.settings.settings import PREFIX, Settings

# Of the variables with that prefix, those that are no settings.
_NO_SETTINGS = ("HOME", "TEST_")


def variable_of(name: str) -> str | None:
    """The variable of the environment that sets this setting, as it is spelled there; None without one."""
    return next((key for key in os.environ if key.upper() == PREFIX + name.upper()), None)


def unknown_variables() -> list[str]:
    """A line for each variable of the environment that looks like a setting and is none."""
    found = []
    for variable in sorted(os.environ):
        name = variable.upper().removeprefix(PREFIX)
        if name == variable.upper() or name.startswith(_NO_SETTINGS) or name.lower() in Settings.model_fields:
            continue
        near = difflib.get_close_matches(name.lower(), Settings.model_fields, n=1)
        advice = f"did you mean {PREFIX}{near[0].upper()}?" if near else "see the settings in the README"
        found.append(f"the environment variable {variable} is no setting and counts for nothing; {advice}")
    return found
