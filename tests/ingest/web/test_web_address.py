"""One spelling for each page, whoever names it."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import AddressUnusable
from ingest.web.web_address import canonical_address, is_web_address, page_address, port_of, web_address


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("HTTPS://Example.ORG", "https://example.org/"),
        ("http://example.org:80/a", "http://example.org/a"),
        ("https://example.org:443/a?b=1#c", "https://example.org/a?b=1"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        (" https://example.org/a b ", "https://example.org/a%20b"),
        ("https://bücher.example/käse", "https://xn--bcher-kva.example/k%C3%A4se"),
        ("https://example.org/k%C3%A4se", "https://example.org/k%C3%A4se"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
        ("https://example.org./a", "https://example.org/a"),
    ],
)
def test_an_address_has_one_spelling(given: str, kept: str) -> None:
    assert web_address(given) == kept
    assert web_address(kept) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "ftp://example.org/a",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https:///a",
        "http://a b/",
        "https://example.org:port/",
        "https://example.org:99999/",
        "http://[::1/",
        "https://exa\x00mple.org/",
        "https://example.org/a\nb",
        "https://example.org\\@other.example/",
        "https://example.org/" + "a" * 3000,
        "https://" + "ü" * 100 + ".example/",
    ],
)
def test_what_is_no_web_address_is_refused_in_one_line(given: str) -> None:
    with pytest.raises(AddressUnusable) as caught:
        web_address(given)
    assert "\n" not in str(caught.value)


def test_credentials_are_refused_and_not_repeated() -> None:
    for place in ("https://ann:secret@example.org/", "https://secret@example.org/"):
        with pytest.raises(AddressUnusable, match="user or a password") as caught:
            web_address(place)
        assert "secret" not in str(caught.value)


def test_a_place_with_a_scheme_is_meant_as_an_address() -> None:
    assert all(map(is_web_address, ("https://a.example", "HTTP://a", "ftp://a")))
    assert not any(map(is_web_address, ("/srv/a", "~/a", "starter", "C:/a", "a://".replace("a", "1"))))


def test_tracking_is_dropped_and_what_chooses_the_page_stays() -> None:
    assert (
        page_address("https://a.example/p?id=7&utm_source=x&fbclid=y&lang=de#top")
        == "https://a.example/p?id=7&lang=de"
    )
    assert page_address("https://a.example/p?utm_medium=x") == "https://a.example/p"
    assert page_address("https://a.example/p?q=a%20b+c") == "https://a.example/p?q=a%20b+c"


@pytest.mark.parametrize(
    ("named", "known_as"),
    [
        (None, "https://a.example/p?x=1"),
        ("https://a.example/p", "https://a.example/p"),
        ("/q", "https://a.example/q"),
        ("http://www.a.example/p", "http://www.a.example/p"),
        ("https://other.example/p", "https://a.example/p?x=1"),  # on another site
        ("https://a.example/", "https://a.example/p?x=1"),  # every page of a careless site says so
        ("javascript:0", "https://a.example/p?x=1"),
        ("http://[", "https://a.example/p?x=1"),
    ],
)
def test_a_page_may_name_its_own_address_on_its_own_site(named: str | None, known_as: str) -> None:
    assert canonical_address("https://a.example/p?x=1&utm_source=y", named) == known_as


def test_the_port_is_known_where_none_is_written() -> None:
    assert [port_of(one) for one in ("http://a/", "https://a/", "http://a:81/")] == [80, 443, 81]


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for place in (text, f"https://a.example/{text}", f"https://{text}/"):
        try:
            found = page_address(place)
        except AddressUnusable:
            continue
        assert found.isascii()
        assert page_address(found) == found


def test_an_address_without_end_is_refused_before_it_is_taken_apart() -> None:
    start = process_time()
    with pytest.raises(AddressUnusable, match="over 2000") as caught:
        web_address("http://me:secret@" + "\u00e9." * 200_000)
    assert process_time() - start < 0.1
    assert "secret" not in str(caught.value)
