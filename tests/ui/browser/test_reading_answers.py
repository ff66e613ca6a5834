"""Answers and their sources, as they are read in Chromium."""

import re

import pytest
from page_steps import (
    BANK,
    ICELANDIC,
    MEMORY,
    MOVING,
    PANDAS_WARNING,
    SLOW,
    Site,
    ask,
    finished,
    focused,
    send,
    visit,
)
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = pytest.mark.filterwarnings(PANDAS_WARNING)


def test_a_mark_opens_the_very_words_of_its_source(tab: Page) -> None:
    ask(tab, MOVING)
    tab.locator("#latest .prose .mark").nth(1).click()
    expect(tab.locator("#source-panel")).to_be_visible()
    expect(tab.locator("#source-panel mark")).to_have_text(
        "it answers 71 of 100 questions, where Alder 2 answered 58"
    )
    expect(tab.locator("#source-panel h2")).to_contain_text("Alder 3: what changed")
    expect(tab.locator("#source-panel h2")).to_be_focused()
    link = tab.locator("#source-panel a")
    expect(link).to_have_attribute("href", "https://northfold.example/alder-3")
    expect(link).to_have_attribute("rel", re.compile("noopener"))


def test_stepping_leads_to_the_next_footnote_and_closing_back_to_the_first_mark(tab: Page) -> None:
    ask(tab, MOVING)
    tab.locator("#latest .prose .mark").first.click()
    tab.get_by_role("button", name="Next footnote").click()
    expect(tab.locator("#source-panel .source")).to_have_attribute("data-number", "2")
    expect(tab.locator("#latest .prose .mark").nth(1)).to_have_attribute("aria-expanded", "true")
    tab.get_by_role("button", name="Close the source").click()
    assert focused(tab).startswith("Footnote 1")


def test_a_mark_that_has_the_focus_keeps_it_while_the_answer_is_finished(tab: Page) -> None:
    send(tab, SLOW)
    mark = tab.locator("#latest .prose .mark").first
    mark.focus(timeout=40_000)
    finished(tab)
    expect(mark).to_be_focused()


def test_a_source_opens_while_the_answer_is_still_written(tab: Page) -> None:
    send(tab, SLOW)
    tab.locator("#latest .prose .mark").first.click(timeout=40_000)
    expect(tab.locator("#source-panel mark")).to_be_visible()
    expect(tab.locator("#latest .turn.running")).to_be_visible()
    finished(tab)
    expect(tab.locator("#latest .prose .mark").first).to_have_attribute("aria-expanded", "true")


def test_stages_are_shown_and_sentences_announced_one_by_one(tab: Page) -> None:
    send(tab, SLOW)
    expect(tab.locator("#latest .stage")).to_contain_text("Found: Alder 3: what changed")
    expect(tab.locator("#announcer [role=log] p").nth(1)).to_contain_text("32,000 tokens", timeout=40_000)
    finished(tab)
    expect(tab.locator("#announcer [role=log] p").last).to_contain_text("Answer finished")
    assert tab.locator("#announcer [role=log]").get_attribute("aria-live") == "polite"


def test_stopping_keeps_what_was_written(tab: Page) -> None:
    send(tab, SLOW)
    expect(tab.locator("#latest .mark").first).to_be_visible(timeout=40_000)
    expect(tab.get_by_role("button", name="Send")).to_be_hidden()
    tab.get_by_role("button", name="Stop").click()
    finished(tab)
    expect(tab.locator("#latest .prose")).to_contain_text("32,000 tokens")
    expect(tab.locator("#latest .stopped")).to_have_text("Stopped here.")
    expect(tab.get_by_role("button", name="Send")).to_be_visible()
    tab.reload()
    expect(tab.locator("#latest .stopped")).to_have_text("Stopped here.")


def test_an_example_asks_itself(tab: Page) -> None:
    tab.get_by_role("button", name=MEMORY, exact=True).click()
    finished(tab)
    expect(tab.locator("h1")).to_have_text(MEMORY)
    expect(tab.locator(".disagreement .claims li")).to_have_count(2)
    tab.locator(".disagreement .mark").nth(1).click()
    expect(tab.locator("#source-panel h2")).to_contain_text("A week with Alder 3")


def test_what_the_library_does_not_hold_is_a_card(tab: Page) -> None:
    ask(tab, ICELANDIC)
    expect(tab.locator("#latest .absent h3")).to_have_text("Not in your articles")
    expect(tab.locator("#latest .absent li")).to_have_count(3)
    expect(tab.locator("#latest .prose")).to_be_hidden()


def test_the_nearest_articles_are_read_in_the_library(context: BrowserContext, shelved: Site) -> None:
    page = context.new_page()
    visit(page, shelved.url)
    ask(page, ICELANDIC)
    page.locator("#latest .absent").get_by_role("link", name="Alder 3: what changed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Alder 3: what changed")
    expect(page.locator(".passage-piece").first).to_be_visible()


def test_a_partial_answer_shows_what_is_weak_missing_and_taken_back(tab: Page) -> None:
    ask(tab, BANK)
    expect(tab.locator("#latest .support-label")).to_have_text("weak support")
    expect(tab.locator("#latest .missing")).to_contain_text("sum of money")
    expect(tab.locator("#latest .withdrawn li")).to_be_hidden()
    tab.locator("#latest .withdrawn summary").click()
    expect(tab.locator("#latest .withdrawn li")).to_contain_text("no new hardware was bought")
    expect(tab.locator("#latest .prose")).not_to_contain_text("eight new servers")


def test_a_follow_up_says_how_it_was_understood(tab: Page) -> None:
    ask(tab, MOVING)
    ask(tab, "And how fast is it?")
    expect(tab.locator("#latest .understood")).to_have_text(
        "Understood as: How fast is Alder 3 on two cores?"
    )


def test_an_error_is_one_line_and_can_be_tried_again(tab: Page) -> None:
    ask(tab, "Is it locked?")
    expect(tab.locator("#latest .failure p")).to_contain_text("held by another process")
    tab.get_by_role("button", name="Retry").click()
    expect(tab.locator("#latest .turn.running")).to_be_visible()
    finished(tab)
    ask(tab, "Please crash")
    expect(tab.locator("#latest .failure p")).to_contain_text("details in the log")
    expect(tab.locator("#latest")).not_to_contain_text("ZeroDivisionError")


def test_copying_takes_the_footnotes_along(tab: Page) -> None:
    ask(tab, MOVING)
    tab.get_by_role("button", name="Copy with footnotes").click()
    expect(tab.locator("#notice")).to_have_text("Copied")
    copied = str(tab.evaluate("navigator.clipboard.readText()"))
    assert "up to 32,000 tokens. [1]" in copied
    assert "[5] A week with Alder 3 on two cores, Quay Systems, 2025-03-27" in copied


def test_a_question_that_is_too_long_is_counted_and_kept(tab: Page) -> None:
    box = tab.locator("#question textarea")
    box.fill("x" * 4001)
    expect(tab.locator("#counter")).to_contain_text("4,001 of 4,000")
    box.press("Enter")
    tab.wait_for_timeout(300)
    expect(tab.locator(".welcome")).to_be_visible()
    expect(box).to_have_value("x" * 4001)
    box.fill("  ")
    box.press("Enter")
    tab.wait_for_timeout(300)
    expect(tab.locator(".welcome")).to_be_visible()


def test_shift_and_enter_begin_a_new_line(tab: Page) -> None:
    box = tab.locator("#question textarea")
    box.fill("one")
    box.press("Shift+Enter")
    tab.keyboard.type("two")
    expect(box).to_have_value("one\ntwo")
