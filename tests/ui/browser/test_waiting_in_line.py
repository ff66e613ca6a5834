"""The page shows one's number in line while others are answered; a closed tab loses nothing."""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from page_steps import MEMORY, MOVING, PANDAS_WARNING, SLOW, Site, finished, send, visit
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tiny_footnote import wait_until

from assistant.events import AnswerEvent, Answers, SentenceChecked, Turn
from ui.chat.chat_parts import ChatParts
from ui.chat.demo_page import demo_parts
from ui.waiting_line import WaitingLine

pytestmark = pytest.mark.filterwarnings(PANDAS_WARNING)


class HeldUp:
    """Answers that stop short after their first sentence, until they are let go or stopped."""

    def __init__(self, answers: Answers) -> None:
        self.go_on = threading.Event()
        self._answers = answers

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[AnswerEvent]:
        for event in self._answers.stream(question, history=history, stopped=stopped):
            yield event
            while isinstance(event, SentenceChecked) and not stopped() and not self.go_on.wait(0.02):
                pass


class Narrow:
    """A site that answers one question at a time."""

    def __init__(self, folder: Path) -> None:
        self.line = WaitingLine(at_once=1, longest=2)
        parts = demo_parts(folder, pause=0)
        self.answers = HeldUp(parts.answers)
        self.parts: ChatParts = replace(parts, answers=self.answers, line=self.line)
        self.site = Site(lambda: self.parts)

    def asks(self, context: BrowserContext, question: str) -> Page:
        page = context.new_page()
        visit(page, self.site.url)
        send(page, question)
        return page


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Narrow]:
    made = Narrow(tmp_path)
    made.site.start()
    yield made
    made.answers.go_on.set()
    made.site.stop()


def stage(page: Page, words: str) -> None:
    expect(page.locator("#latest .stage")).to_have_text(words)


def test_the_number_in_line_is_shown_falls_and_is_heard(narrow: Narrow, context: BrowserContext) -> None:
    narrow.asks(context, SLOW)
    second = narrow.asks(context, MEMORY)
    third = narrow.asks(context, MOVING)
    stage(second, "Waiting: number 1 in line")
    stage(third, "Waiting: number 2 in line")
    expect(third.locator("#announcer")).to_contain_text("Waiting: number 2 in line")
    # Whoever stops leaves, and those behind move up.
    second.locator("#stop").click()
    expect(second.locator("#latest .failure")).to_contain_text("Stopped before its turn came")
    stage(third, "Waiting: number 1 in line")
    narrow.answers.go_on.set()
    finished(third)
    expect(third.locator("#latest .failure")).to_have_count(0)
    assert narrow.line.figures.waiting == 0


def test_a_line_that_is_full_is_said_in_one_line_and_the_question_can_be_tried_again(
    narrow: Narrow, context: BrowserContext
) -> None:
    first = narrow.asks(context, SLOW)
    waiting = [narrow.asks(context, MEMORY) for _ in range(2)]
    refused = narrow.asks(context, MOVING)
    expect(refused.locator("#latest .failure")).to_contain_text(
        "2 questions are waiting already; ask again in a few minutes"
    )
    narrow.answers.go_on.set()
    for page in (first, *waiting):
        finished(page)
    refused.get_by_role("button", name="Retry").click()
    expect(refused.locator("#latest .mark").first).to_be_visible()


def test_a_tab_closed_in_mid_answer_keeps_the_answer_and_frees_the_place(
    narrow: Narrow, browser: Browser, context: BrowserContext
) -> None:
    page = narrow.asks(context, SLOW)
    expect(page.locator("#latest .sentence").first).to_be_visible()
    waiting = narrow.asks(context, MEMORY)
    stage(waiting, "Waiting: number 1 in line")
    page.close()
    waiting.close()
    narrow.answers.go_on.set()
    # Both are answered, though nobody looks, and then nobody holds a place.
    wait_until(lambda: narrow.line.figures.answered == 0, 60)
    kept = narrow.parts.conversations
    turns = [turn for one in kept.listed() for turn in kept.turns(one.id)]
    assert {turn.question for turn in turns} == {SLOW, MEMORY}
    assert all(turn.answer is not None and turn.answer.sentences for turn in turns)
    again = narrow.asks(context, MOVING)
    finished(again)
    assert re.search(r"\w", again.locator("#latest .prose").inner_text())
