"""RSS and Atom, as they are and as they should be."""

import pytest

from ingest.errors import SourceUnread
from ingest.web import feed as feed_module
from ingest.web.feed import Feed, FeedEntry, read_feed
from ingest.web.web_fetcher import Fetched

LONG = "The harbour took in more grain than in any year before. " * 10
URL = "https://a.example/blog/feed.xml"


def read(data: bytes | str, media_type: str = "application/xml", charset: str | None = None) -> Feed:
    return read_feed(Fetched(URL, data.encode() if isinstance(data, str) else data, media_type, charset))


def rss(*items: str, head: str = "<title>Marsh Press</title>") -> str:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel>{head}<language>en-gb</language>{''.join(f'<item>{item}</item>' for item in items)}"
        "</channel></rss>"
    )


def atom(*entries: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Marsh</title>'
        f"{''.join(f'<entry>{entry}</entry>' for entry in entries)}</feed>"
    )


def only(feed: Feed) -> FeedEntry:
    (entry,) = feed.entries
    return entry


def test_an_rss_entry_with_its_whole_text() -> None:
    feed = read(
        rss(
            "<title>Grain &amp; ships</title><link>https://a.example/grain</link><guid>tag:1</guid>"
            "<pubDate>Mon, 02 Mar 2026 23:30:00 -0500</pubDate><dc:creator>Ann Reed</dc:creator>"
            f"<description>Short.</description><content:encoded><![CDATA[<p>{LONG}</p>]]></content:encoded>"
        )
    )
    entry = only(feed)
    assert (feed.title, feed.language, feed.problem) == ("Marsh Press", "en-gb", None)
    assert (entry.id, entry.link, entry.title) == ("tag:1", "https://a.example/grain", "Grain & ships")
    assert (entry.author, entry.published, entry.updated) == ("Ann Reed", "2026-03-02", None)
    assert entry.content is not None
    assert LONG.strip() in entry.content


def test_an_atom_entry_with_its_whole_text() -> None:
    entry = only(
        read(
            atom(
                "<id>urn:1</id><title type='html'>Grain &lt;b&gt;now&lt;/b&gt;</title>"
                "<link rel='alternate' href='../grain'/>"
                "<published>2026-03-01T00:30:00+02:00</published><updated>2026-03-05T10:00:00Z</updated>"
                "<author><name>Ann Reed</name></author>"
                f"<content type='html'>&lt;p&gt;{LONG}&lt;/p&gt;</content>"
            )
        )
    )
    # The day as its author wrote it, not as it was then in Greenwich.
    assert (entry.published, entry.updated) == ("2026-03-01", "2026-03-05")
    assert (entry.link, entry.title, entry.author) == ("https://a.example/grain", "Grain now", "Ann Reed")
    assert entry.content is not None


@pytest.mark.parametrize(
    "item",
    [
        "<description>A short summary.</description>",
        f"<description>{LONG}</description>",  # 560 characters: a long summary
        "<content:encoded><![CDATA[<p>A teaser of few words.</p>]]></content:encoded>",
        f"<content:encoded><![CDATA[<p>{LONG} [&#8230;]</p>]]></content:encoded>",
        f"<content:encoded><![CDATA[<p>{LONG}...</p>]]></content:encoded>",
        f"<content:encoded><![CDATA[<p>{LONG}</p><a href='x'>Read more</a> &#187;]]></content:encoded>",
        f"<content:encoded><![CDATA[{LONG}<a href='x'>Continue reading Grain</a>]]></content:encoded>",
        "",
    ],
)
def test_a_summary_is_no_article(item: str) -> None:
    assert only(read(rss(f"<title>T</title><link>https://a.example/x</link>{item}"))).content is None


def test_a_long_description_without_an_end_cut_off_is_the_whole_text() -> None:
    assert only(read(rss(f"<link>https://a.example/x</link><description>{LONG * 3}</description>"))).content
    assert not only(
        read(rss(f"<link>https://a.example/x</link><description>{LONG * 3}...</description>"))
    ).content


