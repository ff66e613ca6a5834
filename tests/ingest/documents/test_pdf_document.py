"""PDFs to clean text: reading order, whole words and paragraphs, no page furniture, headings, pages."""

import time
from contextlib import suppress

import pytest
from tiny_pdf import HEIGHT, Page, assembled, pdf

from ingest.documents.document_text import DocumentText
from ingest.documents.pdf_document import read_pdf
from ingest.errors import ArticleEmpty, ArticleUnreadable

# Lines of running text as they are set in a column of about 240 points.
LEFT = [
    "Open models have become good enough for",
    "many banks, which run them on machines of",
    "their own because data may not leave the",
    "house. What they save is considerable, and",
    "what they give up is small when the task is",
    "narrow and its figures are checked by those",
    "who know them well.",
]
RIGHT = [
    "The other column tells of costs instead. A",
    "machine with two cards costs as much as one",
    "year of a hosted model, so that it is paid",
    "for when it is written off. Power comes on",
    "top of it, and so do the people who look",
    "after it, of whom there are never enough in",
    "any of these houses.",
]


def texts(document: DocumentText, kind: str | None = None) -> list[str]:
    return [document.text[one.start : one.end] for one in document.blocks if kind in (None, one.kind)]


def prose(number: int = 0) -> list[str]:
    """A paragraph whose words are no other page's."""
    return [
        f"Sentence {number} begins here and goes on for",
        "as long as a line of a page may be, until",
        "it ends.",
    ]


def test_the_lines_of_a_paragraph_become_one() -> None:
    (text,) = texts(read_pdf(pdf([Page().lines(72, 700, LEFT)])))
    assert text == " ".join(LEFT)


@pytest.mark.parametrize("row_by_row", [False, True])
def test_two_columns_are_read_one_after_the_other(row_by_row: bool) -> None:
    page = Page().line(72, 760, "A title that runs over both of the columns", size=18)
    if row_by_row:
        for number, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
            page.line(60, 700 - 12 * number, left).line(310, 700 - 12 * number, right)
    else:
        page.lines(60, 700, LEFT).lines(310, 700, RIGHT)
    assert texts(read_pdf(pdf([page]))) == [
        "A title that runs over both of the columns",
        " ".join(LEFT),
        " ".join(RIGHT),
    ]


def test_what_runs_over_both_columns_parts_what_is_above_from_what_is_below() -> None:
    page = Page().lines(60, 780, LEFT).lines(310, 780, RIGHT)
    page.line(
        60, 660, "A line that runs over the whole of the page, from its left to its right end.", size=14
    )
    page.lines(60, 620, RIGHT).lines(310, 620, LEFT)
    found = texts(read_pdf(pdf([page])))
    assert [text[:10] for text in found] == [
        "Open model",
        "The other ",
        "A line tha",
        "The other ",
        "Open model",
    ]


def test_a_paragraph_goes_on_in_the_next_column_and_on_the_next_page() -> None:
    first = Page().lines(60, 700, LEFT[:5]).lines(310, 700, [*LEFT[5:], *RIGHT[:4]])
    second = Page().lines(60, 700, RIGHT[4:])
    document = read_pdf(pdf([first, second]))
    assert document.text.replace("\n\n", " ") == " ".join(LEFT + RIGHT)
    assert document.pages == (0, document.text.index("top of it"))


def test_a_table_is_read_by_rows_and_not_as_columns() -> None:
    page = Page().lines(72, 700, LEFT)
    for number, row in enumerate(
        (["Model", "Size", "Licence"], ["Qwen 3", "2.5 GB", "Apache-2.0"], ["Gemma 4", "5 GB", "Apache-2.0"])
    ):
        for place, cell in enumerate(row):
            page.line(72 + 110 * place, 580 - 14 * number, cell)
    page.lines(72, 500, RIGHT)
    document = read_pdf(pdf([page]))
    assert texts(document, "table") == [
        "Model | Size | Licence\nQwen 3 | 2.5 GB | Apache-2.0\nGemma 4 | 5 GB | Apache-2.0"
    ]
    assert texts(document, "paragraph") == [" ".join(LEFT), " ".join(RIGHT)]


