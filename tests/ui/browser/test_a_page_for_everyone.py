"""Keyboard, screen reader, colour scheme, small screens, and no other host, in Chromium."""

import re
from urllib.parse import urlsplit

import pytest
from page_steps import (
    BANK,
    ICELANDIC,
    MEMORY,
    MOVING,
    PANDAS_WARNING,
    SLOW,
    Site,
    Watched,
    ask,
    finished,
    focused,
    names_of_controls,
    send,
    visit,
)
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ui.chat.demo_library import DEMO_EXAMPLES

pytestmark = pytest.mark.filterwarnings(PANDAS_WARNING)


def test_the_keyboard_alone_suffices(tab: Page) -> None:
    expect(tab.locator("#question textarea")).to_be_focused()
    tab.keyboard.type(MOVING)
    tab.keyboard.press("Enter")
    finished(tab)
    for _ in range(30):
        tab.keyboard.press("Shift+Tab")
        if focused(tab).startswith("Footnote 5"):
            break
    tab.keyboard.press("Enter")
    expect(tab.locator("#source-panel mark")).to_be_visible()
    expect(tab.locator("#source-panel h2")).to_be_focused()
    tab.keyboard.press("Escape")
    expect(tab.locator("#source-panel")).to_be_hidden()
    assert focused(tab).startswith("Footnote 5")


def test_one_key_leads_past_all_conversations_to_the_answer(tab: Page) -> None:
    ask(tab, MOVING)
    tab.get_by_role("button", name="Skip to the latest answer").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#latest .question")).to_be_focused()
    tab.keyboard.press("Tab")
    assert focused(tab).startswith("Footnote 1")


def test_what_is_typed_outlasts_a_reload_and_what_is_sent_does_not_come_back(tab: Page) -> None:
    box = tab.locator("#question textarea")
    box.fill("Which day was it?")
    tab.reload()
    expect(box).to_have_value("Which day was it?")
    ask(tab, MOVING)
    tab.reload()
    finished(tab)
    expect(box).to_have_value("")


def test_a_long_question_is_a_text_that_scrolls_and_its_answer_stands_below(tab: Page) -> None:
    ask(tab, f"{MOVING} " * 40)
    question = tab.locator("#latest .question")
    height = question.evaluate("element => element.clientHeight")
    assert height <= 210 < int(question.evaluate("element => element.scrollHeight"))
    tab.get_by_role("button", name="Skip to the latest answer").focus()
    tab.keyboard.press("Enter")
    expect(question).to_be_focused()


def test_what_is_typed_is_never_run(tab: Page) -> None:
    for text in (
        "<img src=x onerror=alert(1)>",
        "${alert(1)} {{value}} `x`",
        "</h2><script>alert(1)</script>",
    ):
        ask(tab, text)
        expect(tab.locator("#latest .question")).to_have_text(text)
    assert tab.locator("#app img, #app script").count() == 0