def test_links_are_made_whole() -> None:
    assert only(read(atom("<link href='/x'/>"))).link == "https://a.example/x"
    assert only(read(rss("<link>y</link>"))).link == "https://a.example/blog/y"


def test_what_is_not_said_is_none() -> None:
    entry = only(read(rss("<title>Only a title</title>")))
    assert (entry.link, entry.author, entry.published, entry.updated, entry.content) == (None,) * 5
    assert entry.id


def test_a_date_that_is_none_is_none() -> None:
    entry = only(read(rss("<link>https://a.example/x</link><pubDate>yesterday</pubDate>")))
    assert entry.published is None


def test_the_mark_changes_with_what_the_entry_says() -> None:
    def mark(rest: str) -> str:
        return only(read(rss(f"<link>https://a.example/x</link>{rest}"))).mark

    assert mark("<title>A</title>") == mark("<title>A</title>")
    said = ("<title>A</title>", "<title>B</title>", "<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate>")
    more = ("<description>x</description>", "<pubDate>Mon, 02 Mar 2026 11:00:00 GMT</pubDate>")
    assert len({mark(one) for one in (*said, *more)}) == 5


def test_entities_of_html_are_known_though_xml_has_none() -> None:
    entry = only(read(rss("<title>K&auml;se&nbsp;&amp;&nbsp;Brot &nonsense;</title>")))
    assert entry.title == "Käse & Brot &nonsense;"


def test_control_characters_do_no_harm() -> None:
    feed = read(rss("<title>A\x0b\x00B</title>"))
    assert (only(feed).title, feed.problem) == ("AB", None)


def test_sizes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "_LARGEST", 20_000)
    monkeypatch.setattr(feed_module, "_LARGEST_BROKEN", 5_000)
    monkeypatch.setattr(feed_module, "_LONGEST_TEXT", 3_000)
    long = f"<link>https://a.example/x</link><description>{LONG * 10}</description>"
    assert only(read(rss(long))).content is None
    with pytest.raises(SourceUnread, match="cannot be read"):
        read(rss(long) + "<")
    with pytest.raises(SourceUnread, match="limit"):
        read(rss(long * 4))


def test_encodings_are_those_of_the_server_or_the_feed() -> None:
    text = rss("<title>Käse in Köln</title><link>https://a.example/x</link>")
    declared = text.replace('version="1.0"?', 'version="1.0" encoding="iso-8859-1"?').encode("latin-1")
    assert only(read(declared)).title == "Käse in Köln"
    assert only(read(text.encode("latin-1"), charset="iso-8859-1")).title == "Käse in Köln"
    assert only(read(text)).title == "Käse in Köln"


def test_a_broken_feed_gives_what_can_be_read_and_says_so() -> None:
    text = rss("<title>A</title><link>https://a.example/x</link>", "<title>B & C</title><unclosed>")
    feed = read(text)
    assert feed.entries[0].link == "https://a.example/x"
    assert "no proper XML" in str(feed.problem)


@pytest.mark.parametrize("data", ["", "<rss", "<rss><channel><ite", "no feed at all", "<feed>", b"\x00\x01"])
def test_what_cannot_be_read_at_all_is_told(data: bytes | str) -> None:
    with pytest.raises(SourceUnread, match=r"^https://a\.example/blog/feed\.xml: it cannot be read"):
        read(data)


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read(rss()).entries == ()


def test_entities_that_grow_are_not_read() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss version="2.0"/>'
    with pytest.raises(SourceUnread, match="entities"):
        read(bomb)


def test_a_file_that_is_named_in_a_feed_is_not_read() -> None:
    text = (
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        + rss("<title>&x;</title>").partition("?>")[2]
    )
    with pytest.raises(SourceUnread):
        read(text)


def test_the_first_entries_of_very_many_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "MOST_ENTRIES", 3)
    feed = read(rss(*(f"<link>https://a.example/{number}</link>" for number in range(5))))
    assert [entry.link for entry in feed.entries] == [f"https://a.example/{number}" for number in range(3)]
    assert feed.problem == "it lists 5 entries; the first 3 are taken"
