import pytest

from ui.table_text import header_above, read_table, tables_in

STORES = "Product | Country | Price\nCorvault | Germany | 11.40 EUR\nOstra |  | 7.25 EUR"


def cells(text: str) -> list[list[str]]:
    table = read_table(text)
    assert table is not None
    return [[text[slice(*cell)] for cell in row] for row in table.rows]


def header(text: str) -> str | None:
    table = read_table(text)
    assert table is not None
    return None if table.header is None else table.words(table.header)


def test_each_line_is_a_row_and_each_cell_keeps_its_place_in_the_text() -> None:
    assert cells(STORES)[1:] == [["Corvault", "Germany", "11.40 EUR"], ["Ostra", "", "7.25 EUR"]]


def test_empty_cells_at_the_ends_of_a_row_are_cells() -> None:
    assert cells("A | B | C\n | two |\nx |  |")[1:] == [["", "two", ""], ["x", "", ""]]


def test_a_row_with_another_number_of_cells_stands_across_the_columns() -> None:
    assert cells(f"Stores in Europe\n{STORES}\nTotal | 18.65 EUR")[0] == ["Stores in Europe"]
    assert cells(f"{STORES}\nTotal | 18.65 EUR")[-1] == ["Total | 18.65 EUR"]


def test_a_pipe_within_a_word_parts_no_cells() -> None:
    assert cells("Call | Gives\na|b | c||d")[1] == ["a|b", "c||d"]


def test_lines_without_cells_are_no_table() -> None:
    assert read_table("Rain\nSnow") is None
    assert read_table("") is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (STORES, "Product | Country | Price"),
        (f"Stores in Europe\n{STORES}", "Product | Country | Price"),
        ("Metric | 2023 | 2024\nRevenue | 11 | 12", "Metric | 2023 | 2024"),
        ("Model | 7B | 13B\nMemory | 5.1 GB | 9.2 GB", "Model | 7B | 13B"),
        ("Corvault | Germany | 11.40 EUR\nOstra | Spain | 7.25 EUR", None),
        ("Corvault | yes | MIT\nOstra | no | MIT", None),
        ("Founded | 1998\nEmployees | 1,200", None),
        ("Share | 12%\nRest | 88%", None),
        ("A | B", None),
    ],
)
def test_the_first_row_names_the_columns_unless_it_holds_what_they_hold(text: str, named: str | None) -> None:
    assert header(text) == named


def test_tables_are_told_by_their_lines_where_no_blocks_are_known() -> None:
    (placed,) = tables_in(f"Prices.\n\n{STORES}\n\nIn March a | b was read.")
    assert (placed.at, placed.end) == (9, 9 + len(STORES))
    assert tables_in("One line | with a pipe") == ()
    assert tables_in("a | b\nno cells here") == ()


def test_where_a_text_begins_within_a_table_no_row_of_values_is_taken_for_its_header() -> None:
    (cut,) = tables_in("Corvault | Germany | MIT\nOstra | Spain | MIT")
    assert cut.table.header is None
    (whole,) = tables_in(STORES)
    assert whole.table.header == 0


def test_a_quoted_row_has_its_header_above_it() -> None:
    text = f"Prices.\n\n{STORES}\n\nThat was it."
    assert header_above(text, "Ostra |  | 7.25 EUR") == "Product | Country | Price"
    for elsewhere in ("Product | Country", "Prices.", "That was it.", "not there"):
        assert header_above(text, elsewhere) is None
