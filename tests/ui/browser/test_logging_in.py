"""Logging in and out in Chromium, and what a reader's page shows."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from door_steps import PASSWORD, Door
from fastapi import FastAPI
from page_steps import MOVING, PANDAS_WARNING, Site, ask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ui.accounts.person import person_of
from ui.chat.chat_parts import ChatParts
from ui.chat.demo_page import demo_parts
from ui.chat.demo_shelf import DemoShelf
from ui.library.library_actions import LibraryActions
from ui.library.library_routes import library_routes
from ui.serving.serving import library_parts
from ui.serving.web_app import create_app

pytestmark = pytest.mark.filterwarnings(PANDAS_WARNING)


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[tuple[Site, Door]]:
    """The demo pages, for people with accounts."""
    door = Door(tmp_path / "doors").with_people()
    shelf = DemoShelf(tmp_path / "demo")
    shelf.wait()
    actions = LibraryActions(library_parts(shelf.workshop, shelf.desk, shelf.syncs))

    def app(parts: ChatParts) -> FastAPI:
        return create_app(parts, library_routes(actions, person=person_of), checks=door.checks())

    site = Site(lambda: demo_parts(tmp_path / "demo", pause=0.01), app)
    site.start()
    yield site, door
    site.stop()
    shelf.close()


def log_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


@pytest.mark.parametrize("name", ["rita", "edgar"])
def test_on_a_narrow_screen_too_there_is_a_way_out_of_every_page(
    browser: Browser, guarded: tuple[Site, Door], name: str
) -> None:
    site, _ = guarded
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    for leads_to in ("library", "article"):
        page.goto(f"{site.url}library")
        if page.url.endswith("/login?next=/library"):
            log_in(page, name)
        expect(page.locator("#articles")).to_be_visible()
        if leads_to == "article":
            page.locator("#articles td.title a").first.click()
            expect(page.locator(".reading h1")).to_be_visible()
        way_out = page.get_by_role("button", name=f"Log out {name}")
        box = way_out.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 390
        assert min(box["width"], box["height"]) >= 24
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        expect(page.locator(".often").first).to_be_visible(visible=name == "edgar" and leads_to == "library")
        way_out.click()
        expect(page).to_have_url(re.compile(r"/login$"))
    context.close()


def test_a_reader_logs_in_asks_and_logs_out_and_the_next_one_sees_nothing_of_it(
    context: BrowserContext, guarded: tuple[Site, Door]
) -> None:
    site, door = guarded
    page = context.new_page()
    page.goto(site.url)
    expect(page).to_have_url(re.compile(r"/login$"))
    log_in(page, "rita", "wrong password")
    expect(page.get_by_role("alert")).to_have_text("Name or password is wrong.")
    expect(page.get_by_label("Name")).to_have_value("rita")
    log_in(page, "rita")
    expect(page.locator("#latest .welcome")).to_be_visible(timeout=60_000)
    ask(page, MOVING)
    page.locator("#latest .mark").first.click()
    expect(page.locator("#source-panel h2")).to_be_visible()
    expect(page.locator("#sidebar .account .who")).to_contain_text("rita")
    page.goto(f"{site.url}library")
    expect(page.locator("#articles")).to_be_visible()
    for hidden in (".add", '[data-action="sync"]', '[data-action="remove-source"]'):
        expect(page.locator(hidden).first).to_be_hidden()
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(re.compile(r"/login$"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"/login"))
    log_in(page, "edgar")
    expect(page.locator('[data-action="sync"]')).to_be_visible()
    page.goto(site.url)
    expect(page.locator("#latest .welcome")).to_be_visible(timeout=60_000)
    expect(page.locator("#sidebar .conversations")).to_have_count(0)
    # A new password ends what is open, and the way back is kept.
    door.file.set_password("edgar", door.passwords.hash("another horse"))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page).to_have_url(re.compile(r"/login\?next="))
