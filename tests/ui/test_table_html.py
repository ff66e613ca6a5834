import re

import pytest
from chat_samples import HOSTILE, tags, visible_text

from ui.markup_net import netted
from ui.table_html import table_html, text_with_tables
from ui.table_text import PlacedTable, Table, read_table

STORES = "Product | Country | On-premise\nCorvault | Germany | yes\nOstra | Spain | no"


def table(text: str = STORES) -> Table:
    read = read_table(text)
    assert read is not None
    return read


def rows(html: str) -> list[list[str]]:
    """The words of each row's cells."""
    return [
        [visible_text(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in re.findall(r"<tr>(.*?)</tr>", html)
    ]


def whole(text: str = STORES) -> str:
    return table_html(table(text), (0, len(text)))


def test_rows_are_rows_and_the_first_names_the_columns() -> None:
    assert rows(whole()) == [line.split(" | ") for line in STORES.split("\n")]
    heads = [a for name, a in tags(whole()) if name == "th"]
    assert [one["scope"] for one in heads] == ["col"] * 3
    assert "<th" not in whole("Corvault | 11.40 EUR\nOstra | 7.25 EUR")


def test_a_row_of_another_length_is_put_under_no_single_column() -> None:
    html = whole(f"{STORES}\nTogether | 2")
    assert rows(html)[-1] == ["Together | 2"]
    assert [a["colspan"] for name, a in tags(html) if "colspan" in a] == ["3"]


def test_a_part_of_a_table_has_the_header_of_the_whole_above_it() -> None:
    start = STORES.index("Ostra")
    html = table_html(table(), (start, len(STORES)))
    assert rows(html) == [["Product", "Country", "On-premise"], ["Ostra", "Spain", "no"]]
    assert html.count("<thead>") == 1


def test_a_row_that_is_cut_keeps_its_cells_in_their_columns() -> None:
    html = table_html(table(), (STORES.index("Spain"), len(STORES)))
    assert rows(html)[-1] == ["", "Spain", "no"]


def test_what_is_quoted_is_marked_cell_by_cell() -> None:
    quote = "Corvault | Germany | yes"
    start = STORES.index(quote)
    html = table_html(table(), (0, len(STORES)), (start, start + len(quote)))
    assert re.findall(r'<mark class="quote">(.*?)</mark>', html) == ["Corvault", "Germany", "yes"]
    assert html.count('<td class="quoted">') == 3


def test_of_a_cell_that_is_quoted_in_part_only_that_part_is_marked() -> None:
    start = STORES.index("vault")
    html = table_html(table(), (0, len(STORES)), (start, start + 5))
    assert '<td>Cor<mark class="quote">vault</mark></td>' in html
    assert "quoted" not in html


def test_a_table_stands_between_the_words_around_it_without_their_blank_lines() -> None:
    text = f"Before.\n\n{STORES}\n\nBehind."
    html = text_with_tables(text, [PlacedTable(9, table())], (0, len(text)))
    assert html.startswith("Before.<div")
    assert html.endswith("</div>Behind.")


def test_the_box_of_a_table_can_be_scrolled_with_the_keyboard() -> None:
    (box,) = [a for _, a in tags(whole()) if a.get("class") == "table-box"]
    assert (box["tabindex"], box["aria-label"], box["role"]) == ("0", "Table", "group")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_becomes_markup(text: str) -> None:
    one_line = " ".join(text.split())
    html = whole(f"Name | {one_line}\n{one_line} | {one_line}\n{one_line}")
    assert {name for name, _ in tags(html)} <= set("div table thead tbody tr th td".split())
    assert one_line in visible_text(html)


def test_the_net_lets_a_table_through_as_it_is() -> None:
    html = whole(f"{STORES}\nTogether | 2")
    assert tags(netted(html)) == tags(html)  # type: ignore[arg-type]
