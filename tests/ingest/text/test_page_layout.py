"""Markup of older days says the same once it is plain."""

import pytest
from lxml import html

from ingest.text.page_layout import make_plain

LONG = "The dam holds the water of three valleys, and has done so for longer than anybody remembers. " * 5


def plain(body: str) -> str:
    tree = html.document_fromstring(f"<html><body>{body}</body></html>")
    make_plain(tree.find("body"))
    return html.tostring(tree.find("body"), encoding="unicode").removeprefix("<body>").removesuffix("</body>")


def test_double_line_breaks_part_paragraphs_and_single_ones_stay() -> None:
    assert plain("<div>One<br>two<br><br>three</div>") == "<div><p>One<br>two</p><p>three</p></div>"


def test_a_bold_line_by_itself_between_paragraphs_is_a_heading() -> None:
    made = plain("<div>One.<br><br><b><font size=3>A dam</font></b><br>Two.<br><br>Three.</div>")
    assert made == "<div><p>One.</p><h3>A dam</h3><p>Two.</p><p>Three.</p></div>"
    assert "<h3>" not in plain("<div>One.<br><br><b>It is a sentence.</b><br><br>Two.</div>")


def test_words_between_blocks_become_paragraphs() -> None:
    assert plain("<div>One <i>two</i><p>three</p>four</div>") == (
        "<div><p>One <i>two</i></p><p>three</p><p>four</p></div>"
    )


def test_a_division_that_holds_a_line_of_text_is_a_paragraph() -> None:
    line = "The dam holds the water of three valleys."
    assert plain(f'<div class="x"><div class="y"><span>{line}</span></div></div>') == (
        f'<div class="x"><p><span>{line}</span></p></div>'
    )


def test_paragraphs_and_lists_in_cells_make_no_layout_of_a_table() -> None:
    made = plain(
        "<table><tr><td><p>Model</p></td><td><p>Asked for by</p></td></tr>"
        "<tr><td><p><b>Heron</b> 3</p></td><td><ul><li>Claims</li><li>Letters</li></ul></td></tr></table>"
    )
    assert made == (
        "<table><tr><td>Model</td><td>Asked for by</td></tr>"
        "<tr><td>Heron 3</td><td>Claims Letters</td></tr></table>"
    )


def test_what_spans_rows_stands_in_each_of_them() -> None:
    made = plain(
        "<table><tr><th>a</th><th>b</th></tr><tr><td rowspan=2>80%</td><td>1</td></tr><tr><td>2</td></tr>"
    )
    assert made.endswith("<tr><td>80%</td><td>1</td></tr><tr><td>80%</td><td>2</td></tr></table>")


@pytest.mark.parametrize(
    "rows",
    [
        "<tr><td><p>a</p></td><td><p>b</p></td></tr>",
        "<tr><td><p>a</p></td><td><p>b</p></td></tr><tr><td><p>c</p></td></tr>",
        f"<tr><td><p>a</p></td><td><p>b</p></td></tr><tr><td><p>{LONG}</p></td><td><p>d</p></td></tr>",
        "<tr><td><a><p>Dams</p></a></td><td><a><p>Locks</p></a></td></tr>" * 2,
        "<tr><td><img><p>a</p></td><td><img><p>b</p></td></tr>" * 2,
        "<tr><td><h3>a</h3></td><td><p>b</p></td></tr>" * 2,
    ],
)
def test_what_only_looks_like_a_grid_is_a_layout(rows: str) -> None:
    assert "<td" not in plain(f"<table>{rows}</table>")


def test_the_items_of_a_word_processor_are_items() -> None:
    style = "mso-list:l0 level1 lfo1"
    made = plain(f"<p style='{style}'><span>·<i>&nbsp; </i></span>One</p><p style='mso-list:none'>Two</p>")
    assert made == '<ul><li style="mso-list:l0 level1 lfo1"><span><i>\xa0 </i></span>One</li></ul>' + (
        '<p style="mso-list:none">Two</p>'
    )


@pytest.mark.parametrize(
    "table",
    [
        "<table role='presentation'><tr><td>a</td><td>b</td></tr></table>",
        "<table><tr><td>a</td></tr><tr><td>b</td></tr></table>",
        "<table><tr><td><h2>a</h2></td><td>b</td></tr></table>",
        f"<table><tr><td>a</td><td>{LONG}</td></tr></table>",
        "<table><tr><td><table><tr><th>a</th></tr></table></td><td>b</td></tr></table>",
    ],
)
def test_a_table_that_only_places_things_becomes_divisions(table: str) -> None:
    assert not plain(table).startswith("<table")


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>",
        f"<table><thead><tr><th>a</th><th>b</th></tr></thead><tr><td>a</td><td>{LONG}</td></tr></table>",
    ],
)
def test_a_table_of_data_stays_one(table: str) -> None:
    assert plain(table) == table


def test_bullets_in_a_table_are_a_list() -> None:
    rows = "<tr><td>&bull;</td><td>one</td></tr><tr><td>&bull;</td><td>two</td></tr>"
    assert plain(f"<table>{rows}</table>") == "<ul><li>one</li><li>two</li></ul>"


def test_columns_beside_the_text_go() -> None:
    menu = "<td width=140>Menu: <a>one</a></td>"
    assert "Menu" not in plain(f"<table><tr>{menu}<td>{LONG}</td></tr></table>")
    links = "<td><a>Menu one</a><br><a>two</a></td>"
    assert "Menu" not in plain(f"<table><tr>{links}<td>{LONG}</td></tr></table>")
    beside = f"<td>{LONG[:200]}</td>"
    assert LONG[:150] in plain(f"<table><tr>{beside}<td><p>Short.</p></td></tr></table>")


def test_a_caption_is_a_line_of_the_text() -> None:
    made = plain("<figure><img><figcaption class='x'>A dam in spring</figcaption></figure>")
    assert made == "<div><img><p>A dam in spring</p></div>"
