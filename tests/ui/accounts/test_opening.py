from pathlib import Path
from typing import Any

import pytest
from certificates import certificate

from index_store.errors import UsageError
from ui.accounts.account_file import AccountFile, AccountsUnusable
from ui.accounts.opening import check_opening, is_local, warning
from ui.accounts.person import Role
from ui.home import Home
from ui.settings.settings import Settings


@pytest.fixture
def house(tmp_path: Path) -> Home:
    return Home(tmp_path / "house")


def settings(**changes: Any) -> Settings:
    return Settings(**changes)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost", "::1"])
def test_on_this_machine_no_accounts_are_needed(house: Home, host: str) -> None:
    assert is_local(host)
    check_opening(house, settings(host=host))
    assert not house.root.exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "pc.example", "localhost.example"])
def test_on_any_other_host_it_is_refused_in_one_line_that_says_how_to_go_on(house: Home, host: str) -> None:
    with pytest.raises(UsageError) as told:
        check_opening(house, settings(host=host))
    line = str(told.value)
    assert "\n" not in line
    assert host in line
    assert "footnote users add NAME --role admin" in line
    assert "proxy_header" in line


def test_with_accounts_or_a_proxy_that_names_people_it_may_be_opened(house: Home) -> None:
    check_opening(house, settings(host="0.0.0.0", proxy_header="X-User", proxy_addresses=("10.0.0.1",)))
    with pytest.raises(UsageError):
        check_opening(house, settings(host="0.0.0.0", proxy_addresses=("10.0.0.1",)))
    AccountFile(house.accounts).add("ada", Role.ADMIN, "hash")
    check_opening(house, settings(host="0.0.0.0"))


def test_on_this_machine_too_a_proxy_needs_accounts_or_has_to_name_people(house: Home) -> None:
    with pytest.raises(UsageError, match=r"setting proxy_addresses: others come by way of 127\.0\.0\.1"):
        check_opening(house, settings(proxy_addresses=("127.0.0.1",)))
    check_opening(house, settings(proxy_addresses=("127.0.0.1",), proxy_header="X-User"))
    AccountFile(house.accounts).add("ada", Role.ADMIN, "hash")
    check_opening(house, settings(proxy_addresses=("127.0.0.1",)))


def test_accounts_that_cannot_be_read_open_nothing(house: Home) -> None:
    house.root.mkdir()
    house.accounts.write_text("{")
    for host in ("0.0.0.0", "127.0.0.1"):
        with pytest.raises(AccountsUnusable, match=r"accounts\.json"):
            check_opening(house, settings(host=host))


def test_without_tls_for_others_it_is_said_that_passwords_can_be_read(house: Home) -> None:
    told = warning(settings(host="0.0.0.0"))
    assert told is not None
    assert "tls_certificate" in told
    assert warning(settings()) is None
    assert warning(settings(host="0.0.0.0", proxy_addresses=("10.0.0.1",))) is None
    assert warning(settings(host="0.0.0.0", tls_certificate="c", tls_key="k")) is None


@pytest.mark.whole
def test_a_certificate_with_its_key_is_taken(house: Home, tmp_path: Path) -> None:
    pem, key = certificate(tmp_path)
    check_opening(house, settings(tls_certificate=str(pem), tls_key=str(key)))


@pytest.mark.whole
def test_a_certificate_that_cannot_be_used_is_told_before_anything_is_opened(
    house: Home, tmp_path: Path
) -> None:
    pem, key = certificate(tmp_path)
    other = tmp_path / "other.pem"
    other.write_text("nonsense")
    wrong: list[tuple[dict[str, str], str]] = [
        ({"tls_certificate": str(pem)}, "tls_key is missing"),
        ({"tls_key": str(key)}, "tls_certificate is missing"),
        ({"tls_certificate": str(tmp_path / "none"), "tls_key": str(key)}, "No such file"),
        ({"tls_certificate": str(other), "tls_key": str(key)}, "no certificate with its key"),
        ({"tls_certificate": str(pem), "tls_key": str(other)}, "no certificate with its key"),
    ]
    for given, told in wrong:
        with pytest.raises(UsageError, match=told):
            check_opening(house, settings(**given))
