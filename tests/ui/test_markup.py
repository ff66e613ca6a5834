import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.markup import host_of, listed, plural, safe_link, text, when


@given(st.text())
def test_escaped_text_cannot_end_an_attribute_or_open_a_tag(value: str) -> None:
    assert not set(text(value)) & set("<>\"'")


@given(st.text())
def test_only_web_addresses_are_ever_linked(value: str) -> None:
    link = safe_link(value)
    assert link is None or link.lower().startswith(("http://", "https://"))


@pytest.mark.parametrize("url", ["http://a.example", "https://a.example/b?c=d#e", "HTTPS://A.example/"])
def test_web_addresses_are_linked_as_they_are(url: str) -> None:
    assert safe_link(url) == url


def test_the_host_is_named_shortly() -> None:
    assert host_of("https://www.a.example:8080/b") == "a.example"


def test_a_date_stays_readable_for_machines() -> None:
    assert when("2025-03-18") == '<time datetime="2025-03-18">18 March 2025</time>'
    assert when(None) == ""


def test_counts_and_lists_read_well() -> None:
    assert plural(1, "article") == "1 article"
    assert plural(2000, "article") == "2,000 articles"
    assert listed(("a", "b"), 3) == "a, b"
    assert listed(("a", "b", "c"), 2) == "a, b and 1 more"
