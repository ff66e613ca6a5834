from collections.abc import Iterator
from pathlib import Path

import pytest
from page_steps import Site, visit
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from ui.chat.demo_page import demo_app, demo_parts
from ui.chat.demo_shelf import DemoShelf

SWITCHES = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
    " --no-first-run --disable-quic"
).split()


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """Chromium without a window, silent towards its maker."""
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        yield made
        made.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo page, with words a hundredth of a second apart."""
    folder = tmp_path_factory.mktemp("site")
    made = Site(lambda: demo_parts(folder, pause=0.01))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def shelved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo page with its Library page."""
    folder = tmp_path_factory.mktemp("shelved")
    shelf = DemoShelf(folder)
    shelf.wait()
    made = Site(lambda: demo_parts(folder, pause=0.01), lambda parts: demo_app(parts, shelf))
    made.start()
    yield made
    made.stop()
    shelf.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser's profile of the test's own: wide, and allowed to use the clipboard."""
    made = browser.new_context(viewport={"width": 1440, "height": 900})
    made.grant_permissions(["clipboard-read", "clipboard-write"])
    yield made
    made.close()


@pytest.fixture
def tab(context: BrowserContext, site: Site) -> Page:
    """A tab with a new chat."""
    page = context.new_page()
    visit(page, site.url)
    return page


@pytest.fixture
def narrow_tab(browser: Browser, site: Site) -> Iterator[Page]:
    """A tab as wide as a telephone, with touch."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    visit(page, site.url)
    yield page
    context.close()
