import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from chat_samples import answer, citation, sentence

from assistant.answer import Evidence
from ui.chat.conversation_file import SCHEMA_VERSION, ConversationsUnusable
from ui.chat.conversations import Conversations, short_title


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "conversations.sqlite"


@pytest.fixture
def kept(path: Path) -> Conversations:
    return Conversations(path)


def test_nothing_is_written_before_it_is_used(path: Path) -> None:
    Conversations(path)
    assert not path.parent.exists()


def test_a_conversation_is_named_after_its_first_question(kept: Conversations) -> None:
    made = kept.start("  How long\n did it rain?  ")
    assert made.title == "How long did it rain?"
    assert kept.find(made.id) == made


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("short", "short"),
        ("a b " * 40, "a b a b a b a b a b a b a b a b a b a b a b a b a b a b a b…"),
        ("x" * 90, "x" * 59 + "…"),
    ],
)
def test_a_long_first_question_is_cut_at_a_word(question: str, title: str) -> None:
    assert short_title(question) == title
    assert len(short_title(question)) <= 60


def test_an_answer_comes_back_as_it_was_from_another_process(kept: Conversations, path: Path) -> None:
    made = answer(
        citations=(citation(1), citation(2, title="Zweiter \u201eArtikel\u201c", page=3)),
        sentences=(sentence("Both.", 1, 2, support="weak", score=0.25),),
        missing="the name of the day",
    )
    conversation = kept.start("q")
    asked = kept.ask(conversation.id, "How long did it rain?")
    kept.finish(asked.id, made, stopped=True)
    (read,) = Conversations(path).turns(conversation.id)
    assert read.answer == made
    assert read.stopped
    assert read.question == "How long did it rain?"
    assert read.finished is not None


def test_a_question_is_there_before_its_answer(kept: Conversations) -> None:
    conversation = kept.start("q")
    asked = kept.ask(conversation.id, "first")
    assert kept.turns(conversation.id) == (asked,)
    assert kept.turn(asked.id) == asked


def test_an_error_is_kept_with_its_question(kept: Conversations) -> None:
    conversation = kept.start("q")
    asked = kept.ask(conversation.id, "first")
    kept.fail(asked.id, "the model is missing: fetch it")
    (read,) = kept.turns(conversation.id)
    assert (read.error, read.answer) == ("the model is missing: fetch it", None)


def test_turns_keep_their_order(kept: Conversations) -> None:
    conversation = kept.start("q")
    for question in ("one", "two", "three"):
        kept.ask(conversation.id, question)
    assert [turn.question for turn in kept.turns(conversation.id)] == ["one", "two", "three"]


def test_the_last_used_conversation_is_listed_first(kept: Conversations) -> None:
    first, second = kept.start("first"), kept.start("second")
    assert [one.id for one in kept.listed()] == [second.id, first.id]
    later = kept.ask(first.id, "again")
    while kept.listed()[0].id != first.id:
        later = kept.ask(first.id, "once more, a millisecond later")
    assert kept.listed()[0].updated == later.asked


def test_a_better_try_takes_the_place_of_all_before_it(kept: Conversations) -> None:
    conversation = kept.start("q")
    first = kept.ask(conversation.id, "q")
    kept.finish(first.id, answer())
    second = kept.ask(conversation.id, "q", replaces=first.id)
    kept.fail(second.id, "no")
    assert len(kept.turns(conversation.id)) == 2
    third = kept.ask(conversation.id, "q", replaces=second.id)
    kept.finish(third.id, answer(text="better"))
    assert [turn.id for turn in kept.turns(conversation.id)] == [third.id]


def test_renaming_changes_the_title_and_an_empty_title_nothing(kept: Conversations) -> None:
    made = kept.start("first")
    kept.rename(made.id, "  Rain\nin spring ")
    kept.rename(made.id, "   ")
    renamed = kept.find(made.id)
    assert renamed is not None
    assert renamed.title == "Rain in spring"


