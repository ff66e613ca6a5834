import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from ui import logs
from ui.logs import log_to_file


@pytest.fixture(autouse=True)
def _root_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    for handler in root.handlers[:]:
        if handler not in before:
            root.removeHandler(handler)
            handler.close()
    root.setLevel(level)


def test_details_go_to_the_file_with_their_traceback(tmp_path: Path) -> None:
    file = tmp_path / "home" / "footnote.log"
    log_to_file(file)
    assert not file.exists()
    try:
        raise ValueError("the reason")
    except ValueError:
        logging.getLogger("ui.anything").exception("failed — 鳥")
    text = file.read_text(encoding="utf-8")
    assert "failed — 鳥" in text
    assert "Traceback" in text
    assert "ValueError: the reason" in text


def test_a_stream_that_ends_with_the_process_is_no_error(tmp_path: Path) -> None:
    file = tmp_path / "footnote.log"
    log_to_file(file)
    for error in (asyncio.CancelledError("graceful shutdown"), KeyError("a real one")):
        try:
            raise error
        except BaseException:
            logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    told = file.read_text()
    assert told.count("Exception in ASGI application") == 1
    assert "a real one" in told


def test_our_news_and_the_warnings_of_others_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "footnote.log"
    log_to_file(file)
    for name in ("assistant", "ingest", "index_store", "ui", "somebody.else"):
        logging.getLogger(name).info("news of %s", name)
        logging.getLogger(name).warning("warning of %s", name)
    text = file.read_text()
    assert text.count("news of") == 4
    assert "news of somebody.else" not in text
    assert text.count("warning of") == 5


def test_a_second_session_takes_the_first_ones_place(tmp_path: Path) -> None:
    log_to_file(tmp_path / "first.log")
    logging.getLogger("ui").info("one")
    log_to_file(tmp_path / "second.log")
    logging.getLogger("ui").info("two")
    assert "two" not in (tmp_path / "first.log").read_text()
    assert "two" in (tmp_path / "second.log").read_text()


def test_handlers_of_others_are_left_in_place(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    log_to_file(tmp_path / "footnote.log")
    logging.getLogger("ui").info("seen by both")
    assert "seen by both" in caplog.text


def test_a_large_log_begins_anew_and_three_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_LARGEST", 2000)
    log_to_file(tmp_path / "footnote.log")
    for number in range(300):
        logging.getLogger("ui").info("line %d", number)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["footnote.log", "footnote.log.1", "footnote.log.2"]
    assert all(path.stat().st_size <= 2000 for path in tmp_path.iterdir())
    assert "line 299" in (tmp_path / "footnote.log").read_text()


@pytest.mark.parametrize("obstacle", ["folder is a file", "file is a folder"])
def test_a_log_that_cannot_be_written_stays_silent(
    obstacle: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "home" / "footnote.log"
    if obstacle == "folder is a file":
        file.parent.write_text("")
    else:
        file.mkdir(parents=True)
    log_to_file(file)
    logging.getLogger("ui").error("details")
    assert capfd.readouterr() == ("", "")


def test_an_entry_is_one_line_whatever_names_stand_in_it(tmp_path: Path) -> None:
    file = tmp_path / "footnote.log"
    log_to_file(file)
    forged = "a.md\n2026-11-26 10:00:00,000 WARNING 1 ui.accounts: log-in as ada from 192.0.2.7 failed"
    logger = logging.getLogger("ui.anything")
    logger.warning("the sync failed: %s", f"{forged}\r\x1b[2J\u2028\x85\t鳥")
    try:
        raise ValueError(forged)
    except ValueError:
        logger.exception("failed at %s", forged)
    whole = file.read_bytes().decode()
    lines = whole.splitlines()
    assert [line for line in lines if line.startswith("2026-11-26 10:00:00,000")] == []
    assert sum(line[:4].isdigit() for line in lines) == 2
    assert lines[0].endswith("failed\\r\\x1b[2J\\u2028\\x85\t鳥")
    assert "\x1b" not in whole
    assert "ValueError: a.md" in whole
