import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_store.errors import UsageError
from ui.home import Home
from ui.settings.in_force import load_settings
from ui.settings.settings_file import change_setting

Complaint = Callable[..., str]


def test_changing_a_setting_leaves_all_else_as_it_was(file: Path) -> None:
    before = '# mine\nport = 7000  # a good one\r\n\nsources = [\n  "starter", # kept\n]\n'
    file.write_bytes(before.encode())
    change_setting(file, "model", "qwen3-4b")
    assert file.read_bytes().startswith(before.encode())
    assert load_settings(file).model == "qwen3-4b"
    change_setting(file, "model", "gemma-4-e2b")
    assert file.read_bytes().count(b"model") == 1
    assert load_settings(file).model == "gemma-4-e2b"
    assert list(file.parent.iterdir()) == [file]


def test_changing_a_setting_makes_file_and_folder(home: Home) -> None:
    change_setting(home.settings_file, "sources", ("starter", "/a"))
    assert tomllib.loads(home.settings_file.read_text()) == {"sources": ["starter", "/a"]}


def test_a_file_for_its_owner_alone_stays_so(file: Path) -> None:
    file.write_text("qdrant_api_key = 'secret'\n")
    file.chmod(0o600)
    change_setting(file, "model", "x")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_linked_file_stays_a_link(file: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text("port = 7000\n")
    file.symlink_to(real)
    change_setting(file, "model", "x")
    assert file.is_symlink()
    assert tomllib.loads(real.read_text()) == {"port": 7000, "model": "x"}


def test_a_file_that_cannot_be_written_is_one_line(home: Home) -> None:
    home.root.parent.mkdir(parents=True, exist_ok=True)
    home.root.write_text("a file where the folder should be")
    with pytest.raises(UsageError, match="cannot be written"):
        change_setting(home.settings_file, "model", "x")


@given(place=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_what_is_written_is_what_is_read(place: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("settings") / "settings.toml"
    change_setting(file, "sources", ("starter", f"/{place}"))
    change_setting(file, "qdrant_api_key", place)
    settings = load_settings(file)
    assert settings.sources == ("starter", f"/{place}")
    assert settings.qdrant_api_key == place


@pytest.mark.parametrize("content", [b"port = \n", b"\xff\xfe\x00", b"[", b"port = 1\nport = 2\n"])
def test_a_damaged_file_is_one_line_with_its_name(file: Path, content: bytes, complaint: Complaint) -> None:
    file.write_bytes(content)
    assert str(file) in complaint()
    with pytest.raises(UsageError, match="not readable"):
        change_setting(file, "model", "x")
    assert file.read_bytes() == content
