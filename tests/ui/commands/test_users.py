import io
import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from door_steps import QuickHasher
from tiny_footnote import Ran

from ui.accounts.account_file import AccountFile
from ui.accounts.passwords import Passwords
from ui.chat.conversations import Conversations
from ui.commands import users
from ui.home import Home

Footnote = Callable[..., Ran]
PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(users, "Passwords", lambda: Passwords(QuickHasher()))


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Has a command find these words on its standard input."""

    def type_in(words: str = f"{PASSWORD}\n") -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO(words))

    return type_in


def recorded(home: Home) -> list[dict[str, Any]]:
    lines = [line for file in sorted(home.record.glob("*")) for line in file.read_bytes().splitlines()]
    return [entry for entry in map(json.loads, lines) if entry["kind"] == "user"]


def test_a_user_is_added_with_a_password_from_standard_input(
    footnote: Footnote, home: Home, typed: Callable[..., None]
) -> None:
    typed()
    ran = footnote("users", "add", "ada", "--role", "admin")
    assert (ran.code, ran.out) == (0, "ada is added as admin\n")
    assert "from now on everybody logs in" in ran.err
    (account,) = AccountFile(home.accounts).listed()
    assert Passwords(QuickHasher()).match(account.password, PASSWORD)
    kept = [file.read_bytes() for file in home.root.rglob("*") if file.is_file()]
    assert not any(PASSWORD.encode() in content for content in kept)
    (entry,) = recorded(home)
    assert (entry["action"], entry["name"], entry["role"]) == ("added", "ada", "admin")


def test_a_password_is_asked_for_twice_and_not_shown(
    footnote: Footnote, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Keyboard(io.StringIO):
        def isatty(self) -> bool:
            return True

    asked: list[str] = []

    def getpass(prompt: str) -> str:
        asked.append(prompt)
        return answers.pop(0)

    monkeypatch.setattr(sys, "stdin", Keyboard())
    monkeypatch.setattr(users, "getpass", getpass)
    answers = [PASSWORD, "something else"]
    ran = footnote("users", "add", "ada", "--role", "admin")
    assert ran.code == 2
    assert "differ; nothing was changed" in ran.error
    assert not home.accounts.exists()
    answers = [PASSWORD, PASSWORD]
    assert footnote("users", "add", "ada", "--role", "admin").code == 0
    assert asked[-2:] == ["Password for ada: ", "The same again: "]


def test_no_password_is_ever_an_argument(footnote: Footnote) -> None:
    for command in ("add", "passwd"):
        shown = footnote("users", command, "--help").out
        assert "--password" not in shown.replace("--no-password", "")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "rita"), "the first one has to be an admin"),
        (("add", "a b", "--role", "admin"), "is not usable"),
        (("add", "ada", "--role", "boss"), "role 'boss' is none; give one of reader, editor, admin"),
        (("remove", "ada"), "'ada' is not there"),
        (("passwd", "ada"), "'ada' is not there"),
        (("role", "ada", "admin"), "'ada' is not there"),
    ],
)
def test_wrong_usage_is_one_line_and_changes_nothing(
    footnote: Footnote, home: Home, typed: Callable[..., None], words: tuple[str, ...], told: str
) -> None:
    typed()
    ran = footnote("users", *words)
    assert ran.code == 2
    assert told in ran.error
    assert not home.accounts.exists()


def test_a_short_password_is_refused(footnote: Footnote, home: Home, typed: Callable[..., None]) -> None:
    typed("short\n")
    ran = footnote("users", "add", "ada", "--role", "admin")
    assert ran.code == 2
    assert "a password of 5 characters is not taken; give one of 10 to 256" in ran.error
    assert not home.accounts.exists()


def test_users_are_listed_and_no_hash_is_shown(
    footnote: Footnote, home: Home, typed: Callable[..., None]
) -> None:
    assert "There are no users" in footnote("users", "list").out
    typed()
    footnote("users", "add", "ada", "--role", "admin")
    footnote("users", "add", "pat", "--no-password")
    ran = footnote("users", "list")
    assert "ada" in ran.out
    assert "no password" in ran.out
    (ada, pat) = footnote("users", "list", "--json").document["users"]
    assert {key: ada[key] for key in ("name", "role", "password")} == {
        "name": "ada",
        "role": "admin",
        "password": True,
    }
    assert (pat["role"], pat["password"]) == ("reader", False)
    assert "quick:" not in ran.out


def test_every_command_speaks_json(footnote: Footnote, typed: Callable[..., None]) -> None:
    typed()
    assert footnote("users", "add", "ada", "--role", "admin", "--json").document["name"] == "ada"
    typed()
    assert footnote("users", "passwd", "ada", "--json").document["password"] is True
    footnote("users", "add", "bea", "--role", "admin", "--no-password")
    assert footnote("users", "role", "bea", "reader", "--json").document["role"] == "reader"
    assert footnote("users", "remove", "bea", "--json").document["conversations"] == 0


def test_the_first_admin_takes_over_what_was_asked_before(
    footnote: Footnote, home: Home, typed: Callable[..., None]
) -> None:
    kept = Conversations(home.conversations)
    kept.start("Rain?")
    typed()
    assert footnote("users", "add", "ada", "--role", "admin", "--json").document["conversations"] == 1
    (ada,) = AccountFile(home.accounts).listed()
    assert [one.title for one in kept.of(ada.id).listed()] == ["Rain?"]
    assert kept.listed() == ()
    footnote("users", "add", "bea", "--role", "admin", "--no-password")
    (_, bea) = AccountFile(home.accounts).listed()
    assert kept.of(bea.id).listed() == ()


def test_whom_a_proxy_let_in_before_keeps_their_conversations_with_an_account(
    footnote: Footnote, home: Home
) -> None:
    kept = Conversations(home.conversations)
    footnote("users", "add", "ada", "--role", "admin", "--no-password")
    kept.of("proxy:rita").start("Snow?")
    assert footnote("users", "add", "Rita", "--no-password", "--json").document["conversations"] == 1


def test_with_a_user_their_conversations_go_and_those_of_the_last_stay(
    footnote: Footnote, home: Home
) -> None:
    kept = Conversations(home.conversations)
    footnote("users", "add", "ada", "--role", "admin", "--no-password")
    footnote("users", "add", "rita", "--no-password")
    ada, rita = AccountFile(home.accounts).listed()
    kept.of(ada.id).start("Rain?")
    kept.of(rita.id).start("Snow?")
    assert footnote("users", "remove", "rita").out == "rita is removed; 1 conversation deleted\n"
    assert kept.of(rita.id).listed() == ()
    ran = footnote("users", "remove", "ada")
    assert ran.out == "ada is removed; 1 conversation kept\n"
    assert "started again" in ran.err
    assert [one.title for one in kept.listed()] == ["Rain?"]


def test_a_changed_password_is_another_one(
    footnote: Footnote, home: Home, typed: Callable[..., None]
) -> None:
    typed()
    footnote("users", "add", "ada", "--role", "admin")
    before = AccountFile(home.accounts).listed()
    typed("another horse\n")
    assert footnote("users", "passwd", "ADA").out == "ada has another password\n"
    (after,) = AccountFile(home.accounts).listed()
    assert Passwords(QuickHasher()).match(after.password, "another horse")
    assert after.stamp != before[0].stamp
    shown = footnote("log", "--kind", "user").out
    assert "password, ada (admin)" in shown


def test_accounts_that_are_damaged_are_told_and_left(footnote: Footnote, home: Home) -> None:
    home.accounts.write_text("{")
    ran = footnote("users", "list")
    assert ran.code == 1
    assert str(home.accounts) in ran.error
    assert home.accounts.read_text() == "{"


def test_a_page_for_others_is_refused_before_anything_large_is_loaded(
    footnote: Footnote, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Who would load it finds it gone.
    monkeypatch.setitem(sys.modules, "ui.serving.server", None)
    ran = footnote("serve", "--host", "0.0.0.0")
    assert ran.code == 2
    assert ran.error.startswith("footnote: host 0.0.0.0: others could open it, and there are no users; run: ")
