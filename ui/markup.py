"""Text into HTML: all that a model or an article says is escaped here, and links are checked."""

from datetime import date
from html import escape as _escape
from urllib.parse import urlsplit

_MONTHS = "January February March April May June July August September October November December".split()


def text(value: str) -> str:
    """Plain text for an element's content or a double-quoted attribute."""
    return _escape(value, quote=True)


def safe_link(url: str | None) -> str | None:
    """The address when it may be linked to: http or https with a host, and nothing odd in it."""
    if not url or any(character.isspace() or not character.isprintable() for character in url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and host else None


def host_of(url: str) -> str:
    """The host of a safe link, without a leading "www."."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


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


def when(value: str | None) -> str:
    """A <time> element for an ISO date, or nothing."""
    return f'<time datetime="{text(value)}">{text(day(value))}</time>' if value else ""


def plural(number: int, one: str, more: str | None = None) -> str:
    """A count with its noun: "1 article", "2,000 articles"."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def listed(names: tuple[str, ...], limit: int = 4) -> str:
    """Names in a row, the first `limit` of them, and how many more there are."""
    rest = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {rest} more" if rest > 0 else "")
