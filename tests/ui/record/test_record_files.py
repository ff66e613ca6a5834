import errno
import fcntl
import json
import multiprocessing
import os
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any

import pytest

from ui.record import record_files
from ui.record.record_files import RecordFiles

LARGE = 1_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "record"


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def add_many(folder: Path, writer: int, lines: int, largest: int) -> None:
    files = RecordFiles(folder, largest=largest, most=1000)
    for number in range(lines):
        files.append(json.dumps({"writer": writer, "number": number, "text": "x" * (number % 97)}).encode())


def test_lines_are_read_newest_first(folder: Path) -> None:
    files = RecordFiles(folder, largest=LARGE)
    for line in (b"one", b"two", b"three"):
        files.append(line)
    assert list(files.newest_first()) == [b"three", b"two", b"one"]
    assert (folder / "record-000001.jsonl").read_bytes() == b"one\ntwo\nthree\n"


def test_where_nothing_was_recorded_nothing_is_found_and_nothing_is_made(folder: Path) -> None:
    files = RecordFiles(folder, largest=LARGE)
    assert list(files.newest_first()) == []
    assert (files.usage().files, files.usage().bytes) == (0, 0)
    assert not folder.exists()


def test_only_the_user_can_read_it_whatever_the_mask_and_earlier_rights(folder: Path) -> None:
    files = RecordFiles(folder, largest=LARGE)
    before = os.umask(0)
    try:
        files.append(b"one")
    finally:
        os.umask(before)
    file = folder / "record-000001.jsonl"
    assert (file.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    file.chmod(0o644)
    files.append(b"two")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_line_that_would_make_a_file_too_large_begins_the_next_one(folder: Path) -> None:
    files = RecordFiles(folder, largest=10)
    for line in (b"four", b"fours", b"x", b"longer than a whole file", b"y"):
        files.append(line)
    assert {name: (folder / name).read_bytes() for name in names(folder)} == {
        "record-000001.jsonl": b"four\n",
        "record-000002.jsonl": b"fours\nx\n",
        "record-000003.jsonl": b"longer than a whole file\n",
        "record-000004.jsonl": b"y\n",
    }
    assert next(files.newest_first()) == b"y"
    assert (files.usage().files, files.usage().bytes) == (4, 40)


def test_the_oldest_file_goes_and_no_other_is_renamed_or_touched(folder: Path) -> None:
    files = RecordFiles(folder, largest=4, most=3)
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_text("a person's own")
    for number in range(5):
        files.append(b"%03d" % number)
    assert names(folder) == ["notes.txt"] + [f"record-00000{number}.jsonl" for number in (3, 4, 5)]
    assert (folder / "record-000003.jsonl").read_bytes() == b"002\n"


def test_a_line_torn_by_a_crash_does_not_spoil_the_next_one(folder: Path) -> None:
    files = RecordFiles(folder, largest=LARGE)
    files.append(b"one")
    with (folder / "record-000001.jsonl").open("ab") as stream:
        stream.write(b'{"torn": ')
    files.append(b"two")
    assert list(files.newest_first()) == [b"two", b'{"torn": ', b"one"]


def test_a_disk_that_fills_up_within_a_line_leaves_no_part_of_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = RecordFiles(folder, largest=LARGE)
    files.append(b"one")
    write = os.write
    monkeypatch.setattr(record_files.os, "write", lambda file, data: write(file, data[:2]))
    with pytest.raises(OSError, match="space") as caught:
        files.append(b"two")
    assert caught.value.errno == errno.ENOSPC
    assert (folder / "record-000001.jsonl").read_bytes() == b"one\n"


def test_a_writer_that_stands_still_with_the_lock_holds_nobody_up_for_long(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_files, "_LOCK_SECONDS", 0.05)
    files = RecordFiles(folder, largest=LARGE)
    files.append(b"one")
    with (folder / "record-000001.jsonl").open("rb") as standing:
        fcntl.flock(standing, fcntl.LOCK_EX)
        began = monotonic()
        files.append(b"two")
        assert list(files.newest_first()) == [b"two", b"one"]
        assert monotonic() - began < 2


@pytest.mark.parametrize("largest", [LARGE, 1_500])
@pytest.mark.parametrize("kind", ["threads", pytest.param("processes", marks=pytest.mark.whole)])
def test_no_line_of_several_writers_is_torn_or_lost(folder: Path, kind: str, largest: int) -> None:
    work = [(folder, writer, 40, largest) for writer in range(3)]
    make: Any = Thread if kind == "threads" else multiprocessing.get_context("fork").Process
    running = [make(target=add_many, args=one) for one in work]
    for one in running:
        one.start()
    for one in running:
        one.join(30)
    lines = [json.loads(line) for line in RecordFiles(folder, largest=largest).newest_first()]
    for writer in range(3):
        assert sorted(line["number"] for line in lines if line["writer"] == writer) == list(range(40))
    assert len(lines) == 120
