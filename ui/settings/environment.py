"""Settings in the environment: which variable sets which, and which looks like a setting and is none."""

import difflib
import os
from collections.abc import Iterator

from index_store.errors import UsageError
from ui.settings.settings import PREFIX, Settings

# Of the variables with that prefix, those that are no settings.
_NO_SETTINGS = ("HOME", "TEST_")


def variable_of(name: str) -> str | None:
    """The variable of the environment that sets this setting, as it is spelled there; None without one."""
    return next((key for key in os.environ if key.upper() == PREFIX + name.upper()), None)


def unknown_variables() -> list[str]:
    """A line for each variable of the environment that looks like a setting and is none."""
    found = []
    for variable, near in _unknown():
        advice = f"did you mean {PREFIX}{near.upper()}?" if near else "see the settings in the README"
        found.append(f"the environment variable {variable} is no setting and counts for nothing; {advice}")
    return found


def check_spelling() -> None:
    """Raise UsageError for a variable that is nearly a setting: what it was meant to bound would be open.

    For what runs for long and unwatched; other commands tell of it and go on.
    """
    wrong = []
    for variable, near in _unknown():
        if near is not None:
            value = repr(os.environ[variable]) if Settings.model_fields[near].repr else "its value"
            wrong.append(
                f"environment variable {variable}: {value} sets nothing, did you mean {PREFIX}{near.upper()}?"
            )
    if wrong:
        advice = "Correct its name, or take it out" if len(wrong) == 1 else "Correct them, or take them out"
        raise UsageError(f"{' '.join(wrong)} {advice}")


def _unknown() -> Iterator[tuple[str, str | None]]:
    """Each such variable, with the setting that it is nearly named like."""
    for variable in sorted(os.environ):
        name = variable.upper().removeprefix(PREFIX)
        if name == variable.upper() or name.startswith(_NO_SETTINGS) or name.lower() in Settings.model_fields:
            continue
        near = difflib.get_close_matches(name.lower(), Settings.model_fields, n=1)
        yield variable, near[0] if near else None
