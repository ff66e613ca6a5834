"""Tables of articles, as they are read in Chromium: on the article's page, and beside an answer."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from chat_samples import answer, citation, sentence
from page_steps import PANDAS_WARNING, Site, ask, visit
from playwright.sync_api import Browser, Page, expect

from assistant.events import AnswerEvent, AnswerFinished, Turn
from ui.chat.demo_page import demo_app, demo_parts
from ui.chat.demo_shelf import DemoShelf
from ui.page_links import article_address

pytestmark = pytest.mark.filterwarnings(PANDAS_WARNING)

HEADER = "Product | Country | Price per seat | On-premise | Support | Licence"
ROW = "Corvault | Germany | 11.40 EUR | yes | 24x7 | proprietary"
ROWS = [HEADER, ROW, *(f"Store {n} | Spain | {n}.25 EUR | no | by mail | MIT" for n in range(2, 60))]


class RowAnswers:
    """Answers every question with a row of the table."""

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[AnswerEvent]:
        """See assistant.events.Answers."""
        one = citation(article="stores.md", title="Stores", passage=ROW, quote=ROW, heading=None, start=0)
        yield AnswerFinished(
            answer(
                question=question,
                standalone_question=question,
                sentences=(sentence("Corvault runs on-premise.", 1),),
                citations=(replace(one, end=len(ROW)),),
            )
        )


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    """A library with one long table, answers that quote a row of it, and its article's address."""
    folder = tmp_path_factory.mktemp("tables")
    first, *others = [f"| {row} |" for row in ROWS]
    (folder / "articles").mkdir()
    (folder / "articles" / "stores.md").write_text(
        "\n".join(["# Stores\n", first, "|---" * 6 + "|", *others])
    )
    shelf = DemoShelf(folder)
    shelf.wait()
    made = Site(
        lambda: replace(demo_parts(folder), answers=RowAnswers()), lambda parts: demo_app(parts, shelf)
    )
    made.start()
    (source,) = {row.source for row in shelf.desk.articles()}
    yield made, made.url.rstrip("/") + article_address(source, "stores.md")
    made.stop()
    shelf.close()


@pytest.fixture
def small(browser: Browser) -> Iterator[Page]:
    """A tab as wide as a telephone, allowed to use the clipboard."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def test_a_table_scrolls_in_its_own_box_and_the_page_does_not(small: Page, tables: tuple[Site, str]) -> None:
    small.goto(tables[1])
    box = small.locator(".table-box").first
    expect(box.locator("th")).to_have_text(HEADER.split(" | "))
    assert box.evaluate("one => one.scrollWidth > one.clientWidth")
    assert small.evaluate("document.scrollingElement.scrollWidth") == 390
    # A part of a long table is a passage of its own, and is read with the header above it.
    assert small.locator(".table-box").count() > 1
    expect(small.locator(".table-box").last.locator("th")).to_have_text(HEADER.split(" | "))
    box.focus()
    small.keyboard.press("ArrowRight")
    for _ in range(200):
        if box.evaluate("one => one.scrollLeft"):
            return
        small.wait_for_timeout(50)
    pytest.fail("the arrow key does not scroll the table")


def test_a_quoted_row_is_marked_below_its_header_and_copied_as_it_stands(
    small: Page, tables: tuple[Site, str]
) -> None:
    visit(small, tables[0].url)
    ask(small, "Does Corvault run on-premise?")
    small.locator("#latest .prose .mark").click()
    panel = small.locator("#source-panel")
    expect(panel.locator("th")).to_have_text(HEADER.split(" | "))
    expect(panel.locator("mark.quote")).to_have_text(ROW.split(" | "))
    panel.get_by_role("button", name="Copy quote").click()
    small.wait_for_function("navigator.clipboard.readText().then(text => text.length > 0)")
    assert small.evaluate("navigator.clipboard.readText()") == ROW
