"""Proxies that stand before Footnote: which are believed, and what they say of a request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from starlette.datastructures import Headers

# With one of these somebody passed a request on: it comes from elsewhere, whatever the connection says.
_PASSED_ON = ("forwarded", "via", "x-real-ip", "x-client-ip", "x-original-host")
_PASSED_ON_BEGINS = "x-forwarded"


def is_passed_on(headers: Mapping[str, str]) -> bool:
    """Whether a request says that it has come by way of a proxy."""
    return any(name in _PASSED_ON or name.startswith(_PASSED_ON_BEGINS) for name in headers)


@dataclass(frozen=True, slots=True)
class Sender:
    """Where a request comes from. `user` is whom a believed proxy names; `host` is what the browser asked."""

    address: str
    host: str
    is_secure: bool
    through_proxy: bool
    user: str | None = None


class Proxies:
    """Reads requests, and believes what proxies add to them from the given addresses alone."""

    def __init__(self, ranges: Iterable[str] = (), *, header: str | None = None) -> None:
        """`header` is the one in which a proxy names the person that it has let in."""
        self._ranges = tuple(ip_network(one, strict=False) for one in ranges)
        self._header = header

    @property
    def names_users(self) -> bool:
        """Whether it is a proxy that knows who asks."""
        return self._header is not None

    def sender(self, scope: Any) -> Sender:
        """Who sent a request, as far as it can be believed."""
        headers = Headers(scope=scope)
        client = scope.get("client")
        peer = str(client[0]) if client else ""
        host = headers.get("host", "")
        is_secure = scope.get("scheme") in ("https", "wss")
        if not self._believes(peer):
            return Sender(peer, host, is_secure, through_proxy=is_passed_on(headers))
        return Sender(
            address=self._first_stranger(headers.getlist("x-forwarded-for")) or peer,
            host=headers.get("x-forwarded-host", host),
            is_secure=is_secure or headers.get("x-forwarded-proto", "").lower() == "https",
            through_proxy=True,
            user=self._user(headers),
        )

    def _user(self, headers: Headers) -> str | None:
        if self._header is None:
            return None
        named = [_as_written(name).strip() for name in headers.getlist(self._header)]
        # Two of them mean that one came from outside.
        return named[0] if len(named) == 1 and named[0] else None

    def _first_stranger(self, lists: Iterable[str]) -> str | None:
        """The last address in the chain that is no proxy of ours; those before it, anyone could write."""
        chain = [one.strip() for line in lists for one in line.split(",") if one.strip()]
        last = next((one for one in reversed(chain) if not self._believes(one)), None)
        return last if last is not None and _parsed(last) is not None else None

    def _believes(self, address: str) -> bool:
        parsed = _parsed(address)
        return parsed is not None and any(
            parsed in one for one in self._ranges if one.version == parsed.version
        )


def _as_written(value: str) -> str:
    """A header's text: servers read its bytes as Latin-1, and proxies write them as UTF-8."""
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


def is_of_this_machine(address: str) -> bool:
    """Whether an address is one of loopback."""
    parsed = _parsed(address)
    return parsed is not None and parsed.is_loopback


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed
