import os
from datetime import timedelta
from pathlib import Path

import pytest
from desk_of_syncs import HandClock

from index_store.errors import UsageError
from ingest.folder_source import folder_state
from ingest.folder_walk import FolderState
from ui.library.folder_watch import FolderWatch
from ui.library.sync_runs import SyncRun, SyncRuns


class Watched:
    """A folder that was synced at noon, and what watches it."""

    def __init__(self, place: Path) -> None:
        self.folder = place / "shelf"
        self.folder.mkdir()
        self.runs = SyncRuns(place / "syncs.jsonl")
        self.clock = HandClock()
        self.looks = 0
        self.seconds = 0.0
        self.look_takes = 0.0
        self.watch = self.watching()
        self.write("a.md", "Text.")
        self.synced()

    def watching(self) -> FolderWatch:
        return FolderWatch(
            lambda: {"shelf": self.folder}, self.runs, look=self._look, clock=lambda: self.seconds
        )

    def _look(self, folder: Path) -> FolderState | None:
        self.looks += 1
        self.seconds += self.look_takes
        return folder_state(folder)

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        self.dated(file)
        self.dated(file.parent)

    def dated(self, place: Path) -> None:
        os.utime(place, (self.clock.now.timestamp(),) * 2)

    def synced(self, *sources: str) -> None:
        began = self.clock.now + timedelta(seconds=1)
        self.runs.keep(SyncRun("page", began.isoformat(), began.isoformat(), sources=sources or None))
        self.clock.advance(minutes=1)

    def after_two_looks(self) -> list[tuple[str, ...]]:
        found = []
        for _ in range(2):
            self.seconds += 20
            found.append(self.watch.changed())
        return found


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


STILL: list[tuple[str, ...]] = [(), ()]
CHANGED: list[tuple[str, ...]] = [(), ("shelf",)]


def test_what_was_synced_as_it_is_has_not_changed(watched: Watched) -> None:
    assert watched.after_two_looks() == STILL


def test_a_change_is_reported_once_and_only_when_the_folder_is_still(watched: Watched) -> None:
    watched.after_two_looks()
    watched.write("b.md", "half of")
    assert watched.watch.changed() == ()
    watched.write("b.md", "half of it, and the rest")
    assert watched.after_two_looks() == CHANGED
    assert watched.after_two_looks() == STILL


def test_what_came_went_or_was_moved_is_a_change(watched: Watched) -> None:
    watched.after_two_looks()
    watched.write("sub/b.md", "Other text.")
    assert watched.after_two_looks() == CHANGED
    (watched.folder / "a.md").rename(watched.folder / "c.md")
    watched.dated(watched.folder)
    assert watched.after_two_looks() == CHANGED
    (watched.folder / "c.md").unlink()
    watched.dated(watched.folder)
    assert watched.after_two_looks() == CHANGED


def test_files_that_no_sync_reads_are_no_change(watched: Watched) -> None:
    watched.after_two_looks()
    for name in ("photo.png", ".hidden.md", "b.md~"):
        watched.write(name, "x")
    assert watched.after_two_looks() == STILL


def test_a_change_that_a_sync_has_seen_is_none(watched: Watched) -> None:
    watched.after_two_looks()
    watched.write("a.md", "Changed.")
    watched.synced("shelf")
    assert watched.after_two_looks() == STILL
    watched.write("a.md", "Changed again.")
    watched.synced("another")
    assert watched.after_two_looks() == CHANGED


def test_what_changed_while_nothing_was_served_is_seen_at_the_start(watched: Watched) -> None:
    watched.write("a.md", "Changed.")
    watched.watch = watched.watching()
    assert watched.after_two_looks() == CHANGED


def test_what_was_never_synced_is_left_to_the_schedule(watched: Watched, tmp_path: Path) -> None:
    watched.runs = SyncRuns(tmp_path / "none.jsonl")
    watched.watch = watched.watching()
    assert watched.after_two_looks() == STILL


def test_a_folder_that_is_away_has_not_changed(watched: Watched) -> None:
    watched.after_two_looks()
    watched.folder.rename(watched.folder.with_name("away"))
    assert watched.after_two_looks() == STILL
    watched.folder.with_name("away").rename(watched.folder)
    assert watched.after_two_looks() == STILL


def test_a_slow_drive_is_looked_at_seldom(watched: Watched) -> None:
    watched.look_takes = 2.0
    watched.after_two_looks()
    assert watched.looks == 1
    watched.seconds += 100
    watched.watch.changed()
    assert watched.looks == 2


def test_a_file_by_itself_is_watched_too(watched: Watched) -> None:
    watched.folder = watched.folder / "a.md"
    assert watched.after_two_looks() == STILL
    watched.folder.write_text("Changed.")
    watched.dated(watched.folder)
    assert watched.after_two_looks() == CHANGED


def test_settings_that_cannot_be_read_stop_nothing(tmp_path: Path) -> None:
    def unreadable() -> dict[str, Path]:
        raise UsageError("settings file: not readable")

    assert FolderWatch(unreadable, SyncRuns(tmp_path / "syncs.jsonl")).changed() == ()
