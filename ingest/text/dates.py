"""Dates as articles carry them, turned into ISO days. What is not plainly a date is None."""

import re
from datetime import date

# English, German, French, Spanish, Italian, Portuguese, Dutch, Russian and Arabic.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero gennaio janeiro januari января يناير",
            "feb february februar février fevrier febrero febbraio fevereiro februari февраля فبراير",
            "mar march märz maerz mars marzo março maart марта مارس",
            "apr april avril abril aprile апреля أبريل ابريل",
            "may mai mayo maggio maio mei мая مايو",
            "jun june juni juin junio giugno junho июня يونيو",
            "jul july juli juillet julio luglio julho июля يوليو",
            "aug august août aout agosto augustus августа أغسطس اغسطس",
            "sep sept september septembre septiembre settembre setembro сентября سبتمبر",
            "oct october okt oktober octobre octubre ottobre outubro октября أكتوبر اكتوبر",
            "nov november novembre noviembre novembro ноября نوفمبر",
            "dec december dez dezember décembre decembre diciembre dicembre dezembro декабря ديسمبر",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ISO = re.compile(r"(?<!\d)(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?!\d)")
# Without signs between them, only of a century in which people name files so.
_AT_NAME = re.compile(r"\A(?:(\d{4})([-_.])(\d{1,2})\2(\d{1,2})|((?:19|20)\d{2})()(\d{2})(\d{2}))(?!\d)")
_DAY_FIRST = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+)?([^\W\d_]{3,10})\.?,?\s+(?:de\s+)?(\d{4})(?!\d)"
)
# Only where points stand between them is the day known to come first.
_POINTS = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?![\d.]*\d)")
_SIGNS = re.compile(r"(?<!\d)(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日")
_MONTH_FIRST = re.compile(r"([A-Z][A-Za-z]{2,11})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(,?)\s+(\d{4})(?!\d)")


def iso_date(value: str | None) -> str | None:
    """The first date in `value` as YYYY-MM-DD, in the author's own time zone; None when there is none."""
    if not value:
        return None
    found = _ISO.search(value)
    if found:
        return _day(int(found[1]), int(found[3]), int(found[4]))
    for found in _DAY_FIRST.finditer(value):
        if found[2].lower() in _MONTHS:
            return _day(int(found[3]), _MONTHS[found[2].lower()], int(found[1]))
    if found := _SIGNS.search(value):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    for found in _MONTH_FIRST.finditer(value):
        # "readApr 13, 2026": page furniture glues words together, so the month may be the tail of one.
        # Where no comma stands, that is asking too much of chance.
        month = next((_MONTHS[found[1].lower()[i:]] for i in range(len(found[1]) - 2 if found[3] else 1)
                      if found[1].lower()[i:] in _MONTHS), None)  # fmt: skip
        if month:
            return _day(int(found[4]), month, int(found[2]))
    return None


def date_with_points(value: str | None) -> str | None:
    """A day written as 4.3.2026, or None: for lines in which a date is expected, else it may be a version."""
    found = _POINTS.search(value or "")
    return _day(int(found[3]), int(found[2]), int(found[1])) if found else None


def date_in_file_name(name: str) -> str | None:
    """The date that a file name begins with (2026-04-02-title.md, 20260402 title.md), or None."""
    found = _AT_NAME.match(name)
    if found is None:
        return None
    year, month, day = (found[1], found[3], found[4]) if found[1] else (found[5], found[7], found[8])
    return _day(int(year), int(month), int(day))


def without_date(name: str) -> str:
    """A file's name without the date that it begins with."""
    return _AT_NAME.sub("", name, count=1).lstrip("-_ .") if date_in_file_name(name) else name


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
