import logging
from pathlib import Path

import pytest
from door_steps import Clock

from ui.accounts.last_log_ins import LastLogIns


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "log_ins.json"


def test_the_last_time_is_known_after_the_next_start_and_only_to_this_user(file: Path) -> None:
    clock = Clock()
    log_ins = LastLogIns(file, clock=clock)
    assert log_ins.of("ada") is None
    log_ins.note("ada", {"ada"})
    clock.now += 60
    log_ins.note("ada", {"ada"})
    assert LastLogIns(file).of("ada") == clock.now
    assert file.stat().st_mode & 0o777 == 0o600


def test_who_was_removed_is_forgotten(file: Path) -> None:
    log_ins = LastLogIns(file)
    log_ins.note("rita", {"rita", "ada"})
    log_ins.note("ada", {"ada"})
    assert log_ins.of("rita") is None
    assert LastLogIns(file).of("rita") is None


@pytest.mark.parametrize("content", ["{", "[1]", '{"ada": "yesterday"}'])
def test_a_file_that_is_damaged_is_told_and_begun_anew(
    file: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    file.parent.mkdir()
    file.write_text(content)
    log_ins = LastLogIns(file)
    assert log_ins.of("ada") is None
    assert "cannot be read" in caplog.text
    log_ins.note("ada", {"ada"})
    assert LastLogIns(file).of("ada") is not None


def test_nobody_is_kept_out_where_it_cannot_be_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    (tmp_path / "file").write_text("")
    log_ins = LastLogIns(tmp_path / "file" / "log_ins.json")
    log_ins.note("ada", {"ada"})
    assert log_ins.of("ada") is not None
    assert "cannot be kept" in caplog.text
