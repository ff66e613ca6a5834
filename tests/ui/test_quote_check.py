from collections.abc import Callable

import pytest
from chat_samples import citation

from index_store.article import Article
from index_store.errors import LibraryLocked
from index_store.passage_store import ArticleSummary, StoredArticle
from ui.library.article_list import KEPT_SECONDS, ArticleList
from ui.quote_check import QuoteCheck

WORDS = "It rained on Monday. It rained for six hours."


class Shelf:
    """Holds articles by key."""

    def __init__(self, *articles: Article) -> None:
        self.held = {one.key: StoredArticle(one, "0", "1", (), "") for one in articles}
        self.asked = 0

    def rows(self) -> list[ArticleSummary]:
        self.asked += 1
        return [
            ArticleSummary(key, one.article.source, one.article.path, "", None, None, "0", "1", 1, "")
            for key, one in self.held.items()
        ]

    def article(self, key: str) -> StoredArticle | None:
        return self.held.get(key)


def rain(text: str = WORDS, source: str = "/notes") -> Article:
    return Article(source, "letters/rain.md", "On rain", text)


def check(shelf: Shelf) -> QuoteCheck:
    return QuoteCheck(ArticleList(shelf.rows, lambda: None), lambda: shelf)


def test_words_that_stand_in_the_article_are_held() -> None:
    assert check(Shelf(rain())).state(citation()) == "held"


def test_an_article_with_other_words_has_changed() -> None:
    assert check(Shelf(rain("It rained for five hours."))).state(citation()) == "changed"


def test_an_article_that_is_not_there_was_removed() -> None:
    assert check(Shelf()).state(citation()) == "removed"
    assert check(Shelf(rain())).state(citation(article="letters/snow.md")) == "removed"


def test_of_several_articles_of_one_path_one_that_has_the_words_is_enough() -> None:
    assert check(Shelf(rain("Other."), rain(source="/copies"))).state(citation()) == "held"


def test_a_footnote_without_a_quote_is_looked_up_by_its_passage() -> None:
    whole = citation(quote="")
    assert check(Shelf(rain())).state(whole) == "changed"
    assert check(Shelf(rain(whole.passage))).state(whole) == "held"


def test_a_library_that_cannot_be_asked_says_nothing() -> None:
    def locked() -> Shelf:
        raise LibraryLocked("another process holds it")

    assert QuoteCheck(ArticleList(Shelf().rows, lambda: None), locked).state(citation()) == "unknown"


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
