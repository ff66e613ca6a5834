"""A bundle holds what is installed for Footnote, all of it, and in the very versions that were tried."""

from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError
from typing import Any, cast

import pytest

from index_store.errors import RunError
from ui.bundle.packages import Pinned, installed_for


@dataclass
class Installed:
    """A distribution as it is asked here."""

    version: str
    requires: list[str] | None = None


def find_in(**packages: Installed) -> Any:
    def find(name: str) -> Distribution:
        try:
            return cast(Distribution, packages[name.replace("-", "_")])
        except KeyError:
            raise PackageNotFoundError(name) from None

    return find


def test_what_is_needed_by_what_is_needed_comes_along_by_its_usual_name() -> None:
    find = find_in(
        footnote=Installed("0.1", ["Py_Stemmer>=3", "torch>=2"]),
        py_stemmer=Installed("3.1"),
        torch=Installed("2.13.0+cpu", ["SymPy"]),
        sympy=Installed("1.14", ["torch"]),
    )
    assert installed_for("footnote", find) == [
        Pinned("py-stemmer", "3.1"),
        Pinned("sympy", "1.14"),
        Pinned("torch", "2.13.0+cpu"),
    ]


def test_what_only_tests_or_other_systems_need_stays_out() -> None:
    find = find_in(
        footnote=Installed("0.1", ['pytest>=8; extra == "dev"', 'pywin32; sys_platform == "win32"']),
    )
    assert installed_for("footnote", find) == []


def test_an_extra_that_is_asked_for_comes_along_though_the_package_was_met_without_it() -> None:
    find = find_in(
        footnote=Installed("0.1", ["server", "other"]),
        other=Installed("1", ["server[fast]"]),
        server=Installed("2", ['loop; extra == "fast"']),
        loop=Installed("3"),
    )
    assert [one.name for one in installed_for("footnote", find)] == ["loop", "other", "server"]


def test_something_that_is_not_installed_is_told() -> None:
    find = find_in(footnote=Installed("0.1", ["lost>=1"]))
    with pytest.raises(RunError, match=r"^package 'lost' is not installed; run: make install$"):
        installed_for("footnote", find)


def test_of_this_very_installation_nothing_is_missing_and_no_tool_of_the_tests_is_in_it() -> None:
    names = {one.name for one in installed_for("footnote")}
    assert {"torch", "llama-cpp-python", "gradio", "qdrant-client", "pip", "numpy"} <= names
    assert not {"pytest", "mypy", "ruff", "playwright", "footnote"} & names
