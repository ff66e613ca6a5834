"""What the page does when something is pressed: each action returns the parts of the page that change."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import gradio as gr

from assistant.answer import Citation
from assistant.events import Answers
from assistant.finding.question import LONGEST_QUESTION
from index_store.errors import FootnoteError
from ui.accounts.person import LOCAL_PERSON, Person
from ui.accounts.request_limits import TooMuch
from ui.chat.chat_turn import ChatTurns, StillAnswering
from ui.chat.conversation_list import sidebar_html, topbar_html
from ui.chat.conversations import Conversations, StoredTurn
from ui.chat.copy_text import copy_with_footnotes
from ui.chat.running_turn import RunningTurn
from ui.chat.source_panel import missing_source, source_html
from ui.chat.status_line import LibraryStatus, status_html
from ui.chat.turn_html import announced, earlier_turns, empty_chat, failure_card, finished_turn, running_turn
from ui.markup import NOTHING, Html, joined, text
from ui.markup_net import netted
from ui.quote_check import QuoteState
from ui.waiting_line import WaitingLine

QUESTION_LIMIT = LONGEST_QUESTION
"""Characters; the page counts them once a question is longer."""
FRAME_SECONDS = 0.1

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ChatParts:
    """What the chat page is wired from.

    `status` is asked on every load, after every answer, and every now and then while the page is looked at;
    `quoted`, when a footnote is opened, whether the library still holds its words. In `line` questions wait.
    """

    answers: Answers
    conversations: Conversations
    status: Callable[[], LibraryStatus]
    examples: tuple[str, ...]
    log_file: Path
    quoted: Callable[[Citation], QuoteState] = lambda _: "held"
    line: WaitingLine = field(default_factory=WaitingLine)
    person: Person = LOCAL_PERSON
    answers_for: Callable[[str], Answers] | None = None
    """The answers that are recorded as asked by the account of this name, where they are recorded."""

    def of(self, person: Person) -> "ChatParts":
        """The same for another person, with conversations of their own."""
        if person == self.person:
            return self
        asked = self.answers_for(person.name) if self.answers_for and person.name else self.answers
        conversations = self.conversations.of(person.id)
        return replace(self, answers=asked, conversations=conversations, person=person)


@dataclass(frozen=True, slots=True)
class View:
    """Everything that depends on which conversation a tab shows, as HTML; None leaves a part alone.

    `conversation` and `following` are ids (or empty): the shown conversation, and the turn whose
    answer is under way, with a token behind a colon so that it differs each time it is set.
    """

    conversation: str
    following: str
    topbar: Html
    sidebar: Html
    earlier: Html
    latest: Html
    announcer: Html
    status: Html | None = None

    def values(self) -> tuple[Any, ...]:
        """The parts in the order of the fields, ready for Gradio."""
        parts = (self.topbar, self.sidebar, self.earlier, self.latest, self.announcer, self.status)
        return (self.conversation, self.following, *_sent(*parts))


class ChatActions:
    """The page's actions. One object serves every tab: which conversation is meant comes with each call."""

    def __init__(self, parts: ChatParts, turns: ChatTurns) -> None:
        self._parts = parts
        self._turns = turns

    def load(self, conversation: str) -> tuple[Any, ...]:
        """A page was opened or reloaded on a conversation (empty: a new chat)."""
        return self._view(conversation, status=self._status()).values()

    def open(self, event: gr.EventData) -> tuple[Any, ...]:
        """Another conversation was chosen; an empty id starts a new chat."""
        return self._view(_named(event, "conversation")).values()

    def ask(self, question: str, conversation: str) -> tuple[Any, ...]:
        """A question was sent; returns what the question box holds then, and the view."""
        asked = question.strip()
        if not asked or len(asked) > QUESTION_LIMIT:
            return (gr.skip(), *self._unchanged())
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
            return (gr.skip(), *self._unchanged())
        except TooMuch as error:
            return (gr.skip(), *self._refused(conversation, error).values())
        except FootnoteError as error:
            return (gr.skip(), *self._failed(conversation, error).values())
        return ("", *self._view(begun.id).values())

    def example(self, event: gr.EventData, conversation: str) -> tuple[Any, ...]:
        """An example question was pressed."""
        _, *view = self.ask(_named(event, "question"), conversation)
        return tuple(view)

    def retry(self, event: gr.EventData, conversation: str) -> tuple[Any, ...]:
        """The last question is to be answered anew; the earlier try goes once there is another answer."""
        try:
            turn = self._parts.conversations.turn(_named(event, "turn"))
            if turn is None or turn.conversation != conversation:
                return self._unchanged()
            self._turns.ask(conversation, turn.question, replaces=turn.id)
        except StillAnswering:
            return self._unchanged()
        except TooMuch as error:
            return self._refused(conversation, error).values()
        except FootnoteError as error:
            return self._failed(conversation, error).values()
        return self._view(conversation).values()

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
                yield _sent(running_turn(running.turn, progress), announced(running.turn, progress), None)
            await asyncio.sleep(FRAME_SECONDS)
        # An answer may have ended before anyone looked; then the kept one is shown.
        ended = running.turn if running else await asyncio.to_thread(self._kept, turn)
        if ended is not None:
            heard = announced(ended, running.progress if running else None)
            status = await asyncio.to_thread(self._status)
            yield _sent(finished_turn(ended, last=True), heard, status)
        else:
            # A generator that yields nothing empties its outputs: what has just been opened would go.
            yield _sent(None, None, None)

    def rename(self, event: gr.EventData, conversation: str) -> tuple[Any, ...]:
        """A conversation got another title; returns top bar and sidebar."""
        try:
            self._parts.conversations.rename(_named(event, "conversation"), _named(event, "title"))
        except FootnoteError as error:
            _logger.warning("%s", error)
        return _sent(self._topbar(conversation), self._sidebar(conversation))

    def remove(self, event: gr.EventData, conversation: str) -> tuple[Any, ...]:
        """A conversation was deleted, and this was confirmed; if it was the shown one, a new chat follows."""
        gone = _named(event, "conversation")
        self.discard({"conversation": gone})
        if gone == conversation:
            return self._view("").values()
        view = dict(zip(View.__slots__, self._unchanged(), strict=True))
        return tuple((view | {"sidebar": netted(self._sidebar(conversation))}).values())

    def refresh(self, conversation: str) -> tuple[Any, ...]:
        """The tab came to the front again: sidebar and status, which other tabs may have changed."""
        return _sent(self._sidebar(conversation), self._status())

    def recheck(self) -> Html:
        """The tab has been open for a while: the status again, since a sync may have ended behind it."""
        return netted(self._status())

    def source(self, asked: object) -> Html:
        """The panel's content for {"turn": id, "number": n}."""
        turn, number = _field(asked, "turn"), _field(asked, "number")
        citations = self._citations(str(turn))
        numbers = tuple(one.number for one in citations)
        found = next((one for one in citations if str(one.number) == str(number)), None)
        if found is None:
            return netted(missing_source())
        return netted(source_html(str(turn), found, numbers, state=self._parts.quoted(found)))

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

    def _view(self, conversation: str, *, status: Html | None = None) -> View:
        try:
            known = self._parts.conversations.find(conversation) if conversation else None
            current = known.id if known else ""
            sidebar = sidebar_html(self._parts.conversations.listed(), current, who=self._parts.person)
            if known is None:
                welcome = empty_chat(self._parts.examples)
                return View("", "", topbar_html(None), sidebar, NOTHING, welcome, NOTHING, status)
            running = self._turns.running(known.id)
            turns = self._turns.shown(known.id)
        except FootnoteError as error:
            return self._failed(conversation, error, status=status)
        *earlier, last = turns or (None,)
        return View(
            conversation=known.id,
            following=f"{running.turn.id}:{uuid4().hex[:8]}" if running else "",
            topbar=topbar_html(known.title),
            sidebar=sidebar,
            earlier=earlier_turns(one for one in earlier if one),
            latest=_latest(last, running),
            announcer=NOTHING,
            status=status,
        )

    def _failed(self, conversation: str, error: FootnoteError, *, status: Html | None = None) -> View:
        _logger.warning("conversation %s: %s", conversation, error)
        card = failure_card(str(error))
        return View("", "", topbar_html(None), self._sidebar(""), NOTHING, card, text(str(error)), status)

    def _refused(self, conversation: str, error: TooMuch) -> View:
        """The conversation as it is, and a line below it; the question stays where it was typed."""
        view = self._view(conversation)
        line = f"{str(error)[:1].upper()}{str(error)[1:]}"
        return replace(view, latest=joined((view.latest, failure_card(line))), announcer=text(line))

    def _kept(self, turn: str) -> StoredTurn | None:
        try:
            return self._parts.conversations.turn(turn) if turn else None
        except FootnoteError as error:
            _logger.warning("turn %s: %s", turn, error)
            return None

    def _unchanged(self) -> tuple[Any, ...]:
        return tuple(gr.skip() for _ in View.__slots__)

    def _topbar(self, conversation: str) -> Html:
        try:
            known = self._parts.conversations.find(conversation)
        except FootnoteError:
            known = None
        return topbar_html(known.title if known else None)

    def _sidebar(self, conversation: str) -> Html:
        try:
            listed = self._parts.conversations.listed()
        except FootnoteError:
            listed = ()
        return sidebar_html(listed, conversation, who=self._parts.person)

    def _status(self) -> Html:
        try:
            return status_html(self._parts.status())
        except FootnoteError as error:
            return status_html(LibraryStatus(articles=None, problem=str(error)))
        except Exception:
            _logger.exception("the status line failed")
            problem = f"Something went wrong; details in the log: {self._parts.log_file}"
            return status_html(LibraryStatus(articles=None, problem=problem))

    def _citations(self, turn: str) -> tuple[Citation, ...]:
        running = self._turns.find(turn)
        if running is not None:
            return running.progress.citations
        stored = self._parts.conversations.turn(turn)
        return stored.answer.citations if stored and stored.answer else ()


def _sent(*parts: Html | None) -> tuple[Any, ...]:
    """What leaves for the page: each part through the net, and None for what is to stay as it is."""
    return tuple(gr.skip() if part is None else netted(part) for part in parts)


def _latest(turn: StoredTurn | None, running: RunningTurn | None) -> Html:
    if turn is None:
        return NOTHING
    if running is not None and running.turn.id == turn.id:
        return running_turn(turn, running.progress)
    return finished_turn(turn, last=True)


def _named(event: gr.EventData, name: str) -> str:
    return str(_field(event._data, name) or "")


def _field(sent: object, name: str) -> object:
    return sent.get(name) if isinstance(sent, dict) else None