def test_only_the_pages_own_address_is_asked_and_nothing_complains(
    context: BrowserContext, site: Site
) -> None:
    watched = Watched(context.new_page())
    page = watched.page
    visit(page, site.url)
    for question in (*DEMO_EXAMPLES, "And how fast is it?"):
        ask(page, question)
    page.locator("#earlier .mark").first.click()
    expect(page.locator("#source-panel mark")).to_be_visible()
    page.reload()
    finished(page)
    assert watched.hosts == {urlsplit(site.url).netloc}
    assert watched.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_the_colour_scheme_of_the_system(browser: Browser, site: Site, scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    visit(page, site.url)
    background = str(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    brightness = sum(int(number) for number in re.findall(r"\d+", background)[:3])
    assert (brightness < 150) is (scheme == "dark")
    assert bool(page.evaluate("document.body.classList.contains('dark')")) is (scheme == "dark")
    context.close()


def test_marks_are_easy_to_hit_and_lines_easy_to_read(tab: Page) -> None:
    ask(tab, MOVING)
    boxes = [mark.bounding_box() for mark in tab.locator("#latest .prose .mark").all()]
    for box in boxes:
        assert box
        assert box["width"] >= 24
        assert box["height"] >= 24
    neighbours = boxes[2:4]
    assert neighbours[0]
    assert neighbours[1]
    assert neighbours[0]["x"] + neighbours[0]["width"] <= neighbours[1]["x"]
    width, size = tab.evaluate(
        """(() => { const prose = document.querySelector("#latest .prose");
        return [prose.clientWidth, parseFloat(getComputedStyle(prose).fontSize)]; })()"""
    )
    assert 17 <= size <= 18
    assert width <= size * 36


def test_no_line_begins_with_a_mark_however_wide_the_page_is(tab: Page) -> None:
    ask(tab, MOVING)
    alone = """[...document.querySelectorAll("#latest .mark")].filter((mark) => {
        const words = mark.parentElement.querySelector(".words").getClientRects();
        const last = words[words.length - 1];
        const box = mark.getBoundingClientRect();
        return box.left < last.right - 1 || box.bottom < last.top || box.top > last.bottom;
    }).map((mark) => mark.parentElement.textContent)"""
    for width in (*range(360, 1440, 15), 1280):
        tab.set_viewport_size({"width": width, "height": 900})
        assert tab.evaluate(alone) == [], f"at {width} pixels"


def test_every_control_shows_its_focus_and_has_a_name(tab: Page) -> None:
    ask(tab, BANK)
    assert any("Copy with footnotes" in name for name in names_of_controls(tab, 200))


def test_headings_and_landmarks_lead_through_the_page(tab: Page) -> None:
    ask(tab, MOVING)
    assert tab.get_by_role("heading", level=1).count() == 1
    expect(tab.get_by_role("main")).to_have_count(1)
    expect(tab.get_by_role("navigation", name="Conversations")).to_be_visible()
    expect(tab.get_by_role("form", name="Ask a question")).to_be_visible()
    expect(tab.get_by_role("textbox", name="Your question")).to_be_visible()
    tab.locator("#latest .mark").first.click()
    expect(tab.get_by_role("complementary", name="Source of a footnote")).to_be_visible()


def fits(page: Page) -> bool:
    return bool(
        page.evaluate(
            """[document.documentElement, ...document.querySelectorAll("#thread, #conversation, .panel-body")]
            .every((part) => part.scrollWidth <= part.clientWidth + 1)"""
        )
    )


def test_a_narrow_page_fits_and_its_panel_slides_over(narrow_tab: Page) -> None:
    page = narrow_tab
    assert fits(page)
    for question in (BANK, MEMORY, ICELANDIC, "Is it locked? " + "x" * 200):
        ask(page, question)
        assert fits(page)
    page.locator("#earlier .mark").first.click()
    panel = page.locator("#source-panel")
    expect(panel).to_be_visible()
    box = panel.bounding_box()
    assert box
    assert box["height"] > 800
    assert page.evaluate("document.querySelector('#conversation').inert")
    assert fits(page)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert focused(page).startswith("Footnote 1")


def test_on_a_narrow_page_what_is_told_beside_an_answer_takes_one_line(narrow_tab: Page) -> None:
    page = narrow_tab
    lines = "e => e.getBoundingClientRect().height / parseFloat(getComputedStyle(e).lineHeight)"
    send(page, SLOW)
    expect(page.locator("#latest .stage")).to_contain_text("Found 3 articles", use_inner_text=True)
    assert page.locator("#latest .stage").evaluate(lines) < 1.5
    finished(page)
    status = page.locator(".status-line")
    expect(status).to_have_text(re.compile(r"^4 articles, synced 2 hours ago$"), use_inner_text=True)
    # Its own padding is less than a line.
    assert status.evaluate(lines) < 2


def test_on_a_narrow_page_the_list_is_behind_a_button(narrow_tab: Page) -> None:
    page = narrow_tab
    ask(page, MEMORY)
    expect(page.get_by_role("navigation", name="Conversations")).to_be_hidden()
    page.get_by_role("button", name="Conversations").click()
    expect(page.get_by_role("navigation", name="Conversations")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("navigation", name="Conversations")).to_be_hidden()
    assert focused(page) == "Conversations"


def test_motion_is_left_out_for_those_who_ask(browser: Browser, site: Site) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    visit(page, site.url)
    send(page, SLOW)
    name = page.evaluate(
        "getComputedStyle(document.querySelector('.running .stage'), '::before').animationName"
    )
    assert name == "none"
    finished(page)
    context.close()