@pytest.mark.parametrize(
    ("ends", "begins", "whole"),
    [
        ("the amount of infor-", "mation that they keep is", "information that"),
        ("models with open-", "source licences of all kinds", "open-source licences"),
        ("a state-of-the-", "art model for every one", "state-of-the-art model"),
        ("they moved to GPT-", "4 in the end, as they said", "GPT-4 in"),
        ("it was Jean-", "Paul who told them of it", "Jean-Paul who"),
        ("it lasts from 3-", "5 days at the very most", "3-5 days"),
        ("of a pre-", "trained model", "pretrained model"),
    ],
)
@pytest.mark.parametrize("over_pages", [False, True])
def test_a_word_parted_at_the_end_of_a_line_is_whole_again(
    ends: str, begins: str, whole: str, over_pages: bool
) -> None:
    above, below = "Here is a line that is somewhat longer,", "of those that it is told about by us all."
    if over_pages:
        pages = [Page().lines(72, 100, [above, ends], pitch=12), Page().lines(72, 760, [begins, below])]
    else:
        pages = [Page().lines(72, 700, [above, ends, begins, below])]
    assert whole in read_pdf(pdf(pages)).text


def test_a_document_tells_itself_which_words_keep_their_hyphen() -> None:
    lines = [
        "It is a follow-up to what they said, and it",
        "names co-operation as its aim. That a follow-",
        "up came is rare, and so is co-",
        "operation.",
    ]
    assert (
        "a follow-up came is rare, and so is co-operation."
        in read_pdf(pdf([Page().lines(72, 700, lines)])).text
    )


def test_heads_feet_and_page_numbers_are_left_out() -> None:
    pages = [
        Page()
        .line(72, HEIGHT - 40, "Annual report of the bank")
        .line(480, HEIGHT - 40, f"Page {number} of 4")
        .lines(72, 700, prose(number))
        .line(72, 60, "Confidential, for members only")
        .line(290, 30, str(number + 10))
        for number in range(1, 5)
    ]
    assert texts(read_pdf(pdf(pages))) == [" ".join(prose(number)) for number in range(1, 5)]


def test_a_head_with_the_title_of_a_short_chapter_goes_with_its_number() -> None:
    heads = ["Rain", "Rain", "Snow", "Snow", "Hail", "Hail"]
    pages = [
        Page()
        .line(72, HEIGHT - 40, f"Chapter on {head}")
        .line(500, HEIGHT - 40, str(number))
        .lines(72, 700, prose(number))
        for number, head in enumerate(heads, start=7)
    ]
    assert "Chapter" not in read_pdf(pdf(pages)).text


def test_a_numbered_heading_at_the_top_of_its_page_stays() -> None:
    pages = [
        Page()
        .line(72, 790, f"{number} Results of part {number}", size=16)
        .lines(72, 700, prose(number))
        .line(290, 30, str(number))
        for number in range(1, 5)
    ]
    found = texts(read_pdf(pdf(pages)), "heading")
    assert found == [f"{number} Results of part {number}" for number in range(1, 5)]


def test_the_lone_number_of_a_single_page_is_left_out() -> None:
    assert texts(read_pdf(pdf([Page().lines(72, 700, LEFT).line(290, 30, "- 1 -")]))) == [" ".join(LEFT)]


def test_headings_are_told_by_their_size_and_by_bold_type() -> None:
    page = Page().line(72, 780, "The title of it all", size=20).line(72, 740, "A part", size=14)
    page.lines(72, 700, LEFT).line(72, 590, "A smaller part", font="bold").lines(72, 570, RIGHT)
    document = read_pdf(pdf([page]))
    found = [
        (document.text[one.start : one.end], one.level) for one in document.blocks if one.kind == "heading"
    ]
    assert found == [("The title of it all", 1), ("A part", 2), ("A smaller part", 3)]
    assert document.title == "The title of it all"


def test_text_in_a_second_size_is_no_heading() -> None:
    page = Page().line(72, 780, "The title of it all", size=20).lines(72, 700, LEFT, size=12, pitch=15)
    page.lines(72, 500, [*RIGHT, *LEFT, *RIGHT, *LEFT], size=9, pitch=11)
    assert texts(read_pdf(pdf([page])), "heading") == ["The title of it all"]


