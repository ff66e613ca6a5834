"""The README tells what is there: every file, every command."""

import re
from pathlib import Path

from ui.cli import build_cli

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PACKAGES = tuple(
    str(init.parent.relative_to(ROOT))
    for top in ("index_store", "ingest", "assistant", "ui")
    for init in sorted((ROOT / top).rglob("__init__.py"))
)


def _section(package: str) -> str:
    found = re.search(rf"\*\*{re.escape(package)}/\*\*:(.*?)(?=\n\*\*|\n<!--)", README, re.DOTALL)
    assert found, f"the README has no section on {package}/"
    return found[1]


def test_every_file_has_its_line() -> None:
    for package in PACKAGES:
        there = {file.name for file in (ROOT / package).glob("*.py") if file.name != "__init__.py"}
        told = set(re.findall(r"^\| `([\w.]+)` \|", _section(package), re.MULTILINE))
        assert told == there, f"{package}/: missing {there - told}, gone {told - there}"


def test_every_command_is_shown() -> None:
    cli = build_cli()
    names = {
        command.name or command.callback.__name__ for command in cli.registered_commands if command.callback
    }
    for name in names | {"models"}:
        assert f"footnote {name}" in README


def test_what_a_new_user_types_first_is_on_the_first_screen() -> None:
    first_screen = "\n".join(README.splitlines()[:25])
    assert "make run" in first_screen
    assert "make test" in first_screen