def test_deleting_takes_the_turns_along(kept: Conversations, path: Path) -> None:
    made, other = kept.start("first"), kept.start("other")
    asked = kept.ask(made.id, "q")
    kept.ask(other.id, "q")
    kept.delete(made.id)
    assert kept.find(made.id) is None
    assert kept.turn(asked.id) is None
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT COUNT(*) FROM turns").fetchone() == (1,)


def test_finishing_a_deleted_turn_brings_nothing_back(kept: Conversations) -> None:
    made = kept.start("first")
    asked = kept.ask(made.id, "q")
    kept.delete(made.id)
    kept.finish(asked.id, answer())
    assert kept.turn(asked.id) is None


def test_feedback_is_kept_changed_and_taken_back(kept: Conversations) -> None:
    asked = kept.ask(kept.start("q").id, "q")
    kept.judge(asked.id, "down", "  wrong year ")
    read = kept.turn(asked.id)
    assert read is not None
    assert (read.verdict, read.word) == ("down", "wrong year")
    kept.judge(asked.id, None)
    read = kept.turn(asked.id)
    assert read is not None
    assert (read.verdict, read.word) == (None, None)


def test_an_unknown_id_is_no_error(kept: Conversations) -> None:
    assert kept.find("nobody") is None
    assert kept.turn("nothing") is None
    assert kept.turns("nobody") == ()


def test_the_file_uses_a_write_ahead_log_and_says_its_schema(kept: Conversations, path: Path) -> None:
    kept.start("q")
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)


def test_a_file_of_a_newer_footnote_is_refused_in_one_line(kept: Conversations, path: Path) -> None:
    kept.start("q")
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(ConversationsUnusable, match="update Footnote") as caught:
        Conversations(path).listed()
    assert "\n" not in str(caught.value)


def test_a_damaged_file_is_refused_in_one_line(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is no database, " * 100)
    with pytest.raises(ConversationsUnusable, match="move it away"):
        Conversations(path).listed()


def test_an_answer_that_cannot_be_read_does_not_hide_the_others(kept: Conversations, path: Path) -> None:
    conversation = kept.start("q")
    for _ in range(2):
        kept.finish(kept.ask(conversation.id, "q").id, answer())
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE turns SET answer = '{\"text\": 1}' WHERE position = 1")
    broken, whole = kept.turns(conversation.id)
    assert broken.answer is None
    assert "ask the question again" in str(broken.error)
    assert whole.answer == answer()


def test_half_a_character_is_no_reason_to_fail(kept: Conversations) -> None:
    half = "rain \ud83c"
    conversation = kept.start(half)
    asked = kept.ask(conversation.id, half)
    kept.rename(conversation.id, half)
    kept.judge(asked.id, "up", half)
    kept.fail(asked.id, half)
    (read,) = kept.turns(conversation.id)
    assert (read.question, read.word, read.error) == ("rain ?", "rain ?", "rain ?")
    assert asked.question == "rain ?"


def test_many_threads_may_write_at_once(path: Path) -> None:
    kept = Conversations(path)
    threads = [threading.Thread(target=kept.start, args=(str(number),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept.listed()) == 8


def test_a_file_that_another_process_is_about_to_write_is_waited_for(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        begun = threading.Thread(target=Conversations(path).start, args=("q",))
        begun.start()
        begun.join(0.2)
        assert begun.is_alive()
        other.execute("COMMIT")
        begun.join()
    assert len(Conversations(path).listed()) == 1


def test_how_often_an_article_was_evidence_is_counted_over_all_answers(kept: Conversations) -> None:
    shown = [Evidence("a.md", "One.", 1.0), Evidence("b.md", "Two.", 0.5)]
    for evidence in (shown, shown[:1], []):
        conversation = kept.start("q")
        asked = kept.ask(conversation.id, "q")
        kept.finish(asked.id, answer(evidence=tuple(evidence)))
    kept.ask(kept.start("unanswered").id, "q")
    assert kept.articles_shown() == {"a.md": 2, "b.md": 1}
