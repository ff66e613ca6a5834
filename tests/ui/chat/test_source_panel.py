import re

import pytest
from chat_samples import HOSTILE, citation, tags, visible_text

from index_store.passage_store import Origin
from ui.chat.source_panel import highlighted, missing_source, panel_frame, source_html
from ui.quote_check import QuoteState, Whereabouts
from ui.table_text import PlacedTable, read_table


def test_the_panel_tells_where_the_words_stand() -> None:
    text = visible_text(source_html("t1", citation(page=4)))
    for fact in ("On rain", "The Weather Letter", "18 March 2025", "In spring", "page 4", "weather.example"):
        assert fact in text


def test_the_panel_tells_where_else_the_text_was_published() -> None:
    origins = (
        Origin("b.md", "A reprint", "The <b>Other</b>", None, "2026-03-01"),
        Origin("https://www.copy.example/a", "On rain", None, "https://www.copy.example/a", None),
        Origin("d.md", "A third", None, "javascript:alert(1)", None),
    )
    html = source_html("t1", citation(origins=origins))
    assert visible_text(html).count("also in") == 1
    entries = [visible_text(entry) for entry in re.findall("<li>(.*?)</li>", html)]
    assert entries == [
        "A reprint · The <b>Other</b> · 1 March 2026 · b.md",
        "copy.example/a",
        "A third · d.md",
    ]
    assert "<b>" not in html
    assert "also in" not in source_html("t1", citation())


def test_articles_that_the_library_holds_are_linked_there() -> None:
    origins = (Origin("b.md", "On rain", None, None, None), Origin("gone.md", "On rain", None, None, None))
    pages = Whereabouts(
        "held", "/library/article?path=rain.md&at=3#cited", {"b.md": "/library/article?path=b.md"}
    )
    html = source_html("t1", citation(url=None, origins=origins), quoted=pages)
    links = [a["href"] for name, a in tags(html) if name == "a"]
    assert links == ["/library/article?path=rain.md&at=3#cited", "/library/article?path=b.md"]
    assert "gone.md" in visible_text(html)
    assert [name for name, _ in tags(source_html("t1", citation(url=None, origins=origins)))].count("a") == 0


def test_exactly_the_quoted_words_are_marked() -> None:
    html = highlighted(citation())
    assert html == 'It rained on Monday. <mark class="quote">It rained for six hours.</mark> Then it stopped.'


def test_a_quote_that_is_not_in_the_passage_is_shown_before_it() -> None:
    html = highlighted(citation(quote="Something else."))
    assert html.startswith('<mark class="quote">Something else.</mark>')
    assert "It rained on Monday." in html


def test_a_heading_that_stands_above_the_passage_is_not_repeated_in_it() -> None:
    opening = "On rain\n\nIn  Spring\n\nIt rained for six hours. In spring it does."
    made = citation(passage=opening)
    assert highlighted(made) == '<mark class="quote">It rained for six hours.</mark> In spring it does.'
    assert visible_text(source_html("t1", made)).count("On rain") == 1
    other = citation(passage="In autumn\n\nIt rained for six hours.")
    assert highlighted(other).startswith("In autumn")


def test_a_quote_that_is_the_heading_itself_stays() -> None:
    made = citation(passage="In spring\n\nIt rained.", quote="In spring")
    assert highlighted(made) == '<mark class="quote">In spring</mark>\n\nIt rained.'


ROWS = "Product | Country | On-premise\nCorvault | Germany | yes\nOstra | Spain | no"
ROW = "Corvault | Germany | yes"


def test_a_quoted_row_stands_in_its_table_below_the_header() -> None:
    html = highlighted(citation(passage=f"In spring\n\nThe stores.\n\n{ROWS}", quote=ROW))
    assert html.startswith("The stores.<div")
    assert re.findall(r"<th [^>]*>(.*?)</th>", html) == ["Product", "Country", "On-premise"]
    assert re.findall(r'<mark class="quote">(.*?)</mark>', html) == ["Corvault", "Germany", "yes"]


