"""Pages whose parts nest deeper than libxml2 reads."""

import pytest

from ingest.errors import ArticleUnreadable
from ingest.text.clean_text import CleanText
from ingest.text.page_tree import page_tree
from ingest.text.web_page import WebPageReader

LINES = [f"Sentence number {number} tells of the pump, and of what it lifts." for number in range(400)]


def text_of(markup: str) -> str:
    out = CleanText()
    WebPageReader().write(markup, out)
    return out.text


@pytest.mark.parametrize("tag", ["font size=2", "b", "span"])
def test_a_page_whose_inline_tags_are_never_closed_is_read_to_its_end(tag: str) -> None:
    page = "<title>Pump news</title><h1>Pump news</h1>" + "".join(f"<{tag}>{line}<br><br>" for line in LINES)
    assert [line for line in LINES if line not in text_of(page)] == []


def test_a_text_within_hundreds_of_boxes_is_read() -> None:
    page = f"{'<div>' * 400}<p>{LINES[0]}</p><p>{LINES[1]}</p>{'</div>' * 400}<p>{LINES[2]}</p>"
    assert text_of(page).split("\n\n") == LINES[:3]


@pytest.mark.parametrize("odd", ['<h2 id="in-depth">One</h2><h2 id="in-depth">Two</h2>', "</depth>"])
def test_a_page_that_speaks_of_depth_is_no_deep_page(odd: str) -> None:
    assert LINES[0] in text_of(f"{odd}<p>{LINES[0]}</p>")


@pytest.mark.parametrize("page", ["<div>" * 100_000, "<div>x" * 300], ids=["boxes", "boxes with words"])
def test_a_page_that_nests_without_end_is_told_of_and_not_cut(page: str) -> None:
    with pytest.raises(ArticleUnreadable, match="nest more than 200 deep"):
        page_tree(f"<p>{LINES[0]}</p>{page}<p>{LINES[1]}</p>")
