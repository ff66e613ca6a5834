import json
import os
import threading
from pathlib import Path

import pytest

from index_store.errors import UsageError
from ui.accounts import private_file
from ui.accounts.account_file import AccountFile, AccountsUnusable, proper_name
from ui.accounts.person import Role
from ui.accounts.private_file import write_private


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "accounts.json"


@pytest.fixture
def file(path: Path) -> AccountFile:
    return AccountFile(path)


def test_nothing_is_written_before_there_is_an_account(file: AccountFile, path: Path) -> None:
    assert file.listed() == ()
    assert file.named("ada") is None
    assert not path.parent.exists()


def test_an_account_is_there_for_another_process_and_only_this_user_can_read_it(
    file: AccountFile, path: Path
) -> None:
    made = file.add("ada", Role.ADMIN, "hash")
    assert AccountFile(path).listed() == (made,)
    assert path.stat().st_mode & 0o777 == 0o600
    assert all(one.stat().st_mode & 0o077 == 0 for one in path.parent.iterdir())
    assert "hash" not in repr(made)


def test_a_change_by_another_process_is_seen_at_once(file: AccountFile, path: Path) -> None:
    file.add("ada", Role.ADMIN, "hash")
    other = AccountFile(path)
    other.add("rita", Role.READER, "hash")
    assert file.named("rita") is not None
    other.remove("rita")
    assert file.named("rita") is None


def test_a_name_is_the_same_in_capitals(file: AccountFile) -> None:
    made = file.add("Ada.Meier@bank.example", Role.ADMIN, None)
    assert file.named(" ada.meier@BANK.example") == made
    with pytest.raises(UsageError, match="is there already"):
        file.add("ADA.MEIER@bank.example", Role.READER, None)


@pytest.mark.parametrize(
    "name", ["", " ", "-a", ".a", "a b", "a/b", "a\nb", "<b>", "x" * 65, "a:b", "'", "\udcff"]
)
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="is not usable"):
        proper_name(name)


def test_letters_of_any_language_are_a_name() -> None:
    assert proper_name(" Jo\u0308rg ") == "J\u00f6rg"


def test_the_first_account_is_an_admin(file: AccountFile, path: Path) -> None:
    with pytest.raises(UsageError, match="--role admin"):
        file.add("rita", Role.READER, "hash")
    assert not path.exists()


def test_the_last_admin_stays_while_there_are_others(file: AccountFile) -> None:
    file.add("ada", Role.ADMIN, "hash")
    file.add("rita", Role.READER, "hash")
    with pytest.raises(UsageError, match="only admin"):
        file.remove("ada")
    with pytest.raises(UsageError, match="only admin"):
        file.set_role("ada", Role.EDITOR)
    file.remove("rita")
    file.remove("ada")
    assert file.listed() == ()


def test_a_new_password_or_role_is_another_stamp(file: AccountFile) -> None:
    first = file.add("ada", Role.ADMIN, "hash")
    second = file.set_password("ADA", "other")
    file.add("bea", Role.ADMIN, "hash")
    third = file.set_role("ada", Role.READER)
    assert len({first.stamp, second.stamp, third.stamp}) == 3
    assert (third.id, third.name, third.password) == (first.id, "ada", "other")
    assert file.of(first.id) == third


def test_whoever_has_the_name_of_one_who_was_removed_is_somebody_else(file: AccountFile) -> None:
    file.add("ada", Role.ADMIN, "hash")
    before = file.add("rita", Role.READER, "hash")
    file.remove("rita")
    assert file.add("rita", Role.READER, "hash").id != before.id


def test_an_unknown_name_is_told(file: AccountFile) -> None:
    for change in (file.remove, lambda name: file.set_password(name, "x")):
        with pytest.raises(UsageError, match="'nobody' is not there; see: footnote users list"):
            change("nobody")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"accounts": [{"name": "x"}]}', '{"accounts": 5}'])
def test_a_damaged_file_lets_nobody_in_and_is_not_written_over(
    file: AccountFile, path: Path, content: str
) -> None:
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(AccountsUnusable, match="damaged"):
        file.listed()
    with pytest.raises(AccountsUnusable):
        file.add("ada", Role.ADMIN, "hash")
    assert path.read_text() == content


def test_a_file_that_goes_away_does_not_open_the_house(file: AccountFile, path: Path) -> None:
    file.add("ada", Role.ADMIN, "hash")
    assert len(file.listed()) == 1
    path.unlink()
    with pytest.raises(AccountsUnusable, match="have gone"):
        file.listed()


def test_many_processes_lose_no_account(path: Path) -> None:
    AccountFile(path).add("ada", Role.ADMIN, "hash")
    threads = [
        threading.Thread(target=lambda n=n: AccountFile(path).add(f"r{n}", Role.READER, "hash"))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(AccountFile(path).listed()) == 9


def test_a_write_that_fails_leaves_the_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_private(path, b"before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(private_file.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_private(path, b"after")
    assert path.read_bytes() == b"before"
    assert os.listdir(path.parent) == [path.name]


def test_the_file_can_be_read_by_a_person(file: AccountFile, path: Path) -> None:
    file.add("ada", Role.ADMIN, "hash")
    (stored,) = json.loads(path.read_text())["accounts"]
    assert (stored["name"], stored["role"], stored["password"]) == ("ada", "admin", "hash")


def test_where_somebody_has_to_stay_the_last_account_does(file: AccountFile) -> None:
    file.add("ada", Role.ADMIN, "hash")
    with pytest.raises(UsageError, match="only admin"):
        file.remove("ada", may_be_last=False)
    assert [one.name for one in file.listed()] == ["ada"]