def test_a_row_whose_header_stands_further_above_has_it_too() -> None:
    table = read_table(ROWS)
    assert table is not None
    cut = PlacedTable(-ROWS.index(ROW), table)
    made = citation(passage=ROWS[ROWS.index(ROW) :], quote=ROW)
    html = source_html("t1", made, quoted=Whereabouts(tables=(cut,)))
    assert re.findall(r"<th [^>]*>(.*?)</th>", html) == ["Product", "Country", "On-premise"]
    assert "<td>Ostra</td>" in html


def test_code_with_pipes_is_no_table_where_the_article_is_known() -> None:
    made = citation(passage="ls | wc\nps | sort", quote="ls | wc")
    assert highlighted(made, ()) == '<mark class="quote">ls | wc</mark>\nps | sort'


def test_the_very_words_of_a_quote_are_there_to_be_copied() -> None:
    html = source_html("t1", citation(passage=ROWS, quote=ROW))
    (source,) = [a for _, a in tags(html) if a.get("class") == "source"]
    assert source["data-quote"] == ROW


def test_a_citation_without_a_quote_marks_nothing() -> None:
    assert "<mark" not in highlighted(citation(quote=""))


def test_a_web_address_is_linked_without_a_way_back() -> None:
    (link,) = [a for name, a in tags(source_html("t1", citation())) if name == "a"]
    assert link["href"] == "https://weather.example/rain"
    assert link["rel"] == "noopener noreferrer"


@pytest.mark.parametrize(
    "url",
    [
        None,
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "//weather.example/rain",
        "https://",
        "http://[broken",
        "https://weather.example/\u202egnp.exe",
    ],
)
def test_any_other_address_is_no_link(url: str | None) -> None:
    html = source_html("t1", citation(url=url))
    assert not [name for name, _ in tags(html) if name == "a"]
    assert "letters/rain.md" in html


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_from_an_article_becomes_markup(text: str) -> None:
    html = source_html(
        text,
        citation(
            title=text,
            publisher=text,
            published=text,
            heading=text,
            article=text,
            url="https://weather.example/" + text.replace(" ", ""),
            passage=f"before {text} middle {text} after",
            quote=f"{text} middle",
        ),
        (1, 2),
    )
    names = [name for name, _ in tags(html)]
    assert set(names) <= {
        *("div", "span", "button", "svg", "path", "h2", "p", "a", "time", "bdi", "blockquote", "mark"),
    }
    assert names.count("mark") == 1
    assert not any(name.startswith("on") for _, attributes in tags(html) for name in attributes)
    assert f"before {text} middle {text} after" in visible_text(html)


@pytest.mark.parametrize(("number", "ways"), [(1, ["2"]), (2, ["1", "5"]), (5, ["2"])])
def test_one_can_step_through_the_footnotes_of_an_answer(number: int, ways: list[str]) -> None:
    html = source_html("t1", citation(number), (1, 2, 5))
    steps = [a for _, a in tags(html) if a.get("data-action") == "step"]
    assert [a["data-number"] for a in steps if "disabled" not in a] == ways
    assert len(steps) == 2


def test_the_frame_is_closed_at_first_and_can_be_closed_again() -> None:
    (aside,) = [a for name, a in tags(panel_frame()) if name == "aside"]
    assert "hidden" in aside
    assert 'data-action="close-source"' in panel_frame()


def test_a_footnote_that_is_gone_says_so() -> None:
    assert "no longer kept" in visible_text(missing_source())


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("held", ""),
        ("unknown", ""),
        ("changed", "changed since The article has other words now; the answer keeps those it quoted."),
        ("removed", "removed since The article has left the library; the answer keeps the words it quoted."),
    ],
)
def test_what_became_of_the_words_stands_beside_them(state: QuoteState, words: str) -> None:
    html = source_html("t1", citation(), quoted=Whereabouts(state))
    assert ("since" in visible_text(html)) is bool(words)
    assert words in visible_text(html)
    assert "It rained for six hours." in visible_text(html)
