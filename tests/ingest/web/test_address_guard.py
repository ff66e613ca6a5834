"""No way leads to this machine or to an inner network, unless the settings say so."""

import socket
import threading

import pytest

from ingest.errors import AddressRefused, FetchFailed
from ingest.web import address_guard
from ingest.web.address_guard import AddressGuard, look_up


def guard(*addresses: str, allowed: tuple[str, ...] = ()) -> AddressGuard:
    return AddressGuard(allowed, resolve=lambda host, port: addresses)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_public_addresses_pass(address: str) -> None:
    assert guard(address).addresses("a.example", 443) == (address,)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.1",
        "::1",
        "10.0.0.5",
        "172.16.3.4",
        "192.168.1.1",
        "fd00::1",
        "fc00::1",
        "169.254.169.254",
        "fe80::1",
        "fe80::1%eth0",
        "0.0.0.0",
        "0.1.2.3",
        "::",
        "100.64.0.1",
        "192.0.0.8",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.1.1.1",
        "ff02::1",
        "240.0.0.1",
        "255.255.255.255",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::1",
        "2002:a00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "no address",
        "",
    ],
)
def test_all_others_are_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        guard(address).addresses("a.example", 443)


def test_one_inner_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
        guard("93.184.216.34", "10.0.0.1").addresses("a.example", 443)


def test_a_range_of_the_settings_is_let_through_and_nothing_beside_it() -> None:
    allowed = ("10.1.0.0/16", "fd00:1::/32")
    for address in ("10.1.2.3", "fd00:1::5", "::ffff:10.1.2.3"):
        assert guard(address, allowed=allowed).addresses("wiki", 443) == (address,)
    for address in ("10.2.0.1", "fd00:2::1", "127.0.0.1"):
        with pytest.raises(AddressRefused, match="allowed_networks"):
            guard(address, allowed=allowed).addresses("wiki", 443)


def test_a_host_that_is_not_found_is_told() -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchFailed, match=r"a\.example: the host cannot be found .*not known"):
        AddressGuard(resolve=nobody).addresses("a.example", 443)


def test_other_ways_to_write_an_address_are_seen_through() -> None:
    # As the system's look-up takes them.
    guard = AddressGuard(resolve=lambda host, port: [socket.inet_ntoa(socket.inet_aton(host))])
    for written in ("127.1", "2130706433", "0x7f000001", "0177.0.0.1"):
        with pytest.raises(AddressRefused, match=r"127\.0\.0\.1"):
            guard.addresses(written, 80)


def test_the_system_is_asked_where_nothing_else_is_given() -> None:
    with pytest.raises(AddressRefused, match=r"127\.0\.0\.1|::1"):
        AddressGuard().addresses("localhost", 80)


def test_a_look_up_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(address_guard.socket, "getaddrinfo", lambda *_, **__: released.wait(60) and [])
    with pytest.raises(TimeoutError):
        look_up("a.example", 443, seconds=0.02)
    released.set()
