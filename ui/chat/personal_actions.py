"""The page's actions as Gradio calls them: each for the person who asks, on their own conversations."""

from collections.abc import AsyncIterator
from typing import Any

import gradio as gr

from ui.accounts.person import person_of
from ui.chat.chat_actions import ChatActions
from ui.chat.chat_parts import ChatParts
from ui.chat.chat_turn import ChatTurns


class PersonalActions:
    """One object for everybody. See ChatActions for what each action does."""

    def __init__(self, parts: ChatParts, turns: ChatTurns) -> None:
        """`parts` and `turns` are those of the user of this machine."""
        self._parts = parts
        self._turns = turns

    def _of(self, request: gr.Request) -> ChatActions:
        person = person_of(request)
        parts = self._parts.of(person)
        return ChatActions(parts, self._turns.of(person.id, parts.answers, parts.conversations))

    def load(self, conversation: str, request: gr.Request) -> tuple[Any, ...]:
        """See ChatActions."""
        return self._of(request).load(conversation)

    def open(self, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """See ChatActions."""
        return self._of(request).open(event)

    def ask(self, question: str, conversation: str, request: gr.Request) -> tuple[Any, ...]:
        """See ChatActions."""
        return self._of(request).ask(question, conversation)

    def example(self, event: gr.EventData, conversation: str, request: gr.Request) -> tuple[Any, ...]:
        """See ChatActions."""
        return self._of(request).example(event, conversation)

    def retry(self, event: gr.EventData, conversation: str, request: gr.Request) -> tuple[Any, ...]:
        """See ChatActions."""
        return self._of(request).retry(event, conversation)

    def stop(self, conversation: str, request: gr.Request) -> None:
        """See ChatActions."""
        self._of(request).stop(conversation)

    async def follow(self, following: str, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        """See ChatActions."""
        async for frame in self._of(request).follow(following):
            yield frame

    def rename(self, event: gr.EventData, conversation: str, request: gr.Request) -> tuple[Any, ...]:
        """See ChatActions."""
        return self._of(request).rename(event, conversation)

    def remove(self, event: gr.EventData, conversation: str, request: gr.Request) -> tuple[Any, ...]:
        """See ChatActions."""
        return self._of(request).remove(event, conversation)

    def refresh(self, conversation: str, request: gr.Request) -> tuple[Any, ...]:
        """See ChatActions."""
        return self._of(request).refresh(conversation)

    def recheck(self, request: gr.Request) -> str:
        """See ChatActions."""
        return self._of(request).recheck()

    def source(self, asked: object, request: gr.Request) -> str:
        """See ChatActions."""
        return self._of(request).source(asked)

    def copy_text(self, asked: object, request: gr.Request) -> str:
        """See ChatActions."""
        return self._of(request).copy_text(asked)

    def judge(self, asked: object, request: gr.Request) -> bool:
        """See ChatActions."""
        return self._of(request).judge(asked)

    def discard(self, asked: object, request: gr.Request) -> bool:
        """See ChatActions."""
        return self._of(request).discard(asked)
