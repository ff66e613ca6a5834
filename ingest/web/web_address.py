"""Web addresses as names: one spelling for each page, whoever names it."""

import re
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from ingest.errors import AddressUnusable

LONGEST = 2_000
"""How many characters an address may have; most servers take no more."""

_PORTS = {"http": 80, "https": 443}
# Browsers and servers read these in different ways.
_NOT_WRITTEN = re.compile(r"[\x00-\x1f\x7f\\]")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?|\[[0-9a-f:.]+\]")
# What campaigns and sharing buttons hang onto a link: it says where a reader came from, not what is read.
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_hsenc|_hsmi|mkt_tok|oly_\w+_id|vero_id|"
    r"ref_src|ref_url|xtor|wt_mc|cmpid|spm|at_(?:medium|campaign)",
    re.IGNORECASE,
)


def is_web_address(place: str) -> bool:
    """Whether a named place is meant as an address, rather than as a folder or a file."""
    return bool(re.match(r"[a-z][a-z0-9+.-]*://", place.strip(), re.IGNORECASE))


def web_address(given: str) -> str:
    """An address in its one spelling: scheme and host small, no default port, no fragment, ASCII alone.

    Raises AddressUnusable for what is no http or https address, or names a user or a password.
    """
    text = given.strip()
    if len(text) > LONGEST:
        # Not shown, since a password may stand in it; not taken apart, since that takes long.
        raise AddressUnusable(f"source: an address of {len(text)} characters, over {LONGEST}; check it")
    try:
        parts = urlsplit(text)
        port = parts.port
        host = _host(parts.hostname or "")
    except (ValueError, UnicodeError) as error:
        raise AddressUnusable(f"source {given!r}: no web address ({error}); check it") from error
    if parts.username is not None or parts.password is not None:
        shown = f"{parts.scheme}://...@{parts.hostname}"
        raise AddressUnusable(f"source {shown!r}: it names a user or a password; give it without them")
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host):
        raise AddressUnusable(f"source {given!r}: no web address; it must begin with http:// or https://")
    if _NOT_WRITTEN.search(text):
        raise AddressUnusable(f"source {given!r}: it has characters that no address has; check it")
    place = host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"
    return urlunsplit((parts.scheme, place, _quoted(parts.path) or "/", _quoted(parts.query), ""))


def page_address(url: str) -> str:
    """What a page is known by: its address without what only tracks the reader. Raises AddressUnusable."""
    parts = urlsplit(web_address(url))
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if not any(_TRACKING.fullmatch(name) for name, _ in pairs):
        return urlunsplit(parts)
    kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def canonical_address(url: str, named: str | None) -> str:
    """The address of a page at `url` that names another one as its own (rel=canonical).

    What is named counts on the same site alone, and not when it is the site's front page and `url` is not:
    pages made carelessly all name that. Raises AddressUnusable for a wrong `url`.
    """
    own = page_address(url)
    if not named:
        return own
    try:
        other = page_address(urljoin(url, named.strip()))
    except (AddressUnusable, ValueError):
        return own
    mine, theirs = urlsplit(own), urlsplit(other)
    if site_of(own) != site_of(other) or (theirs.path == "/" and not theirs.query and mine.path != "/"):
        return own
    return other


def site_of(url: str) -> str:
    """The host and port that serve an address, with or without www."""
    return urlsplit(url).netloc.removeprefix("www.")


def host_of(url: str) -> str:
    """The host of an address, without its port."""
    return urlsplit(url).hostname or ""


def port_of(url: str) -> int:
    """The port of an address, written or not."""
    parts = urlsplit(url)
    return parts.port or _PORTS.get(parts.scheme, 0)


def _host(name: str) -> str:
    if ":" in name:
        return f"[{name}]"
    name = name.lower().rstrip(".")
    return name if name.isascii() else name.encode("idna").decode()


def _quoted(part: str) -> str:
    return quote(part, safe="/%:@!$&'()*+,;=~-._?[]")
