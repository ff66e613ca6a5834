"""Which days are read from what people write, and that none is guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.dates import date_in_file_name, date_with_points, iso_date


@pytest.mark.parametrize(
    "text",
    [
        "2025-04-09",
        "2025-4-9",
        "2025/04/09",
        "2025-04-09T23:59:59-11:00",
        "2025-04-09 00:00:00 +1400",
        "2025-04-09T00:30:00Z",
        "9 April 2025",
        "9th Apr. 2025",
        "09 apr 2025",
        "April 9, 2025",
        "Apr 9th, 2025",
        "April 9 2025",
        "Apr. 9th 2025",
        "APRIL 9, 2025",
        "Wed, 09 Apr 2025 23:30:00 -0700",
        "Published April 9, 2025 · 8 min read",
        "8 min readApr 9, 2025",
        "10 models 1999 words, 9 April 2025",
        "  2025-04-09  ",
        "9. April 2025",
        "le 9 avril 2025",
        "9 de abril de 2025",
        "9 апреля 2025 г.",
        "9 أبريل 2025",
        "2025年4月9日",
    ],
)
def test_the_day_is_the_one_that_the_author_wrote(text: str) -> None:
    assert iso_date(text) == "2025-04-09"


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        "yesterday",
        "2025",
        "2025-04",
        "04/09/2025",
        "2025-13-01",
        "2025-02-30",
        "32 April 2025",
        "9 Qwen 2025",
        "version 12025-04-09",
        "2025-04-091",
        "Mayor 9, 2025 words",
        "Mayor 9 2025",
        "Gemma 9 2025",
        "0000-01-01",
        "1.5.2025",
    ],
)
def test_what_is_not_plainly_a_day_is_none(text: str | None) -> None:
    assert iso_date(text) is None


def test_the_date_in_a_file_name_stands_at_its_beginning() -> None:
    assert date_in_file_name("2026-04-02-gemma4.md") == "2026-04-02"
    assert date_in_file_name("2026-04-02.md") == "2026-04-02"
    assert date_in_file_name("2026-04-02_gemma.md") == "2026-04-02"
    assert date_in_file_name("notes-2026-04-02.md") is None
    assert date_in_file_name("2026-04-31-no-such-day.md") is None
    assert date_in_file_name("gemma4.md") is None


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_is_read_however_it_is_spelt(day: date) -> None:
    for spelt in ("%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%Y/%m/%d", "%Y-%m-%dT23:59:59-11:00"):
        assert iso_date(day.strftime(spelt)) == day.isoformat()
    assert date_in_file_name(f"{day.isoformat()}-title.md") == day.isoformat()


@given(st.text())
def test_any_text_is_read_without_failing(text: str) -> None:
    found = iso_date(text)
    assert found is None or date.fromisoformat(found)


@pytest.mark.parametrize("text", ["09.04.2025", "9.4.2025, 07:30", "am 9. 4. 2025"])
def test_where_a_date_is_expected_points_may_part_its_numbers(text: str) -> None:
    assert date_with_points(text) == "2025-04-09"


@pytest.mark.parametrize("text", ["", None, "1.2.3.2025", "9.4.20255", "31.2.2025", "2025.4.9"])
def test_numbers_between_points_that_are_no_day_are_none(text: str | None) -> None:
    assert date_with_points(text) is None
