"""What lies between two figures."""

import pytest

from assistant.proof.ranges import other_range

HOURS = "Bicycles may come along before 7 a.m., between 9 a.m. and 4 p.m., and after 6.30 p.m."


@pytest.mark.parametrize(
    ("sentence", "text", "wrong"),
    [
        ("Bicycles may come along from 7 a.m. to 9 a.m.", HOURS, "from 7 to 9"),
        ("Bicycles may come along from 9 a.m. to 4 p.m.", HOURS, None),
        ("It is kept at 2 to 20 °C.", "Red cells: 2–6 °C; platelets: 20–24 °C.", "from 2 to 20"),
        ("It is kept between 2 and 6 °C.", "Red cells: 2–6 °C; platelets: 20–24 °C.", None),
        ("Loss fell from 30% to 12%.", "Loss fell from 30% in 2024 to 12% in 2026.", None),
        ("Its share went from 25% in 2024 to 11% in 2026.", "It had 25% in 2024 and 11% in 2026.", None),
        ("The price rose from 69 to 74 euros.", "The price is 74 euros now; it was 69.", None),
        ("It opens from 8:00 to 9:30.", "It opens from 8:00 to 9:30, and from 11 to 12.", None),
        (
            "It opens from 8:00 to 11:00.",
            "It opens from 8:00 to 9:30, and from 11:00 to 12:00.",
            "from 8:00 to 11:00",
        ),
        ("It is open from 9 am to 5 pm.", "9 am until 5 pm on weekdays and 9 am to 1 pm on Sundays.", None),
        ("It is open from 9 am to 5 pm.", "9 a.m.–5 p.m. on weekdays, 9 a.m.–1 p.m. on Sundays.", None),
        ("It fell from 12% to 8%.", "It fell from 12% to 10% and later from 10% to 8%.", None),
        ("It rose from 20% to 30%.", "It rose from 20% to 25% in 2024 and to 30% in 2025.", None),
        ("A plan of 1,000 to 2,000 euros.", "Plans of 1000 to 2000 euros.", None),
    ],
)
def test_a_range_is_one_that_the_article_has(sentence: str, text: str, wrong: str | None) -> None:
    assert other_range(sentence, text) == wrong
