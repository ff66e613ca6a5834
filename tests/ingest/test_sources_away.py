"""Nothing leaves the library because a folder, a part of it, or its drive was away for a while."""

from pathlib import Path

import pytest
from rights_of_files import rights_count
from tiny_shelf import READER, Shelf, counted

from ingest.errors import SourceUnread
from ingest.folder_source import FolderSource


def unplug(folder: Path) -> Path:
    """An empty folder in its place, as a drive leaves behind; gives where it went."""
    away = folder.with_name(f"{folder.name} unplugged")
    folder.rename(away)
    folder.mkdir()
    return away


def plug_in(folder: Path, away: Path) -> None:
    folder.rmdir()
    away.rename(folder)


def test_a_drive_that_is_not_connected_leaves_an_empty_folder_and_every_article_stays(shelf: Shelf) -> None:
    shelf.write("a.md", "Text.")
    shelf.write("sub/b.md", "Other text.")
    shelf.sync()
    away = unplug(shelf.folder)
    for _ in range(2):
        report = shelf.sync()
        assert counted(report.plan) == {"skip": 1}
        why = report.plan.steps[0].why or ""
        assert why.startswith(f"source {shelf.folder}: it is empty")
        assert "its articles stay (so many: 2)" in why
    assert shelf.paths() == ["a.md", "sub/b.md"]
    plug_in(shelf.folder, away)
    assert counted(shelf.sync().plan) == {"keep": 2}


def test_a_folder_that_was_emptied_by_hand_empties_the_library(shelf: Shelf) -> None:
    shelf.write("a.md", "Text.")
    shelf.sync()
    (shelf.folder / "a.md").unlink()
    assert counted(shelf.sync().plan) == {"delete": 1}


def test_another_folder_with_something_in_it_is_believed(shelf: Shelf) -> None:
    shelf.write("a.md", "Text.")
    shelf.sync()
    unplug(shelf.folder)
    shelf.write("b.md", "Other text.")
    assert counted(shelf.sync().plan) == {"add": 1, "delete": 1}
    (shelf.folder / "b.md").unlink()
    assert counted(shelf.sync().plan) == {"delete": 1}


def test_a_drive_below_the_folder_may_be_away_while_the_rest_goes_on(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.write("a.md", "Text.")
    shelf.write("share/b.md", "Other text.")
    shelf.write("share/c.md", "More text.")
    source = shelf.source
    drives = {"": "1:2", "share": "7:2"}
    monkeypatch.setattr(FolderSource, "drives", property(lambda _: dict(drives)))
    shelf.sync(source)
    (shelf.folder / "share").rename(shelf.folder.with_name("unplugged"))
    (shelf.folder / "a.md").unlink()
    del drives["share"]
    report = shelf.sync(source)
    assert counted(report.plan) == {"delete": 1, "skip": 1}
    assert [step.path for step in report.plan.of("skip")] == ["share"]
    assert shelf.paths() == ["share/b.md", "share/c.md"]


def test_the_folders_own_drive_is_known_and_one_below_it_is_told_apart(shelf: Shelf) -> None:
    shelf.write("sub/a.md", "Text.")
    source = shelf.source
    assert source.drives == {}
    list(source.scan())
    assert set(source.drives) == {""}
    assert len(set(source.drives[""].split(":"))) == 2


def test_a_folder_that_cannot_be_looked_into_is_told_and_its_articles_stay(shelf: Shelf) -> None:
    shelf.write("a.md", "Text.")
    shelf.write("closed/b.md", "Other text.")
    shelf.write("listed/c.md", "More text.")
    shelf.sync()
    (shelf.folder / "a.md").unlink()
    (shelf.folder / "closed").chmod(0)
    (shelf.folder / "listed").chmod(0o400)
    try:
        with rights_count():
            report = shelf.sync()
    finally:
        (shelf.folder / "closed").chmod(0o700)
        (shelf.folder / "listed").chmod(0o700)
    assert counted(report.plan) == {"delete": 1, "skip": 2}
    whys = {step.path: step.why or "" for step in report.plan.of("skip")}
    assert "Permission denied" in whys["closed"]
    assert "Permission denied" in whys["listed/c.md"]
    assert shelf.paths() == ["closed/b.md", "listed/c.md"]
    assert counted(shelf.sync().plan) == {"keep": 2}


def test_a_source_that_cannot_be_looked_into_is_one_skipped_step(shelf: Shelf) -> None:
    shelf.write("a.md", "Text.")
    shelf.sync()
    shelf.folder.chmod(0)
    try:
        with rights_count():
            report = shelf.sync()
            with pytest.raises(SourceUnread, match="Permission denied"):
                list(FolderSource(shelf.folder / "a.md", READER).scan())
    finally:
        shelf.folder.chmod(0o700)
    assert counted(report.plan) == {"skip": 1}
    assert shelf.paths() == ["a.md"]


def test_a_damaged_note_of_the_drives_is_no_obstacle(shelf: Shelf) -> None:
    shelf.write("a.md", "Text.")
    shelf.library.store.set_state({"drives": "{not JSON"})
    assert counted(shelf.sync().plan) == {"add": 1}
    assert counted(shelf.sync().plan) == {"keep": 1}
