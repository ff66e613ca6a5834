"""Which addresses of the network may be asked: public ones, and those that the settings allow.

A link, a redirect or a name can lead to this machine or to an inner network, whose services trust whoever
reaches them. So names are looked up here, every address that comes of it is checked, and the connection goes
to the checked address itself: a second look-up could say something else.
"""

import ipaddress
import socket
import threading
from collections.abc import Callable, Sequence

from ingest.errors import AddressRefused, FetchFailed

Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a host. Raises OSError when there are none."""

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Of IANA's registries of special addresses, what Python's `is_global` lets pass in one version or another.
_SPECIAL = tuple(
    map(
        ipaddress.ip_network,
        "192.0.0.0/24 192.88.99.0/24 64:ff9b:1::/48 100::/63 2001::/23 3fff::/20 5f00::/16".split(),
    )
)
_LOOK_UP_SECONDS = 10.0


def look_up(host: str, port: int, *, seconds: float = _LOOK_UP_SECONDS) -> list[str]:
    """The addresses of a host as this machine's resolver gives them.

    In a thread of its own, because a look-up knows no time limit. Raises OSError.
    """
    found: list[str] = []
    failed: list[OSError] = []

    def ask() -> None:
        try:
            found.extend(str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except UnicodeError as error:
            failed.append(OSError(str(error)))
        except OSError as error:
            failed.append(error)

    thread = threading.Thread(target=ask, name="look-up", daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if not found:
        raise TimeoutError(f"no answer in {seconds:g} seconds")
    return list(dict.fromkeys(found))


class AddressGuard:
    """Looks up hosts and lets public addresses through, and those in the ranges `allowed` (CIDR)."""

    def __init__(self, allowed: Sequence[str] = (), *, resolve: Resolve = look_up) -> None:
        self._allowed = [ipaddress.ip_network(one, strict=False) for one in allowed]
        self._resolve = resolve

    def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """The checked addresses of a host, to be connected to as they are.

        Raises FetchFailed when the host is not found, AddressRefused when any of its addresses is not public.
        """
        try:
            found = self._resolve(host, port)
        except OSError as error:
            why = error.strerror or str(error)
            raise FetchFailed(
                host, f"the host cannot be found ({why}); check the address and the network"
            ) from error
        for address in found:
            self._check(host, address)
        return tuple(found)

    def _check(self, host: str, written: str) -> None:
        try:
            address = _plain(ipaddress.ip_address(written.partition("%")[0]))
        except ValueError as error:
            raise AddressRefused(host, f"{written!r} is no address of the network; check the name") from error
        if any(address.version == range.version and address in range for range in self._allowed):
            return
        if not _is_public(address):
            raise AddressRefused(
                host,
                f"its address {written} is not public; if it is to be read, add its range to the setting "
                "allowed_networks",
            )


def _plain(address: _Address) -> _Address:
    """The IPv4 address that an IPv6 address stands for, where it is but another way of writing it."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_public(address: _Address) -> bool:
    if (
        not address.is_global
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or address.is_loopback
        or address.is_link_local
    ):
        return False
    # A 6to4 tunnel ends at whatever IPv4 address is written into it, and hardly anybody serves behind one.
    if isinstance(address, ipaddress.IPv6Address) and address.sixtofour:
        return False
    return not any(address.version == range.version and address in range for range in _SPECIAL)
