import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from index_store.errors import RunError, UsageError
from ui.record.record_files import RecordFiles
from ui.record.record_reading import moment, read_record

NOON = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)


@pytest.fixture
def files(tmp_path: Path) -> RecordFiles:
    """Six entries, one an hour from noon on: searches and questions by turns, over several files."""
    made = RecordFiles(tmp_path / "record", largest=150)
    for hour in range(6):
        made.append(line(hour))
    return made


def line(hour: int) -> bytes:
    at = (NOON + timedelta(hours=hour)).isoformat()
    return json.dumps({"at": at, "kind": "question" if hour % 2 else "search", "hour": hour}).encode()


def hours(files: RecordFiles, **wanted: object) -> list[int]:
    return [entry["hour"] for entry in read_record(files, **wanted).entries]  # type: ignore[arg-type]


def test_the_newest_stand_last(files: RecordFiles) -> None:
    assert hours(files) == [0, 1, 2, 3, 4, 5]
    assert hours(files, most=2) == [4, 5]


def test_kinds_and_times_are_chosen_before_they_are_counted(files: RecordFiles) -> None:
    assert hours(files, kinds=["search"], most=2) == [2, 4]
    assert hours(files, kinds=["search", "question"], since=NOON + timedelta(hours=3)) == [3, 4, 5]
    assert hours(files, kinds=["upload"]) == []


def test_it_says_whether_anything_was_left_out(files: RecordFiles) -> None:
    assert read_record(files, most=6).is_whole
    assert not read_record(files, most=5).is_whole
    assert read_record(files, most=3, kinds=["search"]).is_whole


def test_a_clock_that_was_set_back_hides_nothing(files: RecordFiles) -> None:
    files.append(line(-5))
    assert hours(files, since=NOON + timedelta(hours=4)) == [4, 5]


@pytest.mark.parametrize(
    "damage",
    [
        b'{"at": "2026-03-05T12:00:00+00:00", "ki',
        b"\xff\xfe\x00",
        b"[1, 2]",
        b'"text"',
        b"null",
        b"{}",
        b'{"at": "yesterday", "kind": "search"}',
        b'{"at": "2026-03-05T12:00:00", "kind": "search"}',
        b'{"at": "2026-03-05T12:00:00+00:00", "kind": 3}',
        b'{"at": 3, "kind": "search"}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_line_is_counted_and_hides_no_other(files: RecordFiles, damage: bytes) -> None:
    files.append(damage)
    files.append(line(7))
    read = read_record(files)
    assert read.damaged == 1
    assert [entry["hour"] for entry in read.entries] == [0, 1, 2, 3, 4, 5, 7]


def test_a_record_that_may_not_be_read_is_told(files: RecordFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(RunError, match=r"record in .* cannot be read \(Permission denied\); check"):
        read_record(files)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=2)))),
        ("2026-03-01T14:30", datetime(2026, 3, 1, 14, 30, tzinfo=timezone(timedelta(hours=2)))),
        ("2026-03-01T14:30Z", datetime(2026, 3, 1, 14, 30, tzinfo=UTC)),
        ("30m", NOON - timedelta(minutes=30)),
        (" 8 H ", NOON - timedelta(hours=8)),
        ("7d", NOON - timedelta(days=7)),
    ],
)
def test_times_are_meant_as_a_person_writes_them(text: str, meant: datetime) -> None:
    assert moment(text, NOON.astimezone(timezone(timedelta(hours=2)))) == meant


@pytest.mark.parametrize("text", ["", "yesterday", "7w", "-1d", "999999d", "2026-13-01", "1.5h"])
def test_what_is_no_time_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        moment(text, NOON)
    assert repr(text) in str(caught.value)
    assert "7d" in str(caught.value)
