"""Passages are read ahead in a good order, and only as long as that helps."""

import threading
from collections.abc import Callable, Iterator

import pytest
from tiny_library import article, library_of

from assistant.warming import Warmer
from assistant.writer import CannedWriter, Stopped
from index_store.errors import RunError
from index_store.library import Library

ARTICLES = (
    article("old.md", "The old lighthouse.", published="2024-01-01"),
    article("new.md", "The new ferry.\n\nIts timetable.", published="2026-05-01"),
    article("undated.md", "A recipe."),
)


class RecordingWriter(CannedWriter):
    """Remembers what it prepared; `on_prepare` may do something meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.prepared: list[str] = []
        self.sentences: list[str] = []
        self.on_prepare: Callable[[Stopped], None] = lambda stopped: None

    def prepare(self, orders: str, text: str, *, stopped: Stopped) -> bool:
        if text.startswith("Passage: "):
            self.sentences.append(text.removeprefix("Passage: ").partition("\n")[0])
        else:
            self.prepared.append(text.partition("\n")[2])
        self.on_prepare(stopped)
        return True


class Desk:
    """A warmer over three articles, and what it is told."""

    def __init__(self, library: Library) -> None:
        self.writer = RecordingWriter()
        self.asked: dict[str, int] = {}
        self.full_after = 100
        self.fails = False
        self._library = library
        self.warmer = Warmer(
            self._open,
            lambda: self.writer,
            asked=lambda: self.asked,
            is_full=lambda: len(self.writer.prepared) >= self.full_after,
        )

    def _open(self) -> Library:
        if self.fails:
            raise RunError("the library is away")
        return self._library

    def round(self) -> list[str]:
        """The passages that one whole round prepares."""
        self.writer.prepared.clear()
        self.writer.sentences.clear()
        self.warmer.begin()
        assert self.warmer.wait(60)
        return list(self.writer.prepared)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with library_of(ARTICLES) as library:
        made = Desk(library)
        yield made
        made.warmer.close()


def test_the_newest_articles_come_first(desk: Desk) -> None:
    assert desk.round() == ["The new ferry.", "Its timetable.", "The old lighthouse.", "A recipe."]
    assert (desk.warmer.progress.done, desk.warmer.progress.total) == (4, 4)


def test_what_was_asked_for_most_comes_before_the_newest(desk: Desk) -> None:
    desk.asked = {"undated.md": 3, "old.md": 1}
    assert desk.round() == ["A recipe.", "The old lighthouse.", "The new ferry.", "Its timetable."]


def test_the_sentences_that_claims_are_judged_behind_follow_all_passages(desk: Desk) -> None:
    passages_before: list[int] = []
    desk.writer.on_prepare = lambda _: passages_before.append(len(desk.writer.prepared))
    desk.asked = {"undated.md": 3}
    assert len(desk.round()) == 4
    assert desk.writer.sentences == ["A recipe.", "The new ferry.", "Its timetable.", "The old lighthouse."]
    assert passages_before[4:] == [4, 4, 4, 4]


def test_no_sentence_is_read_ahead_where_it_would_drive_out_a_passage(desk: Desk) -> None:
    desk.full_after = 4
    desk.round()
    assert desk.writer.sentences == []


def test_nothing_is_read_ahead_before_it_is_told_to(desk: Desk) -> None:
    assert desk.warmer.wait(0.05)
    assert desk.writer.prepared == []


def test_it_stops_where_a_state_would_drive_out_another(desk: Desk) -> None:
    desk.full_after = 2
    assert desk.round() == ["The new ferry.", "Its timetable."]


def test_a_change_of_the_library_begins_a_new_round(desk: Desk) -> None:
    once = iter([True])

    def changes(stopped: Stopped) -> None:
        if next(once, False):
            desk.asked = {"undated.md": 1}
            desk.warmer.begin()
            assert stopped()

    desk.writer.on_prepare = changes
    assert desk.round() == [
        "The new ferry.",
        "A recipe.",
        "The new ferry.",
        "Its timetable.",
        "The old lighthouse.",
    ]


def test_a_library_that_is_away_ends_the_round_and_not_the_warmer(desk: Desk) -> None:
    desk.fails = True
    assert desk.round() == []
    desk.fails = False
    assert len(desk.round()) == 4


def test_an_unforeseen_failure_ends_the_round_and_not_the_warmer(desk: Desk) -> None:
    def fails(_: Stopped) -> None:
        raise ValueError("unforeseen")

    desk.writer.on_prepare = fails
    assert len(desk.round()) == 1
    desk.writer.on_prepare = lambda _: None
    assert len(desk.round()) == 4


def test_closing_ends_it_in_the_middle_of_a_passage(desk: Desk) -> None:
    under_way = threading.Event()

    def until_stopped(stopped: Stopped) -> None:
        under_way.set()
        while not stopped():
            threading.Event().wait(0.005)

    desk.writer.on_prepare = until_stopped
    desk.warmer.begin()
    assert under_way.wait(60)
    desk.warmer.close()
    assert len(desk.writer.prepared) == 1
