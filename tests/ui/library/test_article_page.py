import re
from dataclasses import replace

import pytest
from chat_samples import HOSTILE, tags, visible_text

from index_store.article import Article, Block
from index_store.passage import Passage
from index_store.passage_store import Origin, StoredArticle
from ui.desk import ArticleView
from ui.library.article_page import article_html, marked_passages, missing_article

TEXT = "On rain\n\nIt rained.\n\nIn spring\n\nMonth | Days\nMarch | 9\n\nThe end."
ARTICLE = Article(
    "/notes",
    "rain.md",
    "On rain",
    TEXT,
    (Block("heading", 0, 7, 1), Block("heading", 21, 30, 2), Block("table", 32, 54)),
    "The Weather Letter",
    "A. Author",
    "https://weather.example/rain",
    "2025-03-18",
)


def passage(start: int, end: int, ordinal: int, *headings: str, page: int | None = None) -> Passage:
    text = TEXT[start:end]
    return Passage(
        f"p{ordinal}", "/notes", "rain.md", "On rain", text, start, end, ordinal, headings, page=page
    )


FIRST = passage(9, 19, 0)
SECOND = passage(32, 54, 1, "In spring", page=3)


def page(article: Article = ARTICLE, *passages: Passage, upload: str | None = None) -> str:
    stored = StoredArticle(article, "0", "1", (), "2026-01-01T00:00:00+00:00")
    return article_html(ArticleView(stored, passages or (FIRST, SECOND)), "Notes", upload=upload)


def test_the_article_is_told_with_its_facts() -> None:
    shown = visible_text(page())
    for fact in (
        "On rain",
        "The Weather Letter",
        "A. Author",
        "18 March 2025",
        "Notes: rain.md",
        "2 passages",
    ):
        assert fact in shown
    (link,) = [a for name, a in tags(page()) if a.get("target")]
    assert (link["href"], link["rel"]) == ("https://weather.example/rain", "noopener noreferrer")


def test_the_whole_text_is_shown_once_with_each_passage_marked_in_turn() -> None:
    html = marked_passages(ARTICLE, (SECOND, FIRST))
    sections = [a for name, a in tags(html) if name == "section"]
    assert [a["class"] for a in sections] == ["passage-piece odd", "passage-piece even"]
    assert [a["aria-label"] for a in sections] == ["Passage 1", "Passage 2"]
    words = " ".join(visible_text(html).split())
    assert words == "1It rained.In spring2In springpage 3MonthDaysMarch9The end."
    assert re.findall(r'<span class="as-(\w+)">', html) == ["heading"]
    assert [name for name, _ in tags(html) if name in ("table", "th", "td")] == [
        *("table", "th", "th", "td", "td")
    ]


def test_each_part_of_a_table_that_was_cut_has_the_header_above_it() -> None:
    text = "Month | Days | Dry\nMarch | 9 | no\nApril | 7 | yes"
    article = replace(ARTICLE, text=text, blocks=(Block("table", 0, len(text)),))
    cut = text.index("April")
    parts = (replace(FIRST, start=0, end=cut - 1), replace(SECOND, start=cut, end=len(text)))
    html = marked_passages(article, parts)
    assert html.count('<th scope="col">Dry</th>') == 2
    assert html.count("<td>April</td>") == 1


def test_lines_side_by_side_without_cells_stay_as_they_are() -> None:
    text = "Rain\nSnow"
    article = replace(ARTICLE, text=text, blocks=(Block("table", 0, len(text)),))
    assert '<span class="as-table">Rain\nSnow</span>' in marked_passages(article, ())


def test_no_heading_stands_twice_above_the_same_words() -> None:
    own = passage(21, 54, 1, "On rain", "In spring")
    shown = visible_text(page(ARTICLE, FIRST, own))
    assert (shown.count("On rain"), shown.count("In spring")) == (1, 1)
    # A part further below names the headings that it stands under, since no words of it do.
    below = passage(45, 54, 2, "Weather", "In spring")
    assert "Weather › In spring" in visible_text(page(ARTICLE, FIRST, passage(21, 44, 1), below))
    # Where nothing but the title is a passage, it stays.
    assert ">On rain</span>" in marked_passages(ARTICLE, (passage(0, 7, 0), SECOND))


def test_the_passage_that_a_footnote_leads_to_can_be_found() -> None:
    html = marked_passages(ARTICLE, (FIRST, SECOND), at=40)
    assert html.count('id="cited"') == 1
    assert html.index('id="passage-2"') < html.index('id="cited"')
    for nowhere in (None, 30, 9999, -1):
        assert "cited" not in marked_passages(ARTICLE, (FIRST, SECOND), at=nowhere)


def test_an_article_that_is_the_same_text_as_another_leads_to_it_and_back() -> None:
    stored = StoredArticle(ARTICLE, "0", "1", (), "2026-01-01T00:00:00+00:00", None, "/a b\nfirst.md")
    html = article_html(ArticleView(stored, ()), "Notes")
    assert "The same text as first.md, which is searched and cited in its place." in visible_text(html)
    assert "/library/article?source=%2Fa+b&path=first.md" in [a["href"] for _, a in tags(html) if "href" in a]
    searched = replace(stored, duplicate_of=None)
    others = (
        Origin("rain-2.md", "On rain", None, None, None),
        Origin("c.md", "A copy", "The Echo", None, None),
    )
    shown = visible_text(article_html(ArticleView(searched, (FIRST, SECOND), others), "Notes"))
    assert "The same text is also in: rain-2.md; A copy · The Echo · c.md" in shown


def test_passages_that_share_words_do_not_repeat_them() -> None:
    html = marked_passages(ARTICLE, (passage(9, 19, 0), passage(15, 30, 1)))
    assert visible_text(html).count("rained") == 1
    assert visible_text(html).count("In spring") == 1


def test_an_article_without_passages_is_shown_plain() -> None:
    html = marked_passages(ARTICLE, ())
    assert "<section" not in html
    assert "It rained." in html


def test_only_an_uploaded_file_can_be_deleted_here() -> None:
    assert "remove-upload" not in page()
    (button,) = [a for _, a in tags(page(upload="rain.md")) if a.get("data-action") == "remove-upload"]
    assert (button["data-name"], button["data-then"]) == ("rain.md", "/library")


def test_an_article_that_is_gone_leads_back() -> None:
    assert "not in the library" in visible_text(missing_article())


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_an_article_becomes_markup(text: str) -> None:
    whole = f"{text} one {text}"
    article = replace(
        ARTICLE, title=text, text=whole, publisher=text, author=text, published=text, path=text, blocks=()
    )
    piece = replace(FIRST, text=whole, start=0, end=len(whole), headings=(text, text))
    html = page(article, piece, upload=text)
    names = {name for name, _ in tags(html)}
    assert names <= set("article h1 p a span svg path button div section time bdi".split())
    assert not any(name.startswith("on") for _, attributes in tags(html) for name in attributes)
    assert whole in visible_text(html)
