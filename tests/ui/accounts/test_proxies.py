import pytest

from ui.accounts.proxies import Proxies, Sender, is_of_this_machine


def sender(proxies: Proxies, peer: str, *headers: tuple[str, str], scheme: str = "http") -> Sender:
    sent = [(name.lower().encode(), value.encode()) for name, value in (("Host", "10.0.0.5:7860"), *headers)]
    return proxies.sender({"type": "http", "client": (peer, 1), "scheme": scheme, "headers": sent})


BEHIND = Proxies(("10.0.0.1", "10.9.0.0/16"), header="X-Remote-User")
FORWARDED = (
    ("X-Forwarded-For", "192.0.2.7"),
    ("X-Forwarded-Proto", "https"),
    ("X-Forwarded-Host", "notes.example"),
    ("X-Remote-User", "ada"),
)


def test_what_a_stranger_adds_to_a_request_is_not_believed() -> None:
    for peer in ("10.0.0.2", "127.0.0.1", "::1", "", "nonsense", "10.0.0.1.evil"):
        found = sender(BEHIND, peer, *FORWARDED)
        assert (found.address, found.host, found.is_secure, found.user) == (
            peer,
            "10.0.0.5:7860",
            False,
            None,
        )
        assert found.through_proxy


def test_what_a_known_proxy_adds_is_believed() -> None:
    for peer in ("10.0.0.1", "10.9.3.4", "::ffff:10.0.0.1"):
        found = sender(BEHIND, peer, *FORWARDED)
        assert found == Sender("192.0.2.7", "notes.example", True, True, "ada")


def test_two_names_are_none() -> None:
    found = sender(BEHIND, "10.0.0.1", ("X-Remote-User", "ada"), ("X-Remote-User", "rita"))
    assert found.user is None
    assert sender(BEHIND, "10.0.0.1", ("X-Remote-User", " ")).user is None


def test_a_name_is_read_as_proxies_write_it() -> None:
    for name in ("Jürgen", "ada", "Łucja"):
        scope = {
            "type": "http",
            "client": ("10.0.0.1", 1),
            "scheme": "http",
            "headers": [(b"x-remote-user", name.encode())],
        }
        assert BEHIND.sender(scope).user == name


def test_without_the_setting_no_header_names_anybody() -> None:
    assert sender(Proxies(("10.0.0.1",)), "10.0.0.1", *FORWARDED).user is None


def test_the_address_is_the_last_one_that_no_proxy_of_ours_has() -> None:
    chain = ("X-Forwarded-For", "1.1.1.1, 192.0.2.7, 10.9.0.9")
    assert sender(BEHIND, "10.0.0.1", chain).address == "192.0.2.7"
    lines = (("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-For", "192.0.2.8"))
    assert sender(BEHIND, "10.0.0.1", *lines).address == "192.0.2.8"
    assert sender(BEHIND, "10.0.0.1").address == "10.0.0.1"


@pytest.mark.parametrize(
    "written", ["unknown", "ada from 10.0.0.9 failed", "\x1b[2J", "192.0.2.7:99999999", "a" * 5000]
)
def test_what_is_no_address_is_not_taken_for_one(written: str) -> None:
    assert sender(BEHIND, "10.0.0.1", ("X-Forwarded-For", written)).address == "10.0.0.1"


@pytest.mark.parametrize("header", ["Via", "Forwarded", "X-Real-IP", "X-Forwarded-Proto", "X-Forwarded-For"])
def test_a_proxy_is_known_by_any_of_its_headers(header: str) -> None:
    assert sender(Proxies(), "127.0.0.1", (header, "x")).through_proxy
    assert not sender(Proxies(), "127.0.0.1").through_proxy


def test_tls_here_is_secure_without_a_proxy() -> None:
    assert sender(Proxies(), "192.0.2.7", scheme="https").is_secure


@pytest.mark.parametrize(
    ("address", "is_near"),
    [
        *((near, True) for near in ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1")),
        *((far, False) for far in ("10.0.0.1", "", "localhost", "testclient")),
    ],
)
def test_this_machine_is_known(address: str, is_near: bool) -> None:
    assert is_of_this_machine(address) is is_near
