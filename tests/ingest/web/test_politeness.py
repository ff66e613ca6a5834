"""Manners towards hosts: pauses, and the waits that they ask for."""

from datetime import UTC, datetime

import pytest
from tiny_site import StillTime

from ingest.web.politeness import PolitePauses, retry_after

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_one_host_is_given_a_pause_and_another_need_not_wait_for_it(time: StillTime) -> None:
    pauses = PolitePauses(time.clock, time.sleep, pause=1.0, longest=30.0)
    for host in ("a", "b", "a", "a"):
        pauses.before(host)
        pauses.after(host)
        time.now += 0.25
    assert time.slept == [0.5, 0.75]


def test_a_host_may_ask_for_more_up_to_a_bound_and_never_for_less(time: StillTime) -> None:
    pauses = PolitePauses(time.clock, time.sleep, pause=1.0, longest=30.0)
    for asked in (5.0, 3600.0, 0.1, -4.0, None):
        pauses.ask_for("a", asked)
        pauses.before("a")
        pauses.after("a")
    assert time.slept == [30.0, 1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("17", 17.0),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("\xb2", None),
        ("Sun, 01 Mar 2026 12:00:30 +" + "9" * 30, None),
        ("Sun, 01 Mar " + "9" * 20 + " 12:00:30 GMT", None),
    ],
)
def test_a_wait_is_asked_for_in_seconds_or_by_a_time(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds
