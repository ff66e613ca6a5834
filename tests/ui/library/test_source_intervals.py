from datetime import timedelta
from pathlib import Path

import pytest
from tiny_footnote import set_up

from index_store.errors import UsageError
from ui.home import Home
from ui.library.source_intervals import SourceIntervals
from ui.settings.in_force import load_settings

pytestmark = pytest.mark.usefixtures("tiny_catalogue")

FEED = "https://news.example/feed"


@pytest.fixture
def intervals(home: Home) -> SourceIntervals:
    set_up(home, sources=["starter", FEED])
    return SourceIntervals(home.settings_file)


def test_every_source_has_the_usual_time_unless_it_has_its_own(intervals: SourceIntervals) -> None:
    usual = timedelta(hours=6)
    assert intervals.by_source() == {"starter": usual, FEED: usual}
    intervals.set("https://NEWS.example/feed", 1.0)
    assert intervals.by_source() == {"starter": usual, FEED: timedelta(hours=1)}
    intervals.set("starter", 0)
    assert intervals.by_source() == {"starter": timedelta(0), FEED: timedelta(hours=1)}


def test_what_is_set_is_a_plain_table_and_goes_when_it_is_empty(
    intervals: SourceIntervals, home: Home
) -> None:
    file = home.settings_file
    before = file.read_text()
    intervals.set(FEED, 1.0)
    assert file.read_text().rstrip() == f'{before.rstrip()}\n\n[every]\n"{FEED}" = 1'
    intervals.set(FEED, 0.5)
    assert f'"{FEED}" = 0.5' in file.read_text()
    intervals.set(FEED, None)
    assert "every" not in file.read_text()
    assert load_settings(file).sources == ("starter", FEED)


def test_comments_in_the_table_stay_and_so_does_what_is_set_above_it(
    intervals: SourceIntervals, home: Home
) -> None:
    file = home.settings_file
    file.write_text(file.read_text() + f'\n[every]\n# news\n"{FEED}" = 1 # hourly\n"starter" = 24\n')
    intervals.set("starter", 48)
    intervals.set("starter", None)
    assert "# news" in file.read_text()
    assert "# hourly" in file.read_text()
    assert load_settings(file).every == {FEED: 1.0}


def test_a_setting_that_is_written_after_the_table_is_no_part_of_it(
    intervals: SourceIntervals, home: Home
) -> None:
    from ui.settings.settings_file import change_setting

    intervals.set(FEED, 1.0)
    change_setting(home.settings_file, "port", 7999)
    settings = load_settings(home.settings_file)
    assert (settings.port, settings.every) == (7999, {FEED: 1.0})


def test_a_change_of_the_file_counts_at_once(intervals: SourceIntervals, home: Home) -> None:
    intervals.by_source()
    set_up(home, sources=["starter"], sync_every_hours=12)
    assert intervals.by_source() == {"starter": timedelta(hours=12)}


def test_schedules_of_the_environment_are_not_changed_in_vain(
    intervals: SourceIntervals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_EVERY", f'{{"{FEED}": 3}}')
    assert intervals.by_source()[FEED] == timedelta(hours=3)
    with pytest.raises(UsageError, match="FOOTNOTE_EVERY"):
        intervals.set(FEED, 1.0)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("every = 3", "no table"),
        ('[every]\n"news" = 1', "must begin with /"),
        (f'[every]\n"{FEED}" = -1', "from 0"),
        (f'[every]\n"{FEED}" = 9999', "8760"),
        (f'[every]\n"{FEED}" = "often"', "every"),
    ],
)
def test_a_wrong_table_is_told_in_one_line(home: Home, tmp_path: Path, written: str, told: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f"{written}\n")
    with pytest.raises(UsageError, match=told) as caught:
        load_settings(file)
    assert "\n" not in str(caught.value)
    assert "setting every" in str(caught.value)


def test_a_variable_that_is_no_table_is_told_with_an_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_EVERY", "hourly")
    with pytest.raises(UsageError, match="is no table; write it as JSON"):
        load_settings(tmp_path / "settings.toml")


def test_folders_of_the_user_are_watched_unless_they_are_synced_by_hand(home: Home, tmp_path: Path) -> None:
    places = [tmp_path / name for name in ("a", "b")]
    set_up(home, sources=["starter", FEED, *map(str, places)])
    intervals = SourceIntervals(home.settings_file)
    assert dict(intervals.watched()) == {place.as_posix(): place for place in places}
    intervals.set(str(places[0]), 0)
    assert set(intervals.watched()) == {places[1].as_posix()}
    home.settings_file.write_text(f"watch = false\n{home.settings_file.read_text()}")
    assert intervals.watched() == {}
