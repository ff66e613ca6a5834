"""What the page does when something is pressed: each action returns the parts of the page that change."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import gradio as gr

from assistant.answer import Citation
from assistant.finding.question import LONGEST_QUESTION
from index_store.errors import FootnoteError
from ui.accounts.request_limits import TooMuch
from ui.chat.chat_parts import ChatParts
from ui.chat.chat_turn import ChatTurns, StillAnswering
from ui.chat.chat_views import ChatViews, View, sent, unchanged
from ui.chat.conversations import StoredTurn
from ui.chat.copy_text import copy_with_footnotes
from ui.chat.source_panel import missing_source, source_html
from ui.chat.spoken_turn import announced
from ui.chat.turn_html import running_turn
from ui.markup import Html
from ui.markup_net import netted
from ui.page_links import may_open

QUESTION_LIMIT = LONGEST_QUESTION
"""Characters; the page counts them once a question is longer."""
FRAME_SECONDS = 0.1
"""Seconds from one look at a running answer to the next."""

_logger = logging.getLogger(__name__)


class ChatActions:
    """The page's actions. One object serves every tab: which conversation is meant comes with each call."""

    def __init__(self, parts: ChatParts, turns: ChatTurns) -> None:
        self._parts = parts
        self._turns = turns
        self._views = ChatViews(parts, turns)

    def load(self, conversation: str) -> tuple[Any, ...]:
        """A page was opened or reloaded on a conversation (empty: a new chat)."""
        return self._views.of(conversation, status=self._views.status()).values()

    def open(self, event: gr.EventData) -> tuple[Any, ...]:
        """Another conversation was chosen; an empty id starts a new chat."""
        return self._views.of(_named(event, "conversation")).values()

    def ask(self, question: str, conversation: str) -> tuple[Any, ...]:
        """A question was sent; returns what the question box holds then, and the view."""
        asked = question.strip()
        if not asked or len(asked) > QUESTION_LIMIT:
            return (gr.skip(), *unchanged())
        conversations = self._parts.conversations
        try:
            known = conversations.find(conversation)
            begun = known or conversations.start(asked)
            try:
                self._turns.ask(begun.id, asked)
            except TooMuch:
                if known is None:
                    conversations.delete(begun.id)
                raise
        except StillAnswering:
            return (gr.skip(), *unchanged())
        except TooMuch as error:
            return (gr.skip(), *self._views.refused(conversation, error).values())
        except FootnoteError as error:
            return (gr.skip(), *self._views.failed(conversation, error).values())
        return ("", *self._views.of(begun.id).values())

    def example(self, event: gr.EventData, conversation: str) -> tuple[Any, ...]:
        """An example question was pressed."""
        _, *view = self.ask(_named(event, "question"), conversation)
        return tuple(view)

    def retry(self, event: gr.EventData, conversation: str) -> tuple[Any, ...]:
        """The last question is to be answered anew; the earlier try goes once there is another answer."""
        try:
            turn = self._parts.conversations.turn(_named(event, "turn"))
            if turn is None or turn.conversation != conversation:
                return unchanged()
            self._turns.ask(conversation, turn.question, replaces=turn.id)
        except StillAnswering:
            return unchanged()
        except TooMuch as error:
            return self._views.refused(conversation, error).values()
        except FootnoteError as error:
            return self._views.failed(conversation, error).values()
        return self._views.of(conversation).values()

    def stop(self, conversation: str) -> None:
        """Stop the answer that is under way; what was written stays."""
        self._turns.stop(conversation)

    async def follow(self, following: str) -> AsyncIterator[tuple[Any, ...]]:
        """Show an answer while it is made: latest turn, announcements, status; about ten times a second.

        The answer is made elsewhere (ChatTurns), so leaving this off loses nothing.
        """
        turn = following.partition(":")[0]
        running = self._turns.find(turn)
        shown: object = None
        while running is not None and not running.done:
            progress = running.progress
            if progress is not shown:
                shown = progress
                yield sent(running_turn(running.turn, progress), announced(running.turn, progress), None)
            await asyncio.sleep(FRAME_SECONDS)
        # An answer may have ended before anyone looked; then the kept one is shown.
        ended = running.turn if running else await asyncio.to_thread(self._kept, turn)
        if ended is not None:
            heard = announced(ended, running.progress if running else None)
            status = await asyncio.to_thread(self._views.status)
            latest = await asyncio.to_thread(self._views.finished, ended)
            yield sent(latest, heard, status)
        else:
            # A generator that yields nothing empties its outputs: what has just been opened would go.
            yield sent(None, None, None)

    def rename(self, event: gr.EventData, conversation: str) -> tuple[Any, ...]:
        """A conversation got another title; returns top bar and sidebar."""
        try:
            self._parts.conversations.rename(_named(event, "conversation"), _named(event, "title"))
        except FootnoteError as error:
            _logger.warning("%s", error)
        return sent(self._views.topbar(conversation), self._views.sidebar(conversation))

    def remove(self, event: gr.EventData, conversation: str) -> tuple[Any, ...]:
        """A conversation was deleted, and this was confirmed; if it was the shown one, a new chat follows."""
        gone = _named(event, "conversation")
        self.discard({"conversation": gone})
        if gone == conversation:
            return self._views.of("").values()
        view = dict(zip(View.__slots__, unchanged(), strict=True))
        return tuple((view | {"sidebar": netted(self._views.sidebar(conversation))}).values())

    def refresh(self, conversation: str) -> tuple[Any, ...]:
        """The tab came to the front again: sidebar and status, which other tabs may have changed."""
        return sent(self._views.sidebar(conversation), self._views.status())

    def recheck(self) -> Html:
        """The tab has been open for a while: the status again, since a sync may have ended behind it."""
        return netted(self._views.status())

    def source(self, asked: object) -> Html:
        """The panel's content for {"turn": id, "number": n}."""
        turn, number = _field(asked, "turn"), _field(asked, "number")
        citations = self._citations(str(turn))
        numbers = tuple(one.number for one in citations)
        found = next((one for one in citations if str(one.number) == str(number)), None)
        if found is None:
            return netted(missing_source())
        quoted = self._parts.quoted(found)
        if not may_open(self._parts.person, "library"):
            quoted = quoted.without_pages
        return netted(source_html(str(turn), found, numbers, quoted))

    def copy_text(self, asked: object) -> str:
        """The plain text with footnotes for {"turn": id}; empty when there is no answer."""
        turn = self._parts.conversations.turn(str(_field(asked, "turn")))
        return copy_with_footnotes(turn.answer) if turn and turn.answer else ""

    def judge(self, asked: object) -> bool:
        """Keep {"turn": id, "verdict": "up", "down" or null, "word": text}; False when it could not be."""
        verdict = _field(asked, "verdict")
        try:
            self._parts.conversations.judge(
                str(_field(asked, "turn")),
                "up" if verdict == "up" else "down" if verdict == "down" else None,
                str(_field(asked, "word") or ""),
            )
        except FootnoteError as error:
            _logger.warning("%s", error)
            return False
        return True

    def discard(self, asked: object) -> bool:
        """Stop and delete {"conversation": id}; False when it could not be deleted."""
        conversation = str(_field(asked, "conversation"))
        self._turns.stop(conversation)
        try:
            self._parts.conversations.delete(conversation)
        except FootnoteError as error:
            _logger.warning("%s", error)
            return False
        return True

    def _kept(self, turn: str) -> StoredTurn | None:
        try:
            return self._parts.conversations.turn(turn) if turn else None
        except FootnoteError as error:
            _logger.warning("turn %s: %s", turn, error)
            return None

    def _citations(self, turn: str) -> tuple[Citation, ...]:
        running = self._turns.find(turn)
        if running is not None:
            return running.progress.citations
        stored = self._parts.conversations.turn(turn)
        return stored.answer.citations if stored and stored.answer else ()


def _named(event: gr.EventData, name: str) -> str:
    return str(_field(event._data, name) or "")


def _field(sent: object, name: str) -> object:
    return sent.get(name) if isinstance(sent, dict) else None