def test_three_columns_are_read_one_after_the_other() -> None:
    def narrow(word: str) -> list[str]:
        return [f"{word} {number} words of a narrow column" for number in range(12)]

    page = (
        Page()
        .lines(40, 700, narrow("First"))
        .lines(220, 700, narrow("second"))
        .lines(400, 700, narrow("third"))
    )
    assert texts(read_pdf(pdf([page]))) == [" ".join([*narrow("First"), *narrow("second"), *narrow("third")])]


def test_a_large_initial_belongs_to_its_word() -> None:
    page = Page().line(72, 688, "O", size=26).line(93, 700, "pen models have become good enough for")
    page.line(93, 688, "many banks, which run them on machines").lines(72, 676, LEFT[2:])
    assert texts(read_pdf(pdf([page])))[0].startswith("Open models have become good enough for many banks")


def test_a_page_full_of_labels_takes_no_time() -> None:
    page = Page()
    for number in range(2000):
        page.line(number * 37 % 590, number * 101 % 840, "Ab", size=4)
    began = time.process_time()
    read_pdf(pdf([page]))
    assert time.process_time() - began < 3


def test_a_table_beside_the_gutter_of_a_page_is_still_a_table() -> None:
    page = Page().lines(60, 500, [*LEFT, *LEFT]).lines(310, 500, [*RIGHT, *RIGHT])
    rows = [
        ("Model", "Licence"),
        ("Qwen", "Apache-2.0"),
        ("Gemma", "Apache-2.0"),
        ("Llama", "its own"),
        ("Yi", "?"),
    ]
    for number, (model, licence) in enumerate(rows):
        page.line(60, 700 - 14 * number, model).line(400, 700 - 14 * number, licence)
    document = read_pdf(pdf([page]))
    assert texts(document, "table") == ["\n".join(" | ".join(row) for row in rows)]
    assert texts(document)[1:] == [" ".join(LEFT), " ".join(LEFT), " ".join(RIGHT), " ".join(RIGHT)]


def test_items_stand_by_themselves() -> None:
    page = Page().lines(72, 700, LEFT)
    page.line(80, 600, "\u2022 One thing that is so long that it needs").line(90, 588, "another line.").line(
        80, 576, "\u2022 Another thing"
    )
    assert texts(read_pdf(pdf([page])), "item") == [
        "One thing that is so long that it needs another line.",
        "Another thing",
    ]


def test_lines_that_ended_early_are_not_glued_together() -> None:
    page = Page().lines(72, 700, [*LEFT, "And this begins a new paragraph, which has", "two lines."])
    assert texts(read_pdf(pdf([page]))) == [
        " ".join(LEFT),
        "And this begins a new paragraph, which has two lines.",
    ]


def test_a_note_at_the_foot_does_not_part_a_paragraph() -> None:
    first = Page().lines(72, 400, LEFT[:4]).line(72, 80, "1 A note in small type.", size=7)
    second = Page().lines(72, 700, LEFT[4:])
    assert texts(read_pdf(pdf([first, second]))) == ["1 A note in small type.", " ".join(LEFT)]


def test_raised_numbers_are_marked_and_letters_are_not() -> None:
    page = (
        Page()
        .line(72, 700, "It grew to 10")
        .line(127.2, 704, "6", size=6)
        .line(133.5, 700, "of them, and so on.")
    )
    assert "10^6 of" in read_pdf(pdf([page])).text


def test_text_that_runs_up_the_margin_is_left_out() -> None:
    page = Page().line(20, 300, "arXiv:2301.00001v1", turn=True).lines(72, 700, LEFT)
    assert texts(read_pdf(pdf([page]))) == [" ".join(LEFT)]


def test_a_page_that_lies_on_its_side_is_read() -> None:
    page = Page()
    for number, line in enumerate(LEFT):
        page.line(300 + 12 * number, 100, line, turn=True)
    assert texts(read_pdf(pdf([page]))) == [" ".join(LEFT)]


def test_a_line_of_a_table_of_contents_is_no_text() -> None:
    page = Page().lines(
        72, 700, ["Contents", "Introduction . . . . . . . . . . . . 3", "Results ........... 12"]
    )
    page.lines(72, 600, LEFT)
    assert "Introduction" not in read_pdf(pdf([page])).text


