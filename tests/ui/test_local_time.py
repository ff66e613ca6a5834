from datetime import UTC, datetime, timedelta, timezone

import pytest

from ui.local_time import clock_html, clock_time, last_and_next, parsed

PARIS = timezone(timedelta(hours=1))
NOW = datetime(2026, 3, 5, 0, 30, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 3, 4, 23, 5, tzinfo=UTC), "00:05"),
        (datetime(2026, 3, 4, 22, 5, tzinfo=UTC), "4 Mar 23:05"),
        (datetime(2026, 3, 5, 23, 0, tzinfo=UTC), "6 Mar 00:00"),
        (datetime(2025, 12, 31, 12, 0, tzinfo=UTC), "31 Dec 2025 13:00"),
    ],
)
def test_a_time_is_told_in_the_local_zone_with_the_day_where_it_is_not_today(
    moment: datetime, words: str
) -> None:
    assert clock_time(moment, NOW) == words


def test_machines_read_the_time_in_utc() -> None:
    assert clock_html(NOW, NOW) == '<time datetime="2026-03-04T23:30:00+00:00">00:30</time>'


def test_last_and_next_are_told_as_far_as_they_are_known() -> None:
    def told(last: datetime | None, coming: datetime | None) -> str:
        import re

        return re.sub(r"<[^>]+>", "", last_and_next(last, coming, NOW))

    hours = timedelta(hours=6)
    assert told(NOW, NOW + hours) == "Last 00:30 | Next 06:30"
    assert told(NOW - hours, NOW - hours / 2) == "Last 4 Mar 18:30 | Next now"
    assert told(None, None) == "Not synced yet | Next by hand"


def test_what_is_no_time_is_none() -> None:
    assert parsed("yesterday") is None
    assert parsed(None) is None
    assert parsed("2026-03-05T12:00:00") == datetime(2026, 3, 5, 12, tzinfo=UTC)
