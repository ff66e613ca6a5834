"""What a tab of the chat page shows of a conversation, as parts of the page that change together."""

import logging
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import gradio as gr

from index_store.errors import FootnoteError
from ui.accounts.request_limits import TooMuch
from ui.chat.chat_parts import ChatParts
from ui.chat.chat_turn import ChatTurns
from ui.chat.conversation_list import sidebar_html, topbar_html
from ui.chat.conversations import StoredTurn
from ui.chat.running_turn import RunningTurn
from ui.chat.status_line import LibraryStatus, status_html
from ui.chat.turn_html import earlier_turns, empty_chat, failure_card, finished_turn, running_turn
from ui.markup import NOTHING, Html, joined, text
from ui.markup_net import netted
from ui.page_links import may_open

_logger = logging.getLogger(__name__)


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
        return (self.conversation, self.following, *sent(*parts))


class ChatViews:
    """Makes the views of one person's conversations. A store that fails is a line on the page, no error."""

    def __init__(self, parts: ChatParts, turns: ChatTurns) -> None:
        """`parts` and `turns` are those of one person."""
        self._parts = parts
        self._turns = turns

    def of(self, conversation: str, *, status: Html | None = None) -> View:
        """A conversation as it is kept; a new chat where there is none of that id."""
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
            return self.failed(conversation, error, status=status)
        *earlier, last = turns or (None,)
        return View(
            conversation=known.id,
            following=f"{running.turn.id}:{uuid4().hex[:8]}" if running else "",
            topbar=topbar_html(known.title),
            sidebar=sidebar,
            earlier=earlier_turns((one for one in earlier if one), self._page_of),
            latest=self._latest(last, running),
            announcer=NOTHING,
            status=status,
        )

    def failed(self, conversation: str, error: FootnoteError, *, status: Html | None = None) -> View:
        """No conversation, but the line that says what went wrong."""
        _logger.warning("conversation %s: %s", conversation, error)
        card = failure_card(str(error))
        return View("", "", topbar_html(None), self.sidebar(""), NOTHING, card, text(str(error)), status)

    def refused(self, conversation: str, error: TooMuch) -> View:
        """The conversation as it is, and a line below it; the question stays where it was typed."""
        view = self.of(conversation)
        line = f"{str(error)[:1].upper()}{str(error)[1:]}"
        return replace(view, latest=joined((view.latest, failure_card(line))), announcer=text(line))

    def topbar(self, conversation: str) -> Html:
        """The bar above a conversation, with its title."""
        try:
            known = self._parts.conversations.find(conversation)
        except FootnoteError:
            known = None
        return topbar_html(known.title if known else None)

    def sidebar(self, conversation: str) -> Html:
        """The list of conversations, the shown one marked; empty where the store fails."""
        try:
            listed = self._parts.conversations.listed()
        except FootnoteError:
            listed = ()
        return sidebar_html(listed, conversation, who=self._parts.person)

    def finished(self, turn: StoredTurn) -> Html:
        """The last turn of a conversation, as it is kept."""
        return finished_turn(turn, last=True, page_of=self._page_of)

    def status(self) -> Html:
        """The status line, or why it cannot be told."""
        try:
            return status_html(self._parts.status())
        except FootnoteError as error:
            return status_html(LibraryStatus(articles=None, problem=str(error)))
        except Exception:
            _logger.exception("the status line failed")
            problem = f"Something went wrong; details in the log: {self._parts.log_file}"
            return status_html(LibraryStatus(articles=None, problem=problem))

    def _latest(self, turn: StoredTurn | None, running: RunningTurn | None) -> Html:
        if turn is None:
            return NOTHING
        if running is not None and running.turn.id == turn.id:
            return running_turn(turn, running.progress)
        return self.finished(turn)

    def _page_of(self, path: str) -> str | None:
        return self._parts.page_of(path) if may_open(self._parts.person, "library") else None


def sent(*parts: Html | None) -> tuple[Any, ...]:
    """What leaves for the page: each part through the net, and None for what is to stay as it is."""
    return tuple(gr.skip() if part is None else netted(part) for part in parts)


def unchanged() -> tuple[Any, ...]:
    """For a view whose every part is to stay as it is."""
    return tuple(gr.skip() for _ in View.__slots__)
