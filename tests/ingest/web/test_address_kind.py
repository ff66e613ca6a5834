"""What an address holds is told by what it answers, not by its name."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_site import packed

from ingest.errors import FetchFailed, SourceUnread
from ingest.web.address_kind import Kind, kind_of, root_of, suffix_of, unpacked_answer
from ingest.web.web_fetcher import Fetched


def answer(data: bytes | str, media_type: str = "", url: str = "https://a.example/x") -> Fetched:
    return Fetched(url, data.encode() if isinstance(data, str) else data, media_type)


@pytest.mark.parametrize(
    ("data", "media_type", "kind"),
    [
        ('<?xml version="1.0"?><rss version="2.0"/>', "application/rss+xml", "feed"),
        ('\ufeff\n<?xml version="1.0"?>\n<!-- made by x -->\n<feed xmlns="a"/>', "text/html", "feed"),
        ("<rdf:RDF/>", "text/plain", "feed"),
        ('<!DOCTYPE rss SYSTEM "http://x/rss.dtd"><rss/>', "text/xml", "feed"),
        ('<?xml-stylesheet href="a.xsl"?><urlset/>', "application/xml", "site map"),
        ("<sitemapindex>", "", "site map"),
        ("<!doctype html><html><body>rss urlset", "text/html", "page"),
        ("<p>no frame", "text/html; charset=x".partition(";")[0], "page"),
        ('<?xml version="1.0"?><!DOCTYPE html><html/>', "application/xhtml+xml", "page"),
        ("<html>", "application/octet-stream", "page"),
        (b"%PDF-1.7\n...", "application/octet-stream", "document"),
        ("# Words", "text/markdown", "document"),
        ("Words", "text/plain", "document"),
        ("<b> begins a text", "text/plain", "document"),
    ],
)
def test_the_kind(data: bytes | str, media_type: str, kind: Kind) -> None:
    assert kind_of(answer(data, media_type)) == kind


def test_utf_16_is_looked_into() -> None:
    assert kind_of(answer('<?xml version="1.0"?><rss/>'.encode("utf-16"), "text/xml")) == "feed"


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        ('<?xml version="1.0"?><opml/>', "text/x-opml"),
        ("<svg/>", "image/svg+xml"),
        ("not xml", "application/rss+xml"),
        ("", "text/xml"),
    ],
)
def test_other_xml_is_no_source(data: str, media_type: str) -> None:
    with pytest.raises(SourceUnread, match=r"^https://a\.example/x: .*XML.*check the address"):
        kind_of(answer(data, media_type))


@pytest.mark.parametrize(
    ("data", "media_type", "url", "suffix"),
    [
        ("<html>", "", "https://a.example/", ".html"),
        ("x", "text/html", "https://a.example/a.pdf", ".html"),
        (b"%PDF-1.4", "text/html", "https://a.example/a", ".pdf"),
        (b"PK\x03\x04", "application/epub+zip", "https://a.example/a", ".epub"),
        (b"PK\x03\x04", "application/octet-stream", "https://a.example/a.DOCX?dl=1", ".docx"),
        ("# T", "text/plain", "https://raw.example/README.md", ".md"),
        ("# T", "text/markdown", "https://a.example/a", ".md"),
        ("x", "text/plain", "https://a.example/a.html.txt", ".txt"),
        ("x", "text/x-log", "https://a.example/a", ".txt"),
        (b"\x89PNG", "image/png", "https://a.example/a.png", ".png"),
        (b"\x00", "", "https://a.example/a", ".bin"),
    ],
)
def test_the_ending_of_a_file_with_this_content(
    data: bytes | str, media_type: str, url: str, suffix: str
) -> None:
    assert suffix_of(answer(data, media_type, url)) == suffix


def test_a_packed_file_is_unpacked_and_a_damaged_one_is_told() -> None:
    assert unpacked_answer(answer(packed("<urlset/>"), "application/gzip")).data == b"<urlset/>"
    assert unpacked_answer(answer("plain")).data == b"plain"
    with pytest.raises(FetchFailed, match="cannot be unpacked"):
        unpacked_answer(answer(packed("<urlset/>" * 100)[:-9]))


@given(st.binary(), st.sampled_from(["", "text/html", "text/xml", "text/plain"]))
def test_any_bytes_are_some_kind_or_refused(data: bytes, media_type: str) -> None:
    for start in (b"", b"<?xml ", b"<!--", b"<!doctype ["):
        try:
            kind_of(answer(start + data, media_type))
        except SourceUnread:
            continue


@pytest.mark.parametrize(
    "piece", [b"<!doctype ", b"<!doctype [] ", b"<!--", b"<!---->", b"<??>", b"<?", b" "]
)
def test_what_never_begins_is_given_up_soon(piece: bytes) -> None:
    start = process_time()
    assert root_of(piece + b" " * 65_000) is None
    assert root_of(piece * 16_000) is None
    assert process_time() - start < 0.1
