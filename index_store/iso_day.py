"""The dates of articles, as a person reads them."""

from datetime import date

_MONTHS = "January February March April May June July August September October November December".split()


def day(value: str | None) -> str:
    """An ISO date (YYYY, YYYY-MM or YYYY-MM-DD) in words; anything else as it is; None is empty."""
    if not value:
        return ""
    pieces = value[:10].split("-")
    try:
        numbers = [int(piece) for piece in pieces]
        whole = date(*[*numbers, 1, 1][:3])
    except (ValueError, TypeError):
        return value
    month = _MONTHS[whole.month - 1]
    return {1: f"{whole.year}", 2: f"{month} {whole.year}", 3: f"{whole.day} {month} {whole.year}"}.get(
        len(numbers), value
    )
