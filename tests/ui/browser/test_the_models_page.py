"""The Models page in Chromium: a fetch that outlives a reload, a verification, a choice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from held_source import HeldSource
from page_steps import PANDAS_WARNING, Site, Watched, names_of_controls
from playwright.sync_api import Browser, BrowserContext, expect
from tiny_footnote import CATALOGUE, WEIGHTS, install_models

from assistant.models.catalogue import Catalogue
from assistant.models.model_files import ModelFiles
from ui.chat.demo_page import demo_app, demo_parts
from ui.chat.demo_shelf import DemoShelf
from ui.home import Home

pytestmark = pytest.mark.filterwarnings(PANDAS_WARNING)

DEFAULT = "qwen2.5-coder-1.5b"


@dataclass
class Models:
    """The demo page with models of the test's own, and the source that they come from."""

    site: Site
    home: Home
    source: HeldSource

    @property
    def url(self) -> str:
        return f"{self.site.url}models"


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Models]:
    # Each entry has a place to come from, or no fetch would be offered.
    monkeypatch.setattr(Catalogue, "load", lambda: CATALOGUE)
    monkeypatch.setattr("ui.models.model_actions.model_places", lambda entry, **_: ("hub.example",))
    shelf = DemoShelf(tmp_path / "demo")
    shelf.wait()
    home, source = shelf.workshop.home, HeldSource(WEIGHTS)
    install_models(home)

    def files() -> ModelFiles:
        return ModelFiles(home.models, CATALOGUE, [source])

    site = Site(
        lambda: demo_parts(tmp_path / "demo", pause=0.01), lambda parts: demo_app(parts, shelf, files=files)
    )
    site.start()
    yield Models(site, home, source)
    source.let_go.set()
    site.stop()
    shelf.close()


def test_a_model_is_fetched_verified_and_chosen_and_a_reload_loses_nothing(
    context: BrowserContext, models: Models
) -> None:
    watched = Watched(context.new_page())
    page = watched.page
    page.goto(models.url)
    second = page.locator('tr[data-model="second-writer"]')
    expect(second.locator(".state")).to_have_text("not installed")
    page.get_by_role("button", name="Fetch second-writer").click()
    expect(page.locator("#confirm-question")).to_have_text("Fetch \u2068second-writer\u2069?")
    page.get_by_role("button", name="Cancel").click()
    assert models.source.asked == 0
    page.get_by_role("button", name="Fetch second-writer").click()
    page.get_by_role("button", name="Fetch", exact=True).click()
    expect(page.locator("#doing")).to_contain_text("from the model hub")
    page.reload()
    expect(page.locator("#doing")).to_contain_text("Fetching \u2068second-writer\u2069")
    expect(page.get_by_role("button", name=f"Verify {DEFAULT}")).to_be_disabled()
    models.source.let_go.set()
    expect(page.locator("#notice")).to_have_text("second-writer is fetched and verified")
    expect(page.locator("#progress")).to_be_hidden()
    expect(second.locator(".state")).to_have_text("installed, verified")
    page.get_by_role("button", name=f"Verify {DEFAULT}").click()
    expect(page.locator("#notice")).to_have_text(f"{DEFAULT} is verified: it is as it should be")
    page.get_by_role("button", name="Use second-writer").click()
    expect(page.locator("#confirm-detail")).to_contain_text("from the next start of Footnote on")
    page.get_by_role("button", name="Use it").click()
    expect(page.locator("#notes")).to_contain_text(
        f"{DEFAULT} goes on writing until Footnote is started again"
    )
    expect(second.locator(".badge.named")).to_have_text("chosen")
    assert 'model = "second-writer"' in models.home.settings_file.read_text()
    assert watched.hosts == {urlsplit(models.url).netloc}
    assert watched.complaints == []


def test_a_fetch_that_is_stopped_or_fails_says_what_to_do(context: BrowserContext, models: Models) -> None:
    page = context.new_page()
    page.goto(models.url)
    second = page.locator('tr[data-model="second-writer"]')
    page.get_by_role("button", name="Fetch second-writer").click()
    page.get_by_role("button", name="Fetch", exact=True).click()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#notice")).to_have_text("Stopped")
    expect(second).to_contain_text("what has come is kept, and a fetch goes on from there")
    models.source.content = None
    models.source.let_go.set()
    page.get_by_role("button", name="Fetch second-writer").click()
    page.get_by_role("button", name="Fetch", exact=True).click()
    expect(second.locator(".error")).to_contain_text("hub: no answer in 4 seconds")
    expect(second.locator(".error")).to_contain_text("try again, or put what you have of it from elsewhere")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_page_fits_in_both_colour_schemes(browser: Browser, models: Models, scheme: str) -> None:
    made = browser.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = made.new_page()
    page.goto(models.url)
    expect(page.locator("table.models").first).to_be_visible()
    fits = """[document.documentElement, document.querySelector(".shelf-scroll")]
        .every((part) => part.scrollWidth <= part.clientWidth + 1)"""
    assert page.evaluate(fits)
    expect(page.get_by_role("link", name="Users")).to_be_visible()
    seen = names_of_controls(page, 40)
    assert "Fetch second-writer" in seen
    background = str(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    brightness = sum(int(number) for number in re.findall(r"\d+", background)[:3])
    assert (brightness < 150) is (scheme == "dark")
    made.close()
