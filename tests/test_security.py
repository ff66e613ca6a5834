"""SECURITY.md: every line of its table names a test, and each test that is named is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def rows() -> list[list[str]]:
    """The table's cells, row by row, without its head."""
    lines = [line for line in PAGE.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@cache
def functions_in(file: str) -> frozenset[str]:
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    found = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return frozenset(node.name for node in found if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


NAMED = sorted(set(_NAMED.findall(PAGE)))


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row[0]} {row[1]}")
def test_every_line_says_who_what_how_and_names_a_test(row: list[str]) -> None:
    assert len(row) == 4
    assert all(row)
    named = _NAMED.findall(row[3])
    assert named
    # Nothing else stands there, so that no name is written wrongly and passed over.
    assert _NAMED.sub("", row[3]).strip(", ") == ""


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_each_test_that_is_named_is_there(file: str, name: str) -> None:
    assert name in functions_in(file), f"{file} has no {name}"


def test_no_name_of_a_test_stands_elsewhere_on_the_page() -> None:
    assert set(_NAMED.findall(PAGE)) == {named for row in rows() for named in _NAMED.findall(row[3])}


@pytest.mark.parametrize("heading", ["Report a weakness", "Who, what, how it is stopped", "Out of scope"])
def test_it_has_its_three_parts(heading: str) -> None:
    assert f"\n## {heading}\n" in PAGE
