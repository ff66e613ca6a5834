"""Who is added, changed or removed: accounts, conversations and the record go together."""

import json
from pathlib import Path
from typing import Any

import pytest

from index_store.errors import UsageError
from ui.accounts.account_file import AccountFile
from ui.accounts.person import Role
from ui.chat.conversations import Conversations
from ui.record.record import Record
from ui.record.record_files import RecordFiles
from ui.users.user_changes import UserChanges


class People:
    def __init__(self, folder: Path) -> None:
        self.file = AccountFile(folder / "accounts.json")
        self.conversations = Conversations(folder / "conversations.sqlite")
        self.folder = folder / "record"
        record = Record(RecordFiles(self.folder, largest=10**6), who="local:a", account="ada")
        self.changes = UserChanges(self.file, self.conversations, record, via="page")

    def recorded(self) -> list[dict[str, Any]]:
        return [json.loads(line) for one in self.folder.glob("*") for line in one.read_bytes().splitlines()]


@pytest.fixture
def people(tmp_path: Path) -> People:
    return People(tmp_path)


def test_the_first_takes_over_what_was_asked_before_and_the_next_does_not(people: People) -> None:
    people.conversations.start("Rain?")
    first = people.changes.add("ada", Role.ADMIN, "hash")
    assert (first.conversations, first.is_only) == (1, True)
    second = people.changes.add("rita", Role.READER, "hash")
    assert (second.conversations, second.is_only) == (0, False)


def test_whom_a_proxy_let_in_before_keeps_their_conversations(people: People) -> None:
    people.changes.add("ada", Role.ADMIN, "hash")
    people.conversations.of("proxy:rita").start("Snow?")
    assert people.changes.add("Rita", Role.READER, None).conversations == 1


def test_with_a_person_their_conversations_go_and_those_of_the_last_stay(people: People) -> None:
    ada = people.changes.add("ada", Role.ADMIN, "hash").account
    rita = people.changes.add("rita", Role.READER, "hash").account
    people.conversations.of(ada.id).start("Rain?")
    people.conversations.of(rita.id).start("Snow?")
    gone = people.changes.remove("rita")
    assert (gone.conversations, gone.is_only) == (1, False)
    assert people.conversations.of(rita.id).listed() == ()
    with pytest.raises(UsageError, match="only admin"):
        people.changes.remove("ada", may_be_last=False)
    last = people.changes.remove("ada")
    assert (last.conversations, last.is_only) == (1, True)
    assert [one.title for one in people.conversations.listed()] == ["Rain?"]


def test_each_change_is_recorded_once_under_who_made_it_and_no_password_is(people: People) -> None:
    people.changes.add("ada", Role.ADMIN, "a secret hash")
    people.changes.add("rita", Role.READER, "a secret hash")
    people.changes.set_password("rita", "another secret hash")
    people.changes.set_role("rita", Role.EDITOR)
    people.changes.remove("rita")
    told = [(one["kind"], one["action"], one["name"], one["role"]) for one in people.recorded()]
    assert told == [
        ("user", "added", "ada", "admin"),
        ("user", "added", "rita", "reader"),
        ("user", "password", "rita", "reader"),
        ("user", "role", "rita", "editor"),
        ("user", "removed", "rita", "editor"),
    ]
    assert {(one["account"], one["via"]) for one in people.recorded()} == {("ada", "page")}
    assert "secret" not in json.dumps(people.recorded())


def test_what_is_refused_is_not_recorded(people: People) -> None:
    people.changes.add("ada", Role.ADMIN, "hash")
    for refused in (
        lambda: people.changes.add("ada", Role.READER, "hash"),
        lambda: people.changes.add("a b", Role.READER, "hash"),
        lambda: people.changes.set_role("ada", Role.READER),
        lambda: people.changes.remove("nobody"),
    ):
        with pytest.raises(UsageError):
            refused()
    assert len(people.recorded()) == 1
