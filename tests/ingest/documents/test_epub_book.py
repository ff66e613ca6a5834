"""EPUBs are read chapter by chapter, in the order of their spine, with what their package says of them."""

import pytest
from tiny_archives import CONTAINER, epub, page, zipped

from ingest.documents.epub_book import read_epub
from ingest.errors import ArticleEmpty, ArticleUnreadable

FACTS = (
    "<dc:title>On rain</dc:title><dc:creator>Ann Lee</dc:creator><dc:creator>Bo Ek</dc:creator>"
    "<dc:language>en</dc:language><dc:publisher>The Press</dc:publisher>"
    '<dc:date opf:event="modification">2026-01-01</dc:date><dc:date>2025-04-29T00:00:00Z</dc:date>'
    '<meta property="dcterms:modified">2025-06-01T00:00:00Z</meta>'
)


def test_chapters_are_read_in_the_order_of_the_spine() -> None:
    book = epub(
        {"z.xhtml": page("<h1>One</h1><p>First.</p>"), "a%20b.xhtml": page("<p>Never found.</p>")}, FACTS
    )
    document = read_epub(book)
    assert document.text == "One\n\nFirst."
    book = epub(
        {"z.xhtml": page("<h1>One</h1><p>First.</p>"), "sub/a.xhtml": page("<h2>Two</h2><p>Second.</p>")},
        FACTS,
    )
    document = read_epub(book)
    assert document.text == "One\n\nFirst.\n\nTwo\n\nSecond."
    assert [one.kind for one in document.blocks] == ["heading", "paragraph"] * 2


def test_facts_come_from_the_package() -> None:
    document = read_epub(epub({"a.xhtml": page("<p>Text.</p>")}, FACTS))
    assert (document.title, document.author, document.publisher) == ("On rain", "Ann Lee, Bo Ek", "The Press")
    assert (document.language, document.published, document.updated) == ("en", "2025-04-29", "2025-06-01")


def test_what_the_package_does_not_say_is_open() -> None:
    document = read_epub(
        epub({"a.xhtml": page("<p>Text.</p>")}, "<dc:title>Unknown</dc:title><dc:date>2020</dc:date>")
    )
    assert (document.title, document.author, document.published, document.language) == (None,) * 4


def test_names_that_lead_out_of_the_archive_lead_nowhere() -> None:
    book = epub(
        {
            "../../../etc/passwd": page("<p>x</p>"),
            "/etc/passwd": page("<p>x</p>"),
            "a.xhtml": page("<p>Text.</p>"),
        }
    )
    assert read_epub(book).text == "Text."


@pytest.mark.parametrize(
    ("chapter", "text"),
    [
        (page("<p>Caf&eacute;&nbsp;&amp; more &unknown; words.</p>"), "Café & more &unknown; words."),
        (
            "<!DOCTYPE html [<!ENTITY a 'boom'>]>" + page("<p>One &a; two.</p>").partition("?>")[2],
            "One &a; two.",
        ),
        (page("<p>Never closed <b>and<p>more").encode(), "Never closed and more"),
        ("<html><body><p>Plain HTML<br>of old.</body></html>", "Plain HTML of old."),
        (page("<p>Größe</p>").replace("?>", ' encoding="iso-8859-1"?>').encode("latin-1"), "Größe"),
        (page("<script/><p>After an empty script.</p>"), "After an empty script."),
    ],
)
def test_pages_that_are_nearly_right_are_read(chapter: str | bytes, text: str) -> None:
    assert " ".join(read_epub(epub({"a.xhtml": chapter})).text.split()) == text


def test_entities_do_not_multiply() -> None:
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE html [<!ENTITY a0 "boom">{lines}]><html><body><p>Text &a9;.</p></body></html>'
    assert read_epub(epub({"a.xhtml": bomb})).text == "Text &a9;."
    with pytest.raises(ArticleUnreadable):
        read_epub(zipped({"META-INF/container.xml": bomb}))


def test_no_file_of_this_machine_is_read(tmp_path: pytest.TempPathFactory) -> None:
    secret = f"{tmp_path}/secret.txt"
    with open(secret, "w", encoding="utf-8") as file:
        file.write("SECRET")
    chapter = (
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}">]><html><body><p>Text &x;</p></body></html>'
    )
    assert "SECRET" not in read_epub(epub({"a.xhtml": chapter})).text


def test_a_locked_book_is_told_with_what_to_do() -> None:
    rights = '<encryption><CipherData><CipherReference URI="book/a.xhtml"/></CipherData></encryption>'
    with pytest.raises(ArticleUnreadable, match=r"locked \(DRM\)"):
        read_epub(epub({"a.xhtml": page("<p>Text.</p>")}, **{"META-INF__encryption.xml": rights}))
    fonts = rights.replace("book/a.xhtml", "book/font.otf")
    assert (
        read_epub(epub({"a.xhtml": page("<p>Text.</p>")}, **{"META-INF__encryption.xml": fonts})).text
        == "Text."
    )


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (epub({}), ArticleEmpty),
        (epub({"a.xhtml": page("<img src='x.png'/>")}), ArticleEmpty),
        (zipped({"mimetype": "application/epub+zip"}), ArticleUnreadable),
        (zipped({"META-INF/container.xml": CONTAINER}), ArticleUnreadable),
        (zipped({"META-INF/container.xml": "<broken"}), ArticleUnreadable),
        (b"PK\x03\x04 and no more", ArticleUnreadable),
        (b"", ArticleUnreadable),
    ],
    ids=range(7),
)
def test_what_is_no_book_is_told(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        read_epub(data)
    assert "\n" not in str(caught.value)
