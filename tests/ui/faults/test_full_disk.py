"""The disk is full: that is said in one line, what was kept stays, and all goes on once there is room."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from chat_samples import answer
from full_disk import full_disk
from tiny_footnote import QUESTION, TinyWorkshop, set_up, workshop, write_articles

from assistant.engine.passage_states import StateKey
from assistant.engine.state_files import StateFiles
from assistant.events import AnswerEvent, AnswerFinished, Turn
from index_store.article import Article
from index_store.errors import LibraryError, RunError, UsageError
from ui.chat.chat_turn import ChatTurns
from ui.chat.conversation_file import ConversationsUnusable
from ui.chat.conversations import Conversations
from ui.home import Home
from ui.library.uploads import Uploads
from ui.local_desk import LocalDesk
from ui.record.record import Record
from ui.record.record_files import RecordFiles
from ui.settings.in_force import load_settings
from ui.settings.settings_file import change_setting

pytestmark = pytest.mark.usefixtures("tiny_catalogue")


@pytest.fixture
def kept(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "conversations.sqlite")


class AnswersOnceFull:
    """Answers, after the disk has been filled or not."""

    def __init__(self) -> None:
        self.before_the_end: Callable[[], object] = lambda: None

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[AnswerEvent]:
        self.before_the_end()
        yield AnswerFinished(answer(question=question))


def test_an_answer_that_cannot_be_kept_is_shown_and_kept_once_there_is_room(
    kept: Conversations, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    answers = AnswersOnceFull()
    turns = ChatTurns(answers, kept, tmp_path / "log")
    conversation = kept.start("q").id
    disk = full_disk()
    answers.before_the_end = disk.__enter__
    try:
        running = turns.ask(conversation, "q")
        assert running.wait(60)
        assert (running.turn.answer, running.turn.error) == (answer(question="q"), None)
        # A page that is loaded again shows it too, though the file knows nothing of it.
        assert [turn.answer for turn in turns.shown(conversation)] == [answer(question="q")]
        assert kept.turns(conversation)[0].answer is None
    finally:
        disk.__exit__(None, None, None)
    answers.before_the_end = lambda: None
    assert "an answer waits to be kept" in caplog.text
    assert turns.ask(kept.start("another").id, "another").wait(60)
    assert kept.turns(conversation)[0].answer == answer(question="q")


def test_at_the_end_of_the_process_what_waits_is_kept(kept: Conversations, tmp_path: Path) -> None:
    answers = AnswersOnceFull()
    turns = ChatTurns(answers, kept, tmp_path / "log")
    conversation = kept.start("q").id
    disk = full_disk()
    answers.before_the_end = disk.__enter__
    running = turns.ask(conversation, "q")
    assert running.wait(60)
    disk.__exit__(None, None, None)
    turns.close()
    assert kept.turns(conversation)[0].answer == answer(question="q")


def test_a_question_that_cannot_be_kept_is_refused_in_one_line_and_asked_again_later(
    kept: Conversations, tmp_path: Path
) -> None:
    turns = ChatTurns(AnswersOnceFull(), kept, tmp_path / "log")
    conversation = kept.start("q").id
    with full_disk(), pytest.raises(ConversationsUnusable, match="check the file and the disk"):
        turns.ask(conversation, "q")
    assert turns.running(conversation) is None
    assert turns.ask(conversation, "q").wait(60)
    assert len(kept.turns(conversation)) == 1


def test_what_was_kept_before_is_read_all_the_same(kept: Conversations, tmp_path: Path) -> None:
    conversation = kept.start("q").id
    kept.finish(kept.ask(conversation, "q").id, answer())
    with full_disk():
        for conversations in (kept, Conversations(tmp_path / "conversations.sqlite")):
            assert conversations.turns(conversation)[0].answer == answer()
            assert len(conversations.listed()) == 1


def test_the_record_counts_what_it_lost_and_goes_on(tmp_path: Path) -> None:
    files = RecordFiles(tmp_path / "record", largest=10_000)
    record = Record(files, who="local:ann")
    record.add("question", question="first")
    with full_disk():
        record.add("question", question="lost")
        record.add("question", question="lost too")
    record.add("question", question="last")
    last, gap, first = (json.loads(line) for line in files.newest_first())
    assert (first["question"], gap["kind"], gap["lost"], last["question"]) == ("first", "gap", 2, "last")


def test_states_are_kept_again_once_there_is_room(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    files = StateFiles(tmp_path / "states", budget=10_000)
    one, other = StateKey("m", "p", "one" * 20), StateKey("m", "p", "other" * 20)
    files.keep(one, b"kept before")
    with full_disk():
        files.keep(other, b"no room")
        assert files.load(one) == b"kept before"
        assert files.load(other) is None
    assert "answers go on, slower" in caplog.text
    files.keep(other, b"room")
    assert files.load(other) == b"room"
    assert not list((tmp_path / "states").rglob("*.partial"))


def test_settings_stay_as_they_were(home: Home) -> None:
    set_up(home, port=7000)
    before = home.settings_file.read_bytes()
    with full_disk(), pytest.raises(UsageError, match="cannot be written"):
        change_setting(home.settings_file, "model", "qwen2.5-coder-1.5b")
    assert home.settings_file.read_bytes() == before
    assert [file.name for file in home.root.iterdir()] == [home.settings_file.name]
    change_setting(home.settings_file, "port", 7001)
    assert load_settings(home.settings_file).port == 7001


def test_an_upload_is_refused_in_one_line_and_leaves_the_earlier_file(tmp_path: Path) -> None:
    uploads = Uploads(
        tmp_path / "uploads", lambda file, name: Article("uploads", name, name, file.read_text())
    )
    first = uploads.begin("note.md")
    first.write(b"# First")
    first.keep()
    second = uploads.begin("note.md")
    with full_disk():
        second.write(b"# Second")
        with pytest.raises(RunError, match=r"note\.md: it cannot be kept"):
            second.keep()
        large = uploads.begin("large.md")
        with pytest.raises(RunError, match=r"large\.md: it cannot be kept"):
            large.write(b"x" * 100_000)
        large.drop()
    assert [file.name for file in (tmp_path / "uploads").iterdir()] == ["note.md"]
    assert (tmp_path / "uploads" / "note.md").read_text() == "# First"


@pytest.mark.whole
def test_a_sync_says_what_it_could_not_write_and_the_next_one_writes_it(
    served: TinyWorkshop, articles: Path, home: Home
) -> None:
    desk = LocalDesk(served)
    write_articles(
        articles, {"crane.md": "# Crane\n\nA third bird.\n", "heron.md": "# Heron\n\nIt needs 13 GB.\n"}
    )
    told: list[str] = []
    with full_disk():
        try:
            summary = desk.sync((), dry_run=False, on_step=lambda *_: None)
            told += [step.why or "" for step in summary.failed]
        except LibraryError as error:
            told.append(str(error))
        # What the library held answers all the same.
        assert desk.ask(QUESTION).status in ("answered", "not_in_library")
    assert told
    assert all("\n" not in line and "disk has room" in line for line in told)
    desk.sync((), dry_run=False, on_step=lambda *_: None)
    desk.close()
    again = workshop(home)
    try:
        assert {row.path for row in again.library.articles()} == {"crane.md", "heron.md", "stork.md"}
        heron = next(row for row in again.library.articles() if row.path == "heron.md")
        assert [one.text for one in again.library.store.passages(heron.key)] == ["Heron\n\nIt needs 13 GB."]
    finally:
        again.close()
