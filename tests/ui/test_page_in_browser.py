"""The page as people use it, in Chromium; run with `-m browser`."""

import re
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from ui.demo_library import DEMO_EXAMPLES
from ui.demo_page import demo_parts
from ui.web_app import create_app

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    # Gradio sums up its queue in ways that pandas is giving up.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
    " --no-first-run --disable-quic"
).split()
MOVING, MEMORY, BANK, ICELANDIC = DEMO_EXAMPLES
SLOW = "Tell me slowly about Alder 3"


@dataclass
class Site:
    """The demo page on a port of its own, which can be stopped and started again."""

    folder: Path
    port: int = 0
    server: uvicorn.Server | None = None
    thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind(("127.0.0.1", self.port))
            self.port = free.getsockname()[1]
        app = create_app(demo_parts(self.folder, pause=0.01))
        config = uvicorn.Config(
            app, host="127.0.0.1", port=self.port, log_level="error", ws="none", timeout_graceful_shutdown=1
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started:
            assert self.thread.is_alive()
            self.thread.join(0.05)

    def stop(self) -> None:
        assert self.server
        assert self.thread
        self.server.should_exit = True
        self.thread.join(20)
        assert not self.thread.is_alive()


@dataclass
class Watched:
    """A tab, and everything that it asked for or complained about."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type in {"error", "warning"} else None,
        )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield made
        made.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("site"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1440, "height": 900})
    made.grant_permissions(["clipboard-read", "clipboard-write"])
    yield made
    made.close()


@pytest.fixture
def tab(context: BrowserContext, site: Site) -> Page:
    page = context.new_page()
    visit(page, site.url)
    return page


@contextmanager
def narrow(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    visit(page, site.url)
    yield page
    context.close()


def visit(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator("#latest .welcome, #latest .turn")).to_be_visible(timeout=15_000)
    expect(page.locator("#conversation")).to_have_attribute("role", "main")


def send(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#latest .question")).to_have_text(question)


def ask(page: Page, question: str) -> None:
    send(page, question)
    finished(page)


def finished(page: Page) -> None:
    expect(page.locator("#latest .turn.finished")).to_be_visible(timeout=20_000)


def focused(page: Page) -> str:
    return str(
        page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.id")
    )


def fits(page: Page) -> bool:
    return bool(
        page.evaluate(
            """[document.documentElement, ...document.querySelectorAll("#thread, #conversation, .panel-body")]
            .every((part) => part.scrollWidth <= part.clientWidth + 1)"""
        )
    )


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
    mark.focus(timeout=10_000)
    finished(tab)
    expect(mark).to_be_focused()


def test_a_source_opens_while_the_answer_is_still_written(tab: Page) -> None:
    send(tab, SLOW)
    tab.locator("#latest .prose .mark").first.click(timeout=10_000)
    expect(tab.locator("#source-panel mark")).to_be_visible()
    expect(tab.locator("#latest .turn.running")).to_be_visible()
    finished(tab)
    expect(tab.locator("#latest .prose .mark").first).to_have_attribute("aria-expanded", "true")


def test_stages_are_shown_and_sentences_announced_one_by_one(tab: Page) -> None:
    send(tab, SLOW)
    expect(tab.locator("#latest .stage")).to_contain_text("Found: Alder 3: what changed")
    expect(tab.locator("#announcer [role=log] p").nth(1)).to_contain_text("32,000 tokens", timeout=10_000)
    finished(tab)
    expect(tab.locator("#announcer [role=log] p").last).to_contain_text("Answer finished")
    assert tab.locator("#announcer [role=log]").get_attribute("aria-live") == "polite"


def test_stopping_keeps_what_was_written(tab: Page) -> None:
    send(tab, SLOW)
    expect(tab.locator("#latest .mark").first).to_be_visible(timeout=10_000)
    expect(tab.get_by_role("button", name="Send")).to_be_hidden()
    tab.get_by_role("button", name="Stop").click()
    finished(tab)
    expect(tab.locator("#latest .prose")).to_contain_text("32,000 tokens")
    expect(tab.locator("#latest .stopped")).to_have_text("Stopped here.")
    expect(tab.get_by_role("button", name="Send")).to_be_visible()
    tab.reload()
    expect(tab.locator("#latest .stopped")).to_have_text("Stopped here.")


def test_a_reload_keeps_the_conversation_and_an_answer_in_the_making(tab: Page) -> None:
    ask(tab, MOVING)
    send(tab, SLOW)
    expect(tab.locator("#latest .prose")).to_contain_text("reads", timeout=10_000)
    tab.reload()
    expect(tab.locator("#latest .turn.running")).to_be_visible(timeout=10_000)
    expect(tab.locator("#earlier .question")).to_have_text(MOVING)
    finished(tab)
    expect(tab.locator("#latest .prose .mark")).to_have_count(5)


def test_a_restart_of_the_server_keeps_the_conversation_and_the_open_page_goes_on(
    browser: Browser, tmp_path: Path
) -> None:
    site = Site(tmp_path)
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
    expect(tab.locator("#latest .prose")).to_contain_text("reads", timeout=10_000)
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


def test_two_tabs_keep_their_conversations_apart(tab: Page, context: BrowserContext, site: Site) -> None:
    other = context.new_page()
    visit(other, site.url)
    send(tab, SLOW)
    ask(other, MEMORY)
    finished(tab)
    expect(tab.locator(".turn .question")).to_have_text([SLOW])
    expect(other.locator(".turn .question")).to_have_text([MEMORY])
    assert tab.url != other.url


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
    expect(entry.get_by_text("Delete this conversation?")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(entry.get_by_text("Delete this conversation?")).to_be_hidden()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Enter")
    expect(tab.locator(".conversation", has_text="Renamed")).to_have_count(0)
    expect(tab.locator(".welcome")).to_be_visible()
    assert "c=" not in tab.url


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
    for box in tab.locator("#latest .mark").all():
        size = box.bounding_box()
        assert size
        assert size["width"] >= 24
        assert size["height"] >= 24
    width, size = tab.evaluate(
        """(() => { const prose = document.querySelector("#latest .prose");
        return [prose.clientWidth, parseFloat(getComputedStyle(prose).fontSize)]; })()"""
    )
    assert 17 <= size <= 18
    assert width <= size * 36


def test_every_control_shows_its_focus_and_has_a_name(tab: Page) -> None:
    ask(tab, BANK)
    seen: list[str] = []
    tab.locator(".skip").focus()
    for _ in range(200):
        state = tab.evaluate(
            """(() => { const e = document.activeElement; const s = getComputedStyle(e);
            if (e === document.body) return null;
            const composer = e.closest("#composer");
            const framed = composer && getComputedStyle(composer).boxShadow !== "none";
            return [e.getAttribute("aria-label") || e.innerText || e.labels?.[0]?.innerText || "",
                    framed || (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2)]; })()"""
        )
        if state is None:
            break
        name, visible = state
        assert name.strip(), f"a control after {seen} has no name"
        assert visible, f"{name!r} shows no focus"
        seen.append(name)
        tab.keyboard.press("Tab")
    assert any("Copy with footnotes" in name for name in seen)


def test_headings_and_landmarks_lead_through_the_page(tab: Page) -> None:
    ask(tab, MOVING)
    assert tab.get_by_role("heading", level=1).count() == 1
    expect(tab.get_by_role("main")).to_have_count(1)
    expect(tab.get_by_role("navigation", name="Conversations")).to_be_visible()
    expect(tab.get_by_role("form", name="Ask a question")).to_be_visible()
    expect(tab.get_by_role("textbox", name="Your question")).to_be_visible()
    tab.locator("#latest .mark").first.click()
    expect(tab.get_by_role("complementary", name="Source of a footnote")).to_be_visible()


def test_a_narrow_page_fits_and_its_panel_slides_over(browser: Browser, site: Site) -> None:
    with narrow(browser, site) as page:
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


def test_on_a_narrow_page_the_list_is_behind_a_button(browser: Browser, site: Site) -> None:
    with narrow(browser, site) as page:
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
