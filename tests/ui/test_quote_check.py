from collections.abc import Callable
from dataclasses import replace

import pytest
from chat_samples import citation

from index_store.article import Article, Block
from index_store.errors import LibraryLocked
from index_store.passage_store import ArticleSummary, Origin, StoredArticle
from ui.library.article_list import KEPT_SECONDS, ArticleList
from ui.quote_check import QuoteCheck, Whereabouts

WORDS = "It rained on Monday. It rained for six hours. Then it stopped."


class Shelf:
    """Holds articles by key."""

    def __init__(self, *articles: Article) -> None:
        self.held = {one.key: StoredArticle(one, "0", "1", (), "") for one in articles}
        self.duplicates: dict[str, str] = {}
        self.asked = 0

    def rows(self) -> list[ArticleSummary]:
        self.asked += 1
        return [
            ArticleSummary(
                *(key, one.article.source, one.article.path, "", None, None, "0", "1", 1, ""),
                duplicate_of=self.duplicates.get(key),
            )
            for key, one in self.held.items()
        ]

    def article(self, key: str) -> StoredArticle | None:
        return self.held.get(key)


def rain(text: str = WORDS, source: str = "/notes") -> Article:
    return Article(source, "letters/rain.md", "On rain", text)


def check(shelf: Shelf) -> QuoteCheck:
    return QuoteCheck(ArticleList(shelf.rows, lambda: None), lambda: shelf)


def test_words_that_stand_in_the_article_are_held() -> None:
    assert check(Shelf(rain())).look(citation()).state == "held"


def test_an_article_with_other_words_has_changed() -> None:
    assert check(Shelf(rain("It rained for five hours."))).look(citation()).state == "changed"


def test_an_article_with_the_quoted_words_and_others_around_them_has_changed_there() -> None:
    assert check(Shelf(rain(f"New. {WORDS}"))).look(citation()).state == "held"
    assert check(Shelf(rain(WORDS.replace(". ", ".\n\n", 1)))).look(citation()).state == "held"
    around = "It rained on Monday. It rained for six hours. Then it snowed."
    assert check(Shelf(rain(around))).look(citation()).state == "around"


def test_an_article_that_is_not_there_was_removed() -> None:
    assert check(Shelf()).look(citation()).state == "removed"
    assert check(Shelf(rain())).look(citation(article="letters/snow.md")).state == "removed"


def test_of_several_articles_of_one_path_one_that_has_the_words_is_enough() -> None:
    assert check(Shelf(rain("Other."), rain(source="/copies"))).look(citation()).state == "held"


def test_a_footnote_without_a_quote_is_looked_up_by_its_passage() -> None:
    whole = citation(quote="")
    assert check(Shelf(rain("It rained on Monday."))).look(whole).state == "changed"
    assert check(Shelf(rain(whole.passage))).look(whole).state == "held"


def test_a_library_that_cannot_be_asked_says_nothing() -> None:
    def locked() -> Shelf:
        raise LibraryLocked("another process holds it")

    assert QuoteCheck(ArticleList(Shelf().rows, lambda: None), locked).look(citation()).state == "unknown"


def test_the_page_of_the_article_is_told_at_the_words_even_where_they_have_moved() -> None:
    page = "/library/article?source=%2Fnotes&path=letters%2Frain.md"
    moved = citation(start=21, end=45)
    assert check(Shelf(rain())).look(moved).page == f"{page}&at=21#cited"
    assert check(Shelf(rain(f"New. {WORDS}"))).look(moved).page == f"{page}&at=26#cited"
    assert check(Shelf(rain("It rained for five hours."))).look(moved).page == page
    assert check(Shelf()).look(moved).page is None


