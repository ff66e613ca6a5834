import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from chat_samples import answer, tags, visible_text
from hostile_text import PAYLOADS

from index_store.errors import RunError
from ui.chat.chat_actions import QUESTION_LIMIT, ChatActions
from ui.chat.chat_parts import ChatParts
from ui.chat.chat_turn import ChatTurns
from ui.chat.chat_views import View
from ui.chat.conversations import Conversations
from ui.chat.demo_page import demo_parts
from ui.chat.status_line import LibraryStatus
from ui.markup import Html

QUESTION = "What do we gain by moving from Alder 2 to Alder 3?"


class Page:
    """The actions, and the view that a tab has after each of them."""

    def __init__(self, parts: ChatParts) -> None:
        self.parts = parts
        self.turns = ChatTurns(parts.answers, parts.conversations, parts.log_file)
        self.actions = ChatActions(parts, self.turns)
        self.view = View(*self.actions.load(""))

    def see(self, values: tuple[Any, ...]) -> View:
        kept = (getattr(self.view, name) for name in View.__slots__)
        self.view = View(*(old if _skipped(new) else new for old, new in zip(kept, values, strict=True)))
        return self.view

    def ask(self, question: str) -> object:
        box, *view = self.actions.ask(question, self.view.conversation)
        self.see(tuple(view))
        return box

    def follow(self) -> list[tuple[Any, ...]]:
        async def frames() -> list[tuple[Any, ...]]:
            return [frame async for frame in self.actions.follow(self.view.following)]

        made = asyncio.run(frames())
        for latest, announcer, _ in made:
            if not _skipped(latest):
                self.view = replace(self.view, latest=latest, announcer=announcer)
        return made


def _skipped(value: object) -> bool:
    return isinstance(value, dict) and value.get("__type__") == "update"


def event(**sent: object) -> gr.EventData:
    return gr.EventData(None, sent)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    made = Page(demo_parts(tmp_path, pause=0))
    yield made
    made.turns.close()


@pytest.fixture
def slow_page(tmp_path: Path) -> Iterator[Page]:
    """One whose answers are surely under way when the view comes back."""
    made = Page(demo_parts(tmp_path, pause=0.005))
    yield made
    made.turns.close()


def test_a_new_page_offers_the_examples(page: Page) -> None:
    assert page.view.conversation == ""
    assert all(example in page.view.latest for example in page.parts.examples)
    assert "4 articles" in str(page.view.status)


def test_asking_makes_a_conversation_and_empties_the_box(slow_page: Page) -> None:
    assert slow_page.ask(QUESTION) == ""
    assert slow_page.parts.conversations.find(slow_page.view.conversation) is not None
    assert slow_page.view.following
    assert QUESTION in visible_text(slow_page.view.latest)
    assert slow_page.view.conversation in slow_page.view.sidebar


def test_following_ends_with_the_finished_answer_and_a_new_status(slow_page: Page) -> None:
    slow_page.ask(QUESTION)
    *_, (latest, announcer, status) = slow_page.follow()
    assert 'class="turn finished"' in latest
    assert "Answer finished" in announcer
    assert "4 articles" in status


def test_an_answer_that_ended_before_anyone_looked_is_shown(page: Page) -> None:
    page.ask("please crash")
    turn = page.view.following.partition(":")[0]
    while page.turns.find(turn):
        pass
    page.follow()
    assert "Something went wrong" in page.view.latest


def test_following_nothing_leaves_what_was_opened_as_it_is(page: Page) -> None:
    (frame,) = page.follow()
    assert all(_skipped(part) for part in frame)
    assert "welcome" in page.view.latest


def test_the_next_question_moves_the_last_turn_up(page: Page) -> None:
    page.ask(QUESTION)
    page.follow()
    page.ask("How much memory does Alder 3 need?")
    assert QUESTION in visible_text(page.view.earlier)
    assert "memory" in visible_text(page.view.latest)
    page.follow()


def test_what_stands_near_is_led_to_as_it_is_answered_and_when_it_is_opened_again(tmp_path: Path) -> None:
    parts = replace(demo_parts(tmp_path, pause=0), page_of=lambda path: f"/library/article?path={path}")
    page = Page(parts)
    page.ask("Does Alder 3 support Icelandic?")
    page.follow()
    answered = [a["href"] for name, a in tags(page.view.latest) if name == "a"]
    assert "/library/article?path=northfold/alder-3.md" in answered
    page.see(page.actions.load(page.view.conversation))
    assert [a["href"] for name, a in tags(page.view.latest) if name == "a"] == answered
    page.turns.close()


@pytest.mark.parametrize("question", ["", "  \n ", "x" * (QUESTION_LIMIT + 1)])
def test_a_question_that_cannot_be_asked_changes_nothing(page: Page, question: str) -> None:
    before = page.view
    assert _skipped(page.ask(question))
    assert page.view == before
    assert page.parts.conversations.listed() == ()


def test_a_second_question_has_to_wait_and_is_not_lost(tmp_path: Path) -> None:
    page = Page(demo_parts(tmp_path, pause=0.05))
    page.ask(QUESTION)
    before = page.view
    assert _skipped(page.ask("another"))
    assert page.view == before
    page.turns.close()


def test_two_tabs_do_not_mix_up(page: Page) -> None:
    other = Page(page.parts)
    page.ask(QUESTION)
    other.ask("How much memory does Alder 3 need?")
    page.follow()
    other.follow()
    assert page.view.conversation != other.view.conversation
    assert "memory" not in visible_text(page.view.latest)
    assert "memory" in visible_text(other.view.latest)


def test_a_reload_after_a_restart_shows_the_conversation_again(page: Page) -> None:
    page.ask(QUESTION)
    page.follow()
    parts = replace(
        page.parts, conversations=Conversations(page.parts.log_file.parent / "conversations.sqlite")
    )
    again = Page(parts)
    again.see(again.actions.load(page.view.conversation))
    assert again.view.latest == page.view.latest


def test_a_conversation_that_is_gone_loads_as_a_new_chat(page: Page) -> None:
    page.see(page.actions.load("nobody"))
    assert page.view.conversation == ""
    assert page.parts.examples[0] in page.view.latest


def test_opening_a_conversation_that_is_answering_follows_it(tmp_path: Path) -> None:
    page = Page(demo_parts(tmp_path, pause=0.01))
    page.ask(QUESTION)
    conversation, first = page.view.conversation, page.view.following
    page.see(page.actions.open(event(conversation="")))
    assert page.view.following == ""
    page.see(page.actions.open(event(conversation=conversation)))
    assert page.view.following.partition(":")[0] == first.partition(":")[0]
    assert page.view.following != first
    page.follow()
    assert 'class="turn finished"' in page.view.latest


def test_trying_again_replaces_the_last_answer(page: Page) -> None:
    page.ask(QUESTION)
    page.follow()
    (first,) = page.parts.conversations.turns(page.view.conversation)
    page.see(page.actions.retry(event(turn=first.id), page.view.conversation))
    page.follow()
    (second,) = page.parts.conversations.turns(page.view.conversation)
    assert second.id != first.id


def test_a_turn_of_another_conversation_is_not_tried_again(page: Page) -> None:
    page.ask(QUESTION)
    page.follow()
    (first,) = page.parts.conversations.turns(page.view.conversation)
    assert all(_skipped(part) for part in page.actions.retry(event(turn=first.id), "another"))


def test_deleting_the_shown_conversation_leads_to_a_new_chat(page: Page) -> None:
    page.ask(QUESTION)
    page.follow()
    page.see(page.actions.remove(event(conversation=page.view.conversation), page.view.conversation))
    assert page.view.conversation == ""
    assert page.parts.conversations.listed() == ()


def test_deleting_another_conversation_keeps_the_shown_one(page: Page) -> None:
    other = page.parts.conversations.start("other").id
    page.ask(QUESTION)
    page.follow()
    shown = page.view.conversation
    page.see(page.actions.remove(event(conversation=other), shown))
    assert page.view.conversation == shown


def test_renaming_shows_in_the_list_and_above(page: Page) -> None:
    page.ask(QUESTION)
    page.follow()
    shown = page.view.conversation
    topbar, sidebar = page.actions.rename(event(conversation=shown, title="Moving"), shown)
    assert "Moving" in topbar
    assert "Moving" in sidebar


def test_a_source_opens_from_the_kept_answer_and_from_one_in_the_making(page: Page) -> None:
    page.ask(QUESTION)
    page.follow()
    turn = page.parts.conversations.turns(page.view.conversation)[0].id
    html = page.actions.source({"turn": turn, "number": "1"})
    assert "<mark" in html
    assert "of 5" in visible_text(html)


@pytest.mark.parametrize("asked", [None, [], "x", {}, {"turn": "t", "number": 1}, {"turn": [], "number": {}}])
def test_a_source_that_is_not_there_says_so(page: Page, asked: object) -> None:
    assert "no longer kept" in page.actions.source(asked)
    assert page.actions.copy_text(asked) == ""


def test_the_copied_text_has_its_footnotes(page: Page) -> None:
    page.ask(QUESTION)
    page.follow()
    turn = page.parts.conversations.turns(page.view.conversation)[0].id
    text = page.actions.copy_text({"turn": turn})
    assert re.search(r"\[1\] On the public", text)
    assert "\n[1] Alder 3: what changed, Northfold Research, 2025-03-18, https://northfold.example" in text


def test_feedback_is_kept(page: Page) -> None:
    asked = page.parts.conversations.ask(page.parts.conversations.start("q").id, "q")
    page.parts.conversations.finish(asked.id, answer())
    assert page.actions.judge({"turn": asked.id, "verdict": "down", "word": "late"})
    kept = page.parts.conversations.turn(asked.id)
    assert kept is not None
    assert (kept.verdict, kept.word) == ("down", "late")
    assert page.actions.judge({"turn": asked.id, "verdict": "sideways"})
    kept = page.parts.conversations.turn(asked.id)
    assert kept is not None
    assert kept.verdict is None


def test_a_damaged_store_is_one_line_on_the_page(tmp_path: Path) -> None:
    (tmp_path / "conversations.sqlite").write_bytes(b"not a database " * 100)
    page = Page(demo_parts(tmp_path, pause=0))
    assert "cannot be used" in visible_text(page.view.latest)
    page.ask(QUESTION)
    assert "cannot be used" in visible_text(page.view.latest)


def test_a_status_that_fails_is_one_line_on_the_page(tmp_path: Path) -> None:
    def failing() -> LibraryStatus:
        raise RunError("the library is held by another process: close it")

    def broken() -> LibraryStatus:
        raise KeyError("detail")

    parts = demo_parts(tmp_path, pause=0)
    assert "held by another process" in str(Page(replace(parts, status=failing)).view.status)
    status = str(Page(replace(parts, status=broken)).view.status)
    assert "details in the log" in status
    assert "detail'" not in status


def test_were_escaping_to_fail_nothing_that_runs_would_leave(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = "memory <script>ran()</script><img src=x onerror=ran()>"
    monkeypatch.setattr("ui.markup.text", Html)
    sent: list[object] = [page.ask(hostile), *page.view.values()]
    sent += [part for frame in page.follow() for part in frame]
    conversation = page.view.conversation
    (turn,) = page.parts.conversations.turns(conversation)
    sent.append(page.actions.source({"turn": turn.id, "number": 1}))
    sent += page.actions.rename(event(conversation=conversation, title=hostile), conversation)
    sent += [*page.actions.refresh(conversation), page.actions.recheck()]
    sent += page.actions.remove(event(conversation="another"), conversation)
    shown = [part for part in sent if isinstance(part, str)]
    assert any("memory" in part for part in shown)
    for part in shown:
        assert not {"script", "img"} & {name for name, _ in tags(part)}


def test_a_request_that_is_no_request_of_the_page_answers_in_its_own_words(page: Page) -> None:
    for text in PAYLOADS:
        shown = page.actions.source({"turn": text, "number": text})
        assert "no longer kept" in shown
        assert {name for name, _ in tags(shown)} == {"div", "h2"}
