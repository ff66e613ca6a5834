"""Forty saved pages in six layouts: the article comes out whole, what stands around it does not."""

import pytest
from saved_pages.building import SavedPage, saved_pages

from index_store.article import Article
from ingest.article_file import ArticleReader
from ingest.text.extraction_quality import FACTS, PageScore, score

LEAST_MEAN = 0.95
LEAST_OF_A_PAGE = 0.9
LEAST_FACTS = 0.95
# What readers would be angriest to find cited.
WORST = ("Accept all cookies", "Share on X", "Share on LinkedIn", "Related articles", "All rights reserved")


@pytest.fixture(scope="module")
def read() -> list[tuple[SavedPage, Article]]:
    reader = ArticleReader()
    return [
        (page, reader.read_bytes(page.data, suffix=".html", source="s", path=f"{page.name}.html"))
        for page in saved_pages()
    ]


@pytest.fixture(scope="module")
def scores(read: list[tuple[SavedPage, Article]]) -> dict[str, PageScore]:
    return {page.name: score(article, page.expected, name=page.name) for page, article in read}


def test_there_are_forty_pages_in_six_layouts_and_a_third_of_them_was_kept_aside(
    read: list[tuple[SavedPage, Article]],
) -> None:
    pages = [page for page, _ in read]
    assert len(pages) == 40
    assert {page.layout.partition("_")[0] for page in pages} == {
        "news", "company", "docs", "release", "forum", "letter"
    }  # fmt: skip
    assert sum(page.is_aside for page in pages) == 14
    assert {page.article.language for page in pages} == {"en", "de", "fr", "zh", "ar", "ru"}


@pytest.mark.parametrize("aside", [False, True])
def test_the_text_is_what_a_person_would_copy(
    read: list[tuple[SavedPage, Article]], scores: dict[str, PageScore], aside: bool
) -> None:
    chosen = [scores[page.name] for page, _ in read if page.is_aside == aside]
    assert sum(one.f1 for one in chosen) / len(chosen) >= LEAST_MEAN
    assert [one for one in chosen if one.f1 < LEAST_OF_A_PAGE] == []


@pytest.mark.parametrize("aside", [False, True])
def test_the_facts_are_those_that_the_page_tells(
    read: list[tuple[SavedPage, Article]], scores: dict[str, PageScore], aside: bool
) -> None:
    chosen = [scores[page.name] for page, _ in read if page.is_aside == aside]
    wrong = sum(len(one.wrong) for one in chosen)
    assert 1 - wrong / (len(chosen) * len(FACTS)) >= LEAST_FACTS


def test_no_furniture_gets_through(read: list[tuple[SavedPage, Article]]) -> None:
    through = [
        (page.name, phrase)
        for page, article in read
        for phrase in page.furniture
        if phrase in article.text and not page.is_aside
    ]
    # The page lists its child pages with a line about each: that much is a part of it.
    assert through == [
        ("tern-routing", "Our readers sent in four hundred photographs, and we chose the wettest.")
    ]
    assert not any(phrase in article.text for _, article in read for phrase in WORST)


def test_tables_listings_and_lists_keep_their_kind(read: list[tuple[SavedPage, Article]]) -> None:
    for page, article in read:
        kinds = {block.kind for block in article.blocks}
        written = {block.kind for block in page.article.blocks}
        for kind, block in (("table", "table"), ("code", "code"), ("heading", "heading")):
            assert kind not in written or block in kinds, (page.name, kind)


def test_a_listing_keeps_its_lines(read: list[tuple[SavedPage, Article]]) -> None:
    for page, article in read:
        for block in page.article.blocks:
            if block.kind == "code":
                assert "\n".join(block.lines) in article.text, page.name
