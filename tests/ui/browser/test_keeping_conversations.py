"""Conversations over reloads, restarts and tabs, in Chromium."""

from dataclasses import replace
from pathlib import Path

import pytest
from page_steps import BANK, MEMORY, MOVING, PANDAS_WARNING, SLOW, Site, Watched, ask, finished, send, visit
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ui.chat.chat_parts import ChatParts
from ui.chat.demo_page import demo_parts

pytestmark = pytest.mark.filterwarnings(PANDAS_WARNING)


def test_a_reload_keeps_the_conversation_and_an_answer_in_the_making(tab: Page) -> None:
    ask(tab, MOVING)
    send(tab, SLOW)
    expect(tab.locator("#latest .prose")).to_contain_text("reads", timeout=40_000)
    tab.reload()
    expect(tab.locator("#latest .turn.running")).to_be_visible(timeout=40_000)
    expect(tab.locator("#earlier .question")).to_have_text(MOVING)
    finished(tab)
    expect(tab.locator("#latest .prose .mark")).to_have_count(5)


def test_a_reload_during_an_answer_is_no_error(context: BrowserContext, site: Site) -> None:
    watched = Watched(context.new_page())
    page = watched.page
    visit(page, site.url)
    send(page, SLOW)
    expect(page.locator("#latest .prose")).to_contain_text("reads", timeout=40_000)
    page.reload()
    expect(page.locator("#latest .turn")).to_be_visible(timeout=40_000)
    finished(page)
    assert watched.complaints == []


def test_a_restart_of_the_server_keeps_the_conversation_and_the_open_page_goes_on(
    browser: Browser, tmp_path: Path
) -> None:
    site = Site(lambda: demo_parts(tmp_path, pause=0))
    site.start()
    context = browser.new_context()
    page = context.new_page()
    visit(page, site.url)
    ask(page, MOVING)
    site.stop()
    site.start()
    ask(page, BANK)
    expect(page.locator("#earlier .question")).to_have_text(MOVING)
    visit(page, page.url)
    expect(page.locator("#earlier .question")).to_have_text(MOVING)
    expect(page.locator("#latest .question")).to_have_text(BANK)
    context.close()
    site.stop()


def test_another_conversation_can_be_opened_while_one_is_answering(tab: Page) -> None:
    ask(tab, MEMORY)
    tab.get_by_role("link", name="New chat").first.click()
    expect(tab.locator(".welcome")).to_be_visible()
    send(tab, SLOW)
    expect(tab.locator("#latest .prose")).to_contain_text("reads", timeout=40_000)
    tab.locator(".conversation a", has_text=MEMORY).first.click()
    expect(tab.locator("#latest .question")).to_have_text(MEMORY)
    expect(tab.locator("h1")).to_have_text(MEMORY)
    tab.wait_for_timeout(1500)
    expect(tab.locator("#latest .question")).to_have_text(MEMORY)
    tab.go_back()
    expect(tab.locator("#latest .question")).to_have_text(SLOW)
    finished(tab)


def test_a_conversation_can_be_deleted_while_it_is_answering(tab: Page) -> None:
    send(tab, "Tell me slowly what is deleted")
    entry = tab.locator(".conversation", has_text="what is deleted")
    entry.hover()
    entry.locator("[data-action=delete]").click()
    entry.get_by_role("button", name="Delete", exact=True).click()
    expect(tab.locator(".welcome")).to_be_visible()
    expect(entry).to_have_count(0)
    tab.wait_for_timeout(1000)
    expect(tab.locator(".welcome")).to_be_visible()


def test_the_status_line_follows_a_sync_behind_the_open_page(browser: Browser, tmp_path: Path) -> None:
    articles = [4]

    def parts() -> ChatParts:
        made = demo_parts(tmp_path, pause=0)
        return replace(made, status=lambda: replace(made.status(), articles=articles[0]))

    site = Site(parts)
    site.start()
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    visit(page, site.url)
    expect(page.locator(".status-line")).to_contain_text("4 articles")
    articles[0] = 5
    page.clock.fast_forward(16_000)
    expect(page.locator(".status-line")).to_contain_text("5 articles")
    context.close()
    site.stop()


def test_two_tabs_keep_their_conversations_apart(tab: Page, context: BrowserContext, site: Site) -> None:
    other = context.new_page()
    visit(other, site.url)
    send(tab, SLOW)
    ask(other, MEMORY)
    finished(tab)
    expect(tab.locator(".turn .question")).to_have_text([SLOW])
    expect(other.locator(".turn .question")).to_have_text([MEMORY])
    assert tab.url != other.url


def test_conversations_are_renamed_and_deleted_by_keyboard(tab: Page) -> None:
    ask(tab, "A question about renaming")
    entry = tab.locator(".conversation", has_text="A question about renaming")
    entry.get_by_role("link").focus()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.keyboard.type("Renamed")
    tab.keyboard.press("Enter")
    expect(tab.locator("h1")).to_have_text("Renamed")
    entry = tab.locator(".conversation", has_text="Renamed")
    entry.get_by_role("link").focus()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(entry.get_by_text("Delete “Renamed” with its answers?")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(entry.get_by_text("Delete “Renamed” with its answers?")).to_be_hidden()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Enter")
    expect(tab.locator(".conversation", has_text="Renamed")).to_have_count(0)
    expect(tab.locator(".welcome")).to_be_visible()
    assert "c=" not in tab.url


def test_a_kept_conversation_opens_where_one_reads_on(narrow_tab: Page) -> None:
    page = narrow_tab
    page.set_viewport_size({"width": 390, "height": 480})
    for question in (MEMORY, BANK):
        ask(page, question)
    at_the_top = """() => {
        const top = (selector) => document.querySelector(selector).getBoundingClientRect().top;
        return Math.abs(top("#latest .turn") - top("#thread")) < 2;
    }"""
    for _ in range(2):
        # The question stands at the top, and the answer below it goes on beyond the screen.
        expect(page.locator("#latest .question")).to_have_text(BANK)
        page.wait_for_function(at_the_top)
        assert page.locator("#thread").evaluate("e => e.scrollHeight - e.scrollTop - e.clientHeight") > 100
        page.reload()


def test_whoever_scrolls_while_an_answer_is_written_is_left_there(narrow_tab: Page) -> None:
    page = narrow_tab
    page.set_viewport_size({"width": 390, "height": 480})
    ask(page, BANK)
    send(page, SLOW)
    expect(page.locator("#latest .prose")).to_contain_text("reads", timeout=40_000)
    page.locator("#thread").evaluate("e => { e.scrollTop = 40; }")
    page.wait_for_timeout(300)
    finished(page)
    assert page.locator("#thread").evaluate("e => e.scrollTop") == 40


def test_feedback_is_kept_over_a_reload(tab: Page) -> None:
    ask(tab, MOVING)
    tab.get_by_role("button", name="Poor answer").click()
    expect(tab.locator("#latest .why input")).to_be_focused()
    tab.keyboard.type("too short")
    tab.keyboard.press("Enter")
    expect(tab.locator("#latest .why")).to_be_hidden()
    tab.reload()
    expect(tab.get_by_role("button", name="Poor answer")).to_have_attribute("aria-pressed", "true")
    expect(tab.locator("#latest .why input")).to_have_value("too short")
