from pathlib import Path

import pytest
from chat_samples import HOSTILE, tags, visible_text
from tiny_footnote import ARTICLES, write_articles

from index_store.article import Article
from index_store.errors import FootnoteError, UsageError
from ingest.web.preview import Preview as Look
from ingest.web.preview import PreviewEntry as LookedAt
from ui.library.address_preview import AddressPreview
from ui.library.preview_html import preview_html
from ui.library.source_preview import PREVIEW_LENGTH, FilePreview, PlacePreview, Preview, PreviewEntry
from ui.settings.source_places import source_place


@pytest.fixture
def files() -> FilePreview:
    return FilePreview(source_place)


def test_a_file_shows_its_facts_and_its_first_characters(files: FilePreview, tmp_path: Path) -> None:
    file = tmp_path / "2026-01-02-long.md"
    file.write_text("---\ntitle: Long\npublisher: Marsh Press\n---\n\n" + "Words and words. " * 200)
    found = files.preview(str(file))
    assert (found.place, found.kind, found.articles) == (file.resolve().as_posix(), "file", 1)
    assert (found.title, found.publisher, found.published) == ("Long", "Marsh Press", "2026-01-02")
    assert len(found.text) == PREVIEW_LENGTH


def test_a_folder_shows_how_many_articles_it_has_and_the_first(files: FilePreview, tmp_path: Path) -> None:
    write_articles(tmp_path, ARTICLES)
    (tmp_path / "a-broken.txt").write_bytes(b"\x00\x01\x02")
    (tmp_path / "README.md").write_text("About this folder.")
    found = files.preview(str(tmp_path))
    assert (found.kind, found.articles, found.title) == ("folder", 3, "The Heron model")
    broken, heron, stork = found.entries
    assert broken.title == "a-broken.txt"
    assert broken.why_not == "binary data, not text; remove it, or save it as text or HTML"
    assert (heron, stork) == (
        PreviewEntry("The Heron model", "2026-03-01"),
        PreviewEntry("The Stork model", "2026-02-01"),
    )
    assert "12 GB" in found.text


def test_a_place_that_cannot_be_a_source_says_why(files: FilePreview, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder or file"):
        files.preview(str(tmp_path / "missing"))
    with pytest.raises(UsageError, match="no file in it can be read"):
        files.preview(str(tmp_path))
    (tmp_path / "empty.md").write_text("")
    with pytest.raises(FootnoteError, match="the file is empty"):
        files.preview(str(tmp_path / "empty.md"))


class Named:
    """A preview that only tells its name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def listed(self, place: str) -> str:
        return f"{self.name} {place}"

    def preview(self, place: str) -> Preview:
        return Preview(place, self.name)


def test_each_place_is_led_to_whoever_can_look_into_it() -> None:
    both = PlacePreview(Named("files"), Named("addresses"))
    assert both.preview(" /articles ") == Preview("/articles", "files")
    assert both.preview(" https://news.example/feed").kind == "addresses"
    assert both.listed("HTTPS://news.example/") == "addresses HTTPS://news.example/"
    with pytest.raises(UsageError, match="type or paste one"):
        both.preview("  ")


def test_folders_that_are_not_taken_here_are_refused_with_another_way() -> None:
    served_to_others = PlacePreview(None, Named("addresses"))
    for ask in (served_to_others.preview, served_to_others.listed):
        with pytest.raises(UsageError, match="footnote sync PATH"):
            ask("/etc")
    assert served_to_others.preview("https://news.example/").kind == "addresses"


RAIN = Article(
    "https://news.example/feed", "https://news.example/rain", "On rain", "It rained. " * 400, (), "News"
)


def test_a_feed_is_told_with_its_name_its_entries_and_its_first_article() -> None:
    seen = Look(
        "https://news.example/feed",
        "feed",
        "All the news",
        (RAIN,),
        (LookedAt("On rain", RAIN.path, "2026-03-01"), LookedAt(None, "https://news.example/snow", None)),
        12,
        problems=("one entry has no link",),
    )
    found = AddressPreview(lambda _: seen).preview("https://news.example/feed")
    assert (found.kind, found.name, found.title, found.articles) == ("feed", "All the news", "On rain", 12)
    assert len(found.text) == PREVIEW_LENGTH
    assert [one.title for one in found.entries] == ["On rain", "https://news.example/snow"]
    shown = visible_text(preview_html(found))
    for words in (
        "Feed, 12 articles",
        "All the news",
        "1 March 2026",
        "and 10 more",
        "one entry has no link",
    ):
        assert words in shown


def test_a_page_offers_its_feed_in_its_place() -> None:
    seen = Look("https://news.example/", "page", "News", (RAIN,), (), 1, feeds=("https://news.example/feed",))
    html = preview_html(AddressPreview(lambda _: seen).preview("https://news.example/"))
    (other,) = [a for _, a in tags(html) if a.get("data-action") == "look"]
    assert other["data-place"] == "https://news.example/feed"


def test_an_address_is_listed_in_its_one_spelling() -> None:
    assert AddressPreview(lambda _: pytest.fail("not asked")).listed("HTTPS://News.example:443#top") == (
        "https://news.example/"
    )


def test_a_preview_of_several_shows_entries_and_one_article() -> None:
    entries = (PreviewEntry("One", "2026-03-01"), PreviewEntry("two.txt", None, "it is empty"))
    html = preview_html(
        Preview("/notes", "folder", None, "One", "Marsh Press", "2026-03-01", "Its text.", entries, 9)
    )
    shown = visible_text(html)
    for words in (
        "Folder, 9 articles",
        "/notes",
        "One",
        "1 March 2026",
        "it is empty",
        "and 7 more",
        "Its text.",
    ):
        assert words in shown
    assert [a["data-place"] for _, a in tags(html) if a.get("data-action") == "take"] == ["/notes"]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_preview_becomes_markup(text: str) -> None:
    html = preview_html(
        Preview(text, text, text, text, text, text, text, (PreviewEntry(text, text, text),), 2, text, (text,))
    )
    names = {name for name, _ in tags(html)}
    assert names <= {"p", "ul", "li", "span", "time", "h4", "div", "button", "bdi"}
    assert not any(name.startswith("on") for _, attributes in tags(html) for name in attributes)
