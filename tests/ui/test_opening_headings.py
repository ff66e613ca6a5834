import pytest

from ui.opening_headings import opening_headings

HEADINGS = ("On rain", "In spring", "")


@pytest.mark.parametrize(
    ("text", "left", "repeated"),
    [
        ("On rain\n\nIn spring\n\nIt rained.", "It rained.", {"On rain", "In spring"}),
        ("\nIN  spring \nIt rained.\nIn spring\n", "It rained.\nIn spring\n", {"In spring"}),
        ("It rained.\n\nIn spring\n", "It rained.\n\nIn spring\n", set()),
        ("In spring it rained.", "In spring it rained.", set()),
        ("\n\nIt rained.", "\n\nIt rained.", set()),
        ("", "", set()),
        # What is nothing but headings would be shown as nothing.
        ("On rain\n\nIn spring\n", "On rain\n\nIn spring\n", set()),
    ],
)
def test_only_lines_that_repeat_a_heading_are_left_out(text: str, left: str, repeated: set[str]) -> None:
    end, found = opening_headings(text, HEADINGS)
    assert text[end:] == left
    assert found == repeated
