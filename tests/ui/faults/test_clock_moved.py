"""The clock is set back or forth under a serving process: nothing is lost, and nobody stays in by it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from chat_samples import answer
from door_steps import Clock

from index_store.article import Article
from index_store.errors import RunError
from ui.accounts.account_file import AccountFile
from ui.accounts.person import Role
from ui.accounts.sessions import Sessions
from ui.chat import conversations as conversations_module
from ui.chat.conversation_list import sidebar_html
from ui.chat.conversations import Conversations
from ui.library import uploads as uploads_module
from ui.library.uploads import Uploads
from ui.record.record import Record
from ui.record.record_files import RecordFiles
from ui.record.record_reading import read_record

MOVES = [timedelta(days=-4000), timedelta(hours=-1), timedelta(days=4000)]
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize("moved", MOVES, ids=str)
def test_a_conversation_keeps_its_turns_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moved: timedelta
) -> None:
    now = [NOON]
    monkeypatch.setattr(conversations_module, "_now", lambda: now[0].isoformat(timespec="milliseconds"))
    kept = Conversations(tmp_path / "conversations.sqlite")
    first, other = kept.start("First?").id, kept.start("Other?").id
    kept.finish(kept.ask(first, "First?").id, answer())
    under_way = kept.ask(first, "Second?")
    now[0] += moved
    kept.finish(under_way.id, answer())
    kept.finish(kept.ask(first, "Third?").id, answer())
    assert [turn.question for turn in kept.turns(first)] == ["First?", "Second?", "Third?"]
    assert all(turn.answer for turn in kept.turns(first))
    assert {one.id for one in kept.listed()} == {first, other}
    # On the page there is a heading for every day, past or to come.
    shown = sidebar_html(kept.listed(), first, today=NOON.date())
    assert shown.count('class="conversation') >= 2


@pytest.mark.parametrize("moved", MOVES, ids=str)
def test_the_record_keeps_every_entry_and_shows_each(tmp_path: Path, moved: timedelta) -> None:
    now = [NOON]
    files = RecordFiles(tmp_path / "record", largest=10_000)
    record = Record(files, who="local:ann", clock=lambda: now[0])
    record.add("search", question="before")
    now[0] += moved
    record.add("search", question="after")
    assert [json.loads(line)["question"] for line in files.newest_first()] == ["after", "before"]
    found = read_record(files, kinds=("search",))
    assert [entry["question"] for entry in found.entries] == ["before", "after"]


@pytest.mark.parametrize("moved", MOVES, ids=str)
def test_no_session_outlives_its_time_by_it(tmp_path: Path, moved: timedelta) -> None:
    clock = Clock()
    ada = AccountFile(tmp_path / "accounts.json").add("ada", Role.ADMIN, None)
    sessions = Sessions(
        tmp_path / "sessions.json", idle=timedelta(hours=2), longest=timedelta(hours=12), clock=clock
    )
    cookie = sessions.begin(ada)
    clock.now += moved.total_seconds()
    assert sessions.find(cookie) is None
    # Whoever logs in anew stays so, and what was ended does not come back with the right time.
    again = sessions.begin(ada)
    assert sessions.find(again) is not None
    clock.now -= moved.total_seconds()
    assert sessions.find(cookie) is None


def test_a_file_on_its_way_that_is_taken_for_given_up_says_so_and_can_be_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(file: Path, name: str) -> Article:
        return Article("uploads", name, name, file.read_text())

    def send(name: str) -> None:
        whole = Uploads(tmp_path, read).begin(name)
        whole.write(b"# Whole")
        whole.keep()

    incoming = Uploads(tmp_path, read).begin("slow.md")
    incoming.write(b"# Slow")
    now = uploads_module.time()
    monkeypatch.setattr(uploads_module, "time", lambda: now + 86_400)
    send("quick.md")
    with pytest.raises(RunError, match=r"^slow\.md: it cannot be kept \(No such file or directory\)$"):
        incoming.keep()
    send("slow.md")
    assert {file.name for file in tmp_path.iterdir()} == {"slow.md", "quick.md"}
