"""The Users page in Chromium: somebody is added, logs in, becomes an editor, and is removed."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from door_steps import PASSWORD, Door
from page_steps import PANDAS_WARNING, Site, Watched, names_of_controls
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ui.chat.demo_page import demo_app, demo_parts
from ui.chat.demo_shelf import DemoShelf

pytestmark = pytest.mark.filterwarnings(PANDAS_WARNING)


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Site]:
    """The demo pages, for people with accounts."""
    door = Door(tmp_path / "doors").with_people()
    shelf = DemoShelf(tmp_path / "demo")
    shelf.wait()
    site = Site(
        lambda: demo_parts(tmp_path / "demo", pause=0.01),
        lambda parts: demo_app(parts, shelf, checks=door.checks()),
    )
    site.start()
    yield site
    site.stop()
    shelf.close()


def log_in(page: Page, url: str, name: str, password: str = PASSWORD) -> None:
    page.goto(url)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_somebody_is_added_logs_in_is_promoted_and_is_removed(
    browser: Browser, context: BrowserContext, guarded: Site
) -> None:
    watched = Watched(context.new_page())
    page = watched.page
    log_in(page, f"{guarded.url}users", "ada")
    page.locator("#new-name").fill("grace")
    page.get_by_role("button", name="Add", exact=True).click()
    secret = page.locator("#secret-words")
    expect(secret).to_have_text(re.compile(r"^\w{5}(-\w{5}){3}$"))
    password = secret.inner_text()
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#notice")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == password
    page.get_by_role("button", name="Done").click()
    assert password not in page.content()
    other = browser.new_context()
    hers = other.new_page()
    log_in(hers, f"{guarded.url}library", "grace", password)
    expect(hers.locator("#articles")).to_be_visible()
    expect(hers.get_by_role("link", name="Users")).to_have_count(0)
    assert hers.goto(f"{guarded.url}users").status == 403  # type: ignore[union-attr]
    page.get_by_label("Role of grace").select_option("editor")
    expect(page.locator("#confirm-question")).to_have_text("Make \u2068grace\u2069 an editor?")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_label("Role of grace")).to_have_value("reader")
    page.get_by_label("Role of grace").select_option("editor")
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.get_by_label("Role of grace")).to_have_value("editor")
    log_in(hers, f"{guarded.url}library", "grace", password)
    expect(hers.get_by_role("button", name="Sync now")).to_be_visible()
    page.get_by_role("button", name="Remove grace").click()
    expect(page.locator("#confirm-detail")).to_contain_text("logged out at once")
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("button", name="Remove grace").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator("#users")).not_to_contain_text("grace")
    hers.goto(f"{guarded.url}library")
    expect(hers).to_have_url(re.compile(r"/login\?next=/library$"))
    other.close()
    assert watched.hosts == {urlsplit(guarded.url).netloc}
    assert watched.complaints == []


def test_a_password_is_typed_twice_and_a_slip_is_told_at_the_form(
    context: BrowserContext, guarded: Site
) -> None:
    page = context.new_page()
    log_in(page, f"{guarded.url}users", "ada")
    page.get_by_role("button", name="New password for rita").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Password", exact=True).select_option("type")
    dialog.get_by_label("Password, 10").fill("another horse")
    dialog.get_by_label("The same again").fill("another house")
    dialog.get_by_role("button", name="Set the password").click()
    expect(dialog.get_by_role("alert")).to_contain_text("the two passwords differ")
    dialog.get_by_label("The same again").fill("another horse")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("#notice")).to_contain_text("has another password")
    page.get_by_role("button", name="Log out", exact=True).click()
    expect(page).to_have_url(re.compile(r"/login$"))
    log_in(page, f"{guarded.url}library", "rita", "another horse")
    expect(page.locator("#articles")).to_be_visible()


def test_who_changes_their_own_password_reads_it_and_logs_in_anew(
    context: BrowserContext, guarded: Site
) -> None:
    page = context.new_page()
    log_in(page, f"{guarded.url}users", "ada")
    page.get_by_role("button", name="New password for ada").click()
    expect(page.get_by_role("dialog")).to_contain_text("You are logged out wherever you are logged in")
    page.get_by_role("dialog").get_by_role("button", name="Set the password").click()
    password = page.locator("#secret-words")
    expect(password).to_have_text(re.compile(r"^\w{5}(-\w{5}){3}$"))
    words = password.inner_text()
    page.get_by_role("button", name="Done").click()
    page.reload()
    expect(page).to_have_url(re.compile(r"/login\?next=/users$"))
    log_in(page, f"{guarded.url}users", "ada", words)
    expect(page.locator("table.users")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_page_fits_in_both_colour_schemes(browser: Browser, guarded: Site, scheme: str) -> None:
    made = browser.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = made.new_page()
    log_in(page, f"{guarded.url}users", "ada")
    expect(page.locator("table.users")).to_be_visible()
    assert "New password for rita" in names_of_controls(page, 40)
    page.locator("#new-name").fill("x" * 64)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#secret")).to_be_visible()
    fits = """[document.documentElement, document.querySelector(".shelf-scroll")]
        .every((part) => part.scrollWidth <= part.clientWidth + 1)"""
    assert page.evaluate(fits)
    page.get_by_role("button", name="Done").click()
    background = str(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    brightness = sum(int(number) for number in re.findall(r"\d+", background)[:3])
    assert (brightness < 150) is (scheme == "dark")
    made.close()