def test_the_pages_of_other_articles_with_the_same_text_are_told_by_path() -> None:
    copy = Article("/copies", "letters/rain.md", "On rain", WORDS)
    reprint = Article("/copies", "echo.md", "On rain", WORDS)
    shelf = Shelf(copy, reprint, rain())
    shelf.duplicates = {copy.key: rain().key, reprint.key: rain().key}
    origins = tuple(
        Origin(path, "On rain", None, None, None) for path in ("letters/rain.md", "echo.md", "gone.md")
    )
    told = check(shelf).look(citation(start=21, origins=origins))
    # Of two articles of one path, the one that is searched is the one that was cited.
    assert told.page == "/library/article?source=%2Fnotes&path=letters%2Frain.md&at=21#cited"
    assert told.origins == {
        "letters/rain.md": "/library/article?source=%2Fcopies&path=letters%2Frain.md",
        "echo.md": "/library/article?source=%2Fcopies&path=echo.md",
    }
    assert told.without_pages == Whereabouts("held")


@pytest.fixture
def seconds() -> list[float]:
    return [0.0]


@pytest.fixture
def happened() -> list[int]:
    return [0]


@pytest.fixture
def kept(seconds: list[float], happened: list[int]) -> Callable[[Shelf], ArticleList]:
    return lambda shelf: ArticleList(shelf.rows, lambda: happened[0], clock=lambda: seconds[0])


def test_the_list_is_asked_for_once_until_something_happened_or_it_is_old(
    kept: Callable[[Shelf], ArticleList], seconds: list[float], happened: list[int]
) -> None:
    shelf = Shelf(rain())
    made = kept(shelf)
    for _ in range(3):
        assert len(made.rows()) == 1
    assert shelf.asked == 1
    happened[0] += 1
    made.rows()
    assert shelf.asked == 2
    seconds[0] += KEPT_SECONDS
    made.rows()
    assert shelf.asked == 3


def test_an_error_is_not_kept(kept: Callable[[Shelf], ArticleList]) -> None:
    shelf = Shelf(rain())
    made = kept(shelf)
    rows, shelf.rows = shelf.rows, lambda: (_ for _ in ()).throw(LibraryLocked("away"))  # type: ignore[method-assign]
    made._listed = shelf.rows
    with pytest.raises(LibraryLocked):
        made.rows()
    made._listed = rows
    assert len(made.rows()) == 1


ROWS = "Day | Hours\nMonday | It rained for six hours.\nTuesday | none"


def test_a_table_that_the_passage_begins_within_is_given_whole() -> None:
    text = f"Rain.\n\n{ROWS}\n\nThe end."
    blocks = (Block("paragraph", 0, 5), Block("table", 7, 7 + len(ROWS)), Block("paragraph", 60, 68))
    article = replace(rain(text), blocks=blocks)
    quoted = ROWS.split("\n")[1]
    made = citation(passage=ROWS[ROWS.index("Monday") :], quote=quoted)
    (placed,) = check(Shelf(article)).look(made).tables or ()
    assert placed.at == -ROWS.index("Monday")
    assert placed.table.text == ROWS
    # Somebody who may not open the Library still reads the header.
    assert check(Shelf(article)).look(made).without_pages.tables == (placed,)


def test_a_passage_without_a_table_has_none_and_one_that_is_gone_is_not_known() -> None:
    article = replace(rain(), blocks=(Block("paragraph", 0, len(WORDS)),))
    made = citation(passage=WORDS)
    assert check(Shelf(article)).look(made).tables == ()
    assert check(Shelf(article)).look(citation(passage="It rained for six hours. No more.")).tables is None
    assert check(Shelf()).look(made).tables is None


def test_an_article_is_led_to_by_its_path_and_of_several_to_the_one_that_is_searched() -> None:
    shelf = Shelf(rain(), rain(source="/copies"))
    shelf.duplicates[rain().key] = rain(source="/copies").key
    assert (
        check(shelf).page_of("letters/rain.md") == "/library/article?source=%2Fcopies&path=letters%2Frain.md"
    )
    assert check(shelf).page_of("letters/snow.md") is None


def test_where_the_library_cannot_be_read_nothing_is_led_to() -> None:
    def locked() -> list[ArticleSummary]:
        raise LibraryLocked("in use")

    quotes = QuoteCheck(ArticleList(locked, lambda: None), Shelf)
    assert quotes.page_of("letters/rain.md") is None
