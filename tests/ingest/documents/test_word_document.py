"""Word documents keep their headings, lists, tables and notes, and lose everything else."""

import pytest
from tiny_archives import docx, paragraph, table, zipped

from ingest.documents.document_text import DocumentText
from ingest.documents.word_document import read_docx
from ingest.errors import ArticleEmpty, ArticleUnreadable

NUMBERED = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
ITEM = f"<w:p>{NUMBERED}<w:r><w:t>{{}}</w:t></w:r></w:p>"


def kinds(document: DocumentText) -> list[tuple[str, int, str]]:
    return [(one.kind, one.level, document.text[one.start : one.end]) for one in document.blocks]


def test_headings_lists_tables_and_quotes_are_kept() -> None:
    body = (
        paragraph("The title", "Title")
        + paragraph("A part", "Heading2")
        + paragraph("Some text.")
        + ITEM.format("One")
        + ITEM.format("Two")
        + table([["Model", "Size"], ["Qwen", "3 GB"]])
        + paragraph("As they said.", "Quote")
    )
    assert kinds(read_docx(docx(body))) == [
        ("heading", 1, "The title"),
        ("heading", 2, "A part"),
        ("paragraph", 0, "Some text."),
        ("item", 0, "One"),
        ("item", 0, "Two"),
        ("table", 0, "Model | Size\nQwen | 3 GB"),
        ("quote", 0, "As they said."),
    ]


def test_notes_are_kept_and_their_numbers_do_not_stick_to_words() -> None:
    mark = '<w:r><w:footnoteReference w:id="7"/></w:r>'
    document = read_docx(
        docx(f"<w:p><w:r><w:t>It grew by 3.8</w:t></w:r>{mark}<w:r><w:t> billion.</w:t></w:r></w:p>")
    )
    assert document.text == "It grew by 3.8 billion.\n\nWhat the note says."


def test_what_was_deleted_under_review_is_not_read_and_what_was_added_is() -> None:
    body = (
        "<w:p><w:r><w:t>It costs </w:t></w:r><w:del><w:r><w:delText>nothing</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>3 euros</w:t></w:r></w:ins><w:r><w:t>.</w:t></w:r></w:p>"
    )
    assert read_docx(docx(body)).text == "It costs 3 euros."


@pytest.mark.parametrize(
    ("core", "facts"),
    [
        (
            "<dc:title>On rain</dc:title><dc:creator>Ann Lee</dc:creator>"
            "<dcterms:modified>2025-04-29T10:00:00Z</dcterms:modified><dc:language>en</dc:language>",
            ("On rain", "Ann Lee", "2025-04-29", "en"),
        ),
        (
            "<dc:title>Document1</dc:title><dc:creator>Microsoft Office User</dc:creator>",
            (None, None, None, None),
        ),
        ("<dc:title/><dc:creator>  </dc:creator><dcterms:modified>soon</dcterms:modified>", (None,) * 4),
        ("<broken", (None,) * 4),
    ],
)
def test_facts_come_from_the_core_properties(core: str, facts: tuple[str | None, ...]) -> None:
    document = read_docx(docx(paragraph("Text."), core))
    assert (document.title, document.author, document.updated, document.language) == facts
    assert document.published is None


def test_a_document_without_words_is_told() -> None:
    with pytest.raises(ArticleEmpty, match="no text in it"):
        read_docx(docx(paragraph("")))


def test_a_document_with_a_password_is_told_with_what_to_do() -> None:
    with pytest.raises(ArticleUnreadable, match=r"encrypted, or of an old version .* save it anew"):
        read_docx(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000))


def test_entities_are_not_unfolded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
    with pytest.raises(ArticleUnreadable, match="declares a document type"):
        read_docx(docx(paragraph("Text."), word__settings=b"", **{"word__styles.xml": bomb}))


def test_an_archive_of_something_else_is_no_word_document() -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever mammoth raises; the reader's process turns it into words
        read_docx(zipped({"a.txt": "text"}))
