import json
import logging
import os
import pwd
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from desk_of_syncs import HandClock
from tiny_footnote import set_up

from ui.home import Home
from ui.record.record import Record, local_user
from ui.record.record_files import RecordFiles
from ui.settings.in_force import load_settings


@pytest.fixture
def files(tmp_path: Path) -> RecordFiles:
    return RecordFiles(tmp_path / "record", largest=1_000_000)


def entries(files: RecordFiles) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files.newest_first()][::-1]


def test_an_entry_says_when_who_and_what(files: RecordFiles) -> None:
    Record(files, who="local:anna", clock=HandClock()).add("source", action="added", name="/srv/a")
    assert entries(files) == [
        {
            "at": "2026-03-05T12:00:00.000+00:00",
            "who": "local:anna",
            "account": None,
            "process": os.getpid(),
            "kind": "source",
            "action": "added",
            "name": "/srv/a",
        }
    ]


def test_who_is_whom_the_system_knows_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert local_user() == f"local:{pwd.getpwuid(os.geteuid()).pw_name}"


def test_a_user_without_a_name_is_known_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000)
    assert local_user() == "local:4000000"


def test_what_an_account_does_is_recorded_with_it(files: RecordFiles) -> None:
    record = Record(files, who="local:footnote")
    record.of_account("anna").add("rebuild")
    record.add("rebuild")
    assert [(one["who"], one["account"]) for one in entries(files)] == [
        ("local:footnote", "anna"),
        ("local:footnote", None),
    ]


def test_words_that_are_not_kept_are_told_by_length_and_hash(files: RecordFiles) -> None:
    record = Record(files, content="none", who="local:anna")
    told = record.words("Wie groß?")
    assert told == {"length": 9, "sha256": sha256("Wie groß?".encode()).hexdigest()}
    assert record.words(None) is None
    assert Record(files, who="local:anna").words("Wie groß?") == "Wie groß?"


@pytest.mark.parametrize("content", ["full", "none"])
def test_odd_characters_neither_break_the_line_nor_get_lost(files: RecordFiles, content: Any) -> None:
    record = Record(files, content=content, who="local:anna")
    odd = "a\nb\u2028\x85\x00 鳥 \udce9"
    record.add("search", question=record.words(odd))
    (entry,) = entries(files)
    assert entry["question"] == (odd if content == "full" else record.words(odd))


def test_switched_off_it_makes_nothing(home: Home) -> None:
    set_up(home, record=False)
    Record.of(home, load_settings(home.settings_file)).add("rebuild")
    assert not home.record.exists()


def test_the_settings_say_where_how_large_and_with_what_content(home: Home) -> None:
    set_up(home, record_content="none", record_mb=0.0003)
    record = Record.of(home, load_settings(home.settings_file))
    for _ in range(4):
        record.add("search", question=record.words("secret"))
    assert len(list(home.record.iterdir())) > 1
    assert b"secret" not in b"".join(file.read_bytes() for file in home.record.iterdir())


def test_a_full_disk_is_said_once_fails_nothing_and_leaves_a_count_of_what_was_lost(
    files: RecordFiles, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    record = Record(files, who="local:anna")
    record.add("rebuild")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        patch.setattr(os, "write", full)
        record.add("rebuild")
        record.of_account("anna").add("rebuild")
        record.add("rebuild")
        assert [one.getMessage() for one in caplog.records] == [
            f"the record in {files.folder} cannot be written: [Errno 28] No space left on device"
        ]
    record.add("search")
    assert [one["kind"] for one in entries(files)] == ["rebuild", "gap", "search"]
    assert entries(files)[1]["lost"] == 3


def test_a_folder_that_cannot_be_made_fails_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    Record(RecordFiles(tmp_path / "file" / "record", largest=1000), who="local:anna").add("rebuild")
