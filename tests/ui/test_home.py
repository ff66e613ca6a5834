import os
import stat
from pathlib import Path

import pytest

from index_store.errors import UsageError
from ui.home import Home


def test_home_is_where_the_variable_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path / "there"))
    home = Home.find()
    assert home.root == tmp_path / "there"
    assert not home.root.exists()
    places = (home.settings_file, home.models, home.libraries, home.conversations, home.log_file)
    assert {place.parent for place in places} == {home.root}
    assert home.user_library.parent == home.libraries
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("FOOTNOTE_HOME", "~/mine")
    assert Home.find().root == tmp_path / "mine"


def test_home_without_the_variable_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for value in (None, ""):
        if value is None:
            monkeypatch.delenv("FOOTNOTE_HOME", raising=False)
        else:
            monkeypatch.setenv("FOOTNOTE_HOME", value)
        root = Home.find().root
        assert root.name == "footnote"
        assert os.path.commonpath([root, tmp_path]) == str(tmp_path)


def test_a_home_that_can_be_made_is_usable_and_is_not_made(tmp_path: Path) -> None:
    home = Home(tmp_path / "not" / "yet")
    assert home.why_unusable() is None
    assert list(tmp_path.iterdir()) == []
    home.root.mkdir(parents=True)
    assert home.why_unusable() is None


def test_a_home_that_cannot_be_says_why(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    assert Home(file).why_unusable() == "it is no folder"
    assert Home(file / "below").why_unusable() == f"{file} is no folder"
    assert "no folder can be made in /proc" in str(Home(Path("/proc/nope/below")).why_unusable())


def test_a_home_of_an_unknown_user_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_HOME", "~nobody-of-that-name/footnote")
    with pytest.raises(UsageError, match="FOOTNOTE_HOME '~nobody-of-that-name/footnote'"):
        Home.find()


def test_a_home_is_made_for_its_user_alone_and_one_that_others_made_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mode(folder: Path) -> int:
        return stat.S_IMODE(folder.stat().st_mode)

    fresh, found = Home(tmp_path / "a" / "fresh"), Home(tmp_path / "found")
    fresh.keep_private()
    assert mode(fresh.root) == 0o700
    found.root.mkdir()
    found.root.chmod(0o755)
    found.keep_private()
    assert mode(found.root) == 0o755
    # The usual one is Footnote's own, whoever could look into it before.
    monkeypatch.setattr("ui.home.user_data_path", lambda *_, **__: found.root)
    found.keep_private()
    assert mode(found.root) == 0o700
    Home(Path("/proc/nope/below")).keep_private()


def test_each_command_keeps_its_home_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ui.commands.session import open_session

    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path / "home"))
    open_session()
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700