def test_pages_begin_where_their_first_word_stands() -> None:
    pages = [Page().lines(72, 700, prose(1)), Page(), Page().lines(72, 700, prose(3)), Page()]
    document = read_pdf(pdf(pages))
    third = document.text.index("Sentence 3")
    assert document.pages == (0, third, third, len(document.text))


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Open models in banks", "Open models in banks"),
        ("Microsoft Word - report.docx", None),
        ("untitled", None),
        ("report_final.pdf", None),
        ("Document1", None),
        ("12345", None),
        ("", None),
        ("A\x00B\x1fC of it", "ABC of it"),
    ],
)
def test_the_title_comes_from_the_metadata_when_a_person_wrote_it(said: str, title: str | None) -> None:
    assert read_pdf(pdf([Page().lines(72, 700, LEFT)], {"Title": said})).title == title


@pytest.mark.parametrize(
    ("said", "author"),
    [
        ("Ann Lee", "Ann Lee"),
        ("admin", None),
        ("Microsoft Office User", None),
        ("BANK\\u123", None),
        ("Ágnes Ó", "Ágnes Ó"),
    ],
)
def test_the_author_comes_from_the_metadata_when_it_is_a_person(said: str, author: str | None) -> None:
    assert read_pdf(pdf([Page().lines(72, 700, LEFT)], {"Author": said})).author == author


@pytest.mark.parametrize(("said", "language"), [("(de-CH)", "de-CH"), ("(none, really)", None), ("17", None)])
def test_the_language_is_what_the_catalogue_names(said: str, language: str | None) -> None:
    found = read_pdf(pdf([Page().lines(72, 700, LEFT)], extra=f"/Lang {said}"))
    assert found.language == language


def test_the_date_of_its_making_is_no_date_of_publication() -> None:
    info = {"CreationDate": "D:20250429120000Z", "ModDate": "D:20250429120000Z"}
    document = read_pdf(pdf([Page().lines(72, 700, LEFT)], info))
    assert (document.published, document.updated) == (None, None)


def test_a_pdf_without_text_is_told() -> None:
    with pytest.raises(ArticleEmpty, match="no text in it"):
        read_pdf(pdf([Page()]))


def test_a_pdf_of_pictures_is_told_with_what_to_do() -> None:
    page = Page(["q 100 0 0 100 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI Q"])
    with pytest.raises(ArticleEmpty, match="only pictures; run text recognition"):
        read_pdf(pdf([page]))


def test_an_encrypted_pdf_is_told_with_what_to_do() -> None:
    key = "<" + "ab" * 32 + ">"
    locked = pdf(
        [Page().lines(72, 700, LEFT)],
        trailer=f"/ID [{key} {key}] /Encrypt << /Filter /Standard /V 1 /R 2 /O {key} /U {key} /P -4 >>",
    )
    with pytest.raises(ArticleUnreadable, match="it is encrypted; save it without a password"):
        read_pdf(locked)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(range(256)) * 20, b"not a PDF"])
def test_what_is_no_pdf_is_told(data: bytes) -> None:
    with pytest.raises(ArticleUnreadable, match="no PDF, or damaged"):
        read_pdf(data)


@pytest.mark.parametrize(
    "pages",
    [
        "<< /Type /Pages /Kids [2 0 R] /Count 1 >>",
        "<< /Type /Pages /Kids [2 0 R 2 0 R 2 0 R] /Count 1000000 >>",
        "<< /Type /Pages /Kids [] /Count 2000000000 >>",
        "<< /Type /Pages /Kids [3 0 R] /Count -7 >>",
        "<< /Type /Pages >>",
    ],
)
def test_a_page_tree_that_loops_or_lies_is_told(pages: str) -> None:
    with pytest.raises((ArticleUnreadable, ArticleEmpty)):
        read_pdf(
            assembled(
                ["<< /Type /Catalog /Pages 2 0 R >>", pages, "<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] >>"]
            )
        )


def test_any_half_of_a_pdf_is_read_or_refused() -> None:
    whole = pdf([Page().lines(72, 700, LEFT)])
    for end in range(0, len(whole), 97):
        with suppress(ArticleUnreadable, ArticleEmpty):
            assert read_pdf(whole[:end]).text
