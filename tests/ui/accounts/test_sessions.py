from datetime import timedelta
from pathlib import Path

import pytest
from door_steps import Clock

from ui.accounts.account_file import Account
from ui.accounts.person import Role
from ui.accounts.sessions import MOST_OF_ACCOUNT, Sessions

ADA = Account("id-ada", "ada", Role.ADMIN, "stamp", "2026-01-01")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sessions.json"


def made(file: Path, clock: Clock) -> Sessions:
    return Sessions(file, idle=timedelta(minutes=60), longest=timedelta(hours=12), clock=clock)


def test_a_session_is_found_by_its_cookie_and_by_no_other(file: Path, clock: Clock) -> None:
    sessions = made(file, clock)
    token = sessions.begin(ADA)
    found = sessions.find(token)
    assert found is not None
    assert (found.account, found.stamp) == ("id-ada", "stamp")
    assert len(token) >= 43
    for other in ("", "x", token[:-1], token + "x", token.swapcase(), "\udcff"):
        assert sessions.find(other) is None


def test_what_is_kept_is_no_cookie_and_only_this_user_can_read_it(file: Path, clock: Clock) -> None:
    token = made(file, clock).begin(ADA)
    assert token not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_session_outlives_the_serving_process(file: Path, clock: Clock) -> None:
    token = made(file, clock).begin(ADA)
    assert made(file, clock).find(token) is not None


def test_a_session_ends_when_nothing_is_done_in_it(file: Path, clock: Clock) -> None:
    sessions = made(file, clock)
    token = sessions.begin(ADA)
    clock.now += 59 * 60
    assert sessions.find(token) is not None
    clock.now += 60
    assert sessions.find(token) is None
    clock.now -= 120
    assert sessions.find(token) is None


def test_it_goes_on_while_something_is_done_in_it_but_not_for_ever(file: Path, clock: Clock) -> None:
    sessions = made(file, clock)
    token = sessions.begin(ADA)
    for _ in range(30):
        clock.now += 50 * 60
        if sessions.find(token) is None:
            break
        sessions.used(token)
        assert made(file, clock).find(token) is not None
    assert 11.5 * 3600 < clock.now - 1_000_000 <= 12.5 * 3600


def test_a_session_can_be_ended(file: Path, clock: Clock) -> None:
    sessions = made(file, clock)
    token, other = sessions.begin(ADA), sessions.begin(ADA)
    sessions.end(token)
    sessions.end("nonsense")
    assert sessions.find(token) is None
    assert sessions.find(other) is not None
    assert made(file, clock).find(token) is None


def test_one_account_has_so_many_at_most(file: Path, clock: Clock) -> None:
    sessions = made(file, clock)
    tokens = []
    for _ in range(MOST_OF_ACCOUNT + 3):
        clock.now += 1
        tokens.append(sessions.begin(ADA))
    assert [sessions.find(token) is not None for token in tokens] == [False] * 3 + [True] * MOST_OF_ACCOUNT


def test_ended_ones_do_not_pile_up(file: Path, clock: Clock) -> None:
    sessions = made(file, clock)
    for _ in range(5):
        sessions.begin(ADA)
        clock.now += 13 * 3600
    assert len(sessions) == 0


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"a": 1}', b"\xff"])
def test_a_damaged_file_has_all_log_in_anew(file: Path, clock: Clock, content: bytes) -> None:
    file.write_bytes(content)
    sessions = made(file, clock)
    assert sessions.find("x") is None
    token = sessions.begin(ADA)
    assert made(file, clock).find(token) is not None


def test_a_full_disk_keeps_nobody_out(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "no-folder").write_text("")
    sessions = made(tmp_path / "no-folder" / "sessions.json", clock)
    assert sessions.find(sessions.begin(ADA)) is not None


def test_a_clock_that_is_set_back_makes_no_session_longer(file: Path, clock: Clock) -> None:
    sessions = made(file, clock)
    token = sessions.begin(ADA)
    clock.now -= 60
    assert sessions.find(token) is not None
    clock.now -= 3600
    assert sessions.find(token) is None


def test_all_that_have_not_ended_are_told(file: Path, clock: Clock) -> None:
    sessions = made(file, clock)
    first = sessions.begin(ADA)
    clock.now += 50 * 60
    sessions.begin(ADA)
    assert [one.account for one in sessions.alive()] == ["id-ada", "id-ada"]
    clock.now += 20 * 60
    (alive,) = sessions.alive()
    assert alive.began == clock.now - 20 * 60
    assert sessions.find(first) is None
