"""The one place through which text reaches a page: it is escaped here, and links are checked.

Markup is its own type, `Html`. What is put into a pattern of markup is escaped unless it is `Html` already,
so that text of an article, a file name, a question or a model stays text wherever it is shown.
"""

import re
from collections.abc import Iterable
from html import escape as _escape
from urllib.parse import urlsplit

from index_store.iso_day import day

# No sign to be read: control characters, and those that reorder the words behind them, the page's too
# (embeddings, overrides, isolates). Spaces, line ends and the marks that Arabic and Hebrew need stay.
_UNSHOWN = r"\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
_NEVER_SHOWN = re.compile(f"[{_UNSHOWN}]")
# Half of a character cannot be sent at all, and no parser takes a NUL.
_UNSENDABLE = re.compile(r"[\x00\ud800-\udfff]")
_NOT_PLAIN = re.compile(rf"""[&<>"'{_UNSHOWN}\ud800-\udfff]""")


class Html(str):
    """Finished markup. Only this module makes it: from patterns in the code, with all else escaped."""

    __slots__ = ()


NOTHING = Html("")


def shown(value: str) -> str:
    """The text as a person sees it: without control characters, and without what reorders a line."""
    return _UNSENDABLE.sub("\ufffd", _NEVER_SHOWN.sub("", value))


def text(value: str | int) -> Html:
    """Plain text for an element's content or a quoted attribute; markup stays as it is."""
    if type(value) is Html:
        return value
    plain = str(value)
    # A library's table has tens of thousands of values, nearly all of them plain.
    return Html(_escape(shown(plain), quote=True) if _NOT_PLAIN.search(plain) else plain)


def exact(value: str) -> Html:
    """Text for an attribute that is read back, not shown: an address, a file's name. Nothing is left out."""
    return Html(_escape(_UNSENDABLE.sub("\ufffd", value), quote=True))


def html(pattern: str, *values: str | int, **named: str | int) -> Html:
    """Markup by a pattern that stands in the code, with `{}` and `{name}` for values, which are escaped.

    Within a tag a value stands in double quotes, or is an `attribute`.
    """
    escaped = {name: value if type(value) is Html else text(value) for name, value in named.items()}
    return Html(pattern.format(*map(text, values), **escaped))


def joined(parts: Iterable[str], between: str = "") -> Html:
    """The parts in a row, escaped where they are text; empty ones are left out."""
    return Html(text(between).join(text(part) for part in parts if part))


def attribute(name: str, value: str | bool | None) -> Html:
    """An attribute with a space before it; nothing for None and False, the bare name for True."""
    if value is None or value is False:
        return NOTHING
    return Html(f" {name}") if value is True else Html(f' {name}="{text(value)}"')


def isolated(value: str) -> Html:
    """Text within a line of other words: if it is written from right to left, these keep their order."""
    return html("<bdi>{}</bdi>", value) if value else NOTHING


def safe_link(url: str | None) -> str | None:
    """The address when it may be linked to: http or https with a host, and nothing odd in it."""
    if not url or any(character.isspace() or not character.isprintable() for character in url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    # Browsers take a backslash for a slash, and would go to another host than the one that is named here.
    return url if parts.scheme in {"http", "https"} and host and "\\" not in url else None


def outward_link(url: str | None, icon: Html) -> Html:
    """A link to an article's own address, by its host, in a new tab that learns nothing of this page.

    Nothing where the address may not be linked to.
    """
    link = safe_link(url)
    if link is None:
        return NOTHING
    return html(
        '<a href="{link}" target="_blank" rel="noopener noreferrer" referrerpolicy="no-referrer">'
        '{host}{icon}<span class="visually-hidden">(opens in a new tab)</span></a>',
        link=exact(link),
        host=isolated(host_of(link)),
        icon=icon,
    )


def host_of(url: str) -> str:
    """The host of a safe link, without a leading "www."."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


def when(value: str | None) -> Html:
    """A <time> element for an ISO date, or nothing."""
    return html('<time datetime="{}">{}</time>', value, day(value)) if value else NOTHING


def plural(number: int, one: str, more: str | None = None) -> str:
    """A count with its noun: "1 article", "2,000 articles"."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def listed(names: tuple[str, ...], limit: int = 4) -> str:
    """Names in a row, the first `limit` of them, and how many more there are."""
    rest = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {rest} more" if rest > 0 else "")
