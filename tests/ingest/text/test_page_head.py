"""What the head of a page says of its address and its feeds."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.page_head import PageHead, read_page_head

URL = "https://a.example/sub/page?x=1"


def head(markup: str) -> PageHead:
    return read_page_head(markup.encode(), URL)


@pytest.mark.parametrize(
    ("markup", "canonical"),
    [
        ('<link rel="canonical" href="https://a.example/p">', "https://a.example/p"),
        ("<LINK HREF=../q REL='CANONICAL nofollow'/>", "https://a.example/q"),
        ('<base href="https://a.example/base/"><link rel=canonical href="r">', "https://a.example/base/r"),
        ('<link rel=canonical href="/a?b=1&amp;c=2">', "https://a.example/a?b=1&c=2"),
        ('<!-- <link rel=canonical href="/no"> --><title>x</title>', None),
        ("<link rel=canonical>", None),
        ('<link rel=canonical href="http://[">', None),
        ('<body><link rel=canonical href="/by-a-reader">', None),
        ('<link rel=stylesheet href="/s.css">', None),
        ("", None),
    ],
)
def test_the_canonical_address(markup: str, canonical: str | None) -> None:
    assert head(markup).canonical == canonical


def test_feeds_are_named_once_and_in_order() -> None:
    markup = (
        '<link rel="alternate" type="application/rss+xml" href="/rss">'
        '<link rel="alternate" type="application/atom+xml" href="atom.xml">'
        '<link rel="alternate" type="application/rss+xml" href="/rss">'
        '<link rel="alternate" hreflang="de" href="/de">'
    )
    assert head(markup).feeds == ("https://a.example/rss", "https://a.example/sub/atom.xml")


@given(st.binary())
def test_anything_may_be_in_a_head(data: bytes) -> None:
    read_page_head(data, URL)
    read_page_head(b"<link rel=canonical href=" + data, URL)


def test_addresses_without_end_and_feeds_without_number_are_left_out() -> None:
    long = "x" * 2_001
    feed = "<link rel=alternate type=application/rss+xml href='{}'>"
    assert head(f"<base href='/{long}/'><link rel=canonical href='{long}'>{feed.format('f')}") == PageHead(
        None, ("https://a.example/sub/f",)
    )
    assert len(head("".join(map(feed.format, range(1000)))).feeds) == 50


@pytest.mark.parametrize("found", [PageHead(), PageHead("https://a.example/é", ("https://a.example/f",))])
def test_it_is_the_same_after_it_was_written_down(found: PageHead) -> None:
    assert PageHead.from_json(json.loads(found.to_json())) == found


@pytest.mark.parametrize(
    "said",
    [{}, {"canonical": 5, "feeds": []}, {"canonical": None, "feeds": [5]}, {"canonical": None, "feeds": 5}],
)
def test_what_was_not_written_here_is_no_head(said: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        PageHead.from_json(said)
