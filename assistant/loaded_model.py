"""A model in memory: its weights, what reads and writes with them, and how it wants a prompt framed."""

from dataclasses import dataclass

from assistant.chat_format import ChatFormat, PromptPart
from assistant.engine.drafting import Opening
from assistant.engine.engine import Engine
from assistant.engine.gguf_model import GgufModel
from assistant.engine.sequence_memory import SequenceMemory
from assistant.writer import Task

_HEADING = PromptPart("Sources:\n\n", trusted=True)
_GAP = PromptPart("\n\n", trusted=True)
# With this word before it the question is doubted rightly, and answered worse from many sources: docs/log.md.
_QUESTION = PromptPart("Question: ", trusted=True)


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """Gives the tokens of a prompt's parts; control tokens only where the chat format sets them."""

    model: GgufModel
    memory: SequenceMemory
    engine: Engine
    chat: ChatFormat

    def prefix(self, orders: str) -> list[int]:
        """What stands before all sources."""
        tokens = self._tokens(*self.chat.before(orders), _HEADING)
        bos = self.model.tokens(self.model.special("bos"), trusted=True) if self.model.adds_bos else []
        return tokens if tokens[: len(bos)] == bos else bos + tokens

    def source(self, text: str) -> list[int]:
        """One source, which may hold anything."""
        return self._tokens(PromptPart(text, trusted=False), _GAP)

    def opening(self, task: Task) -> Opening:
        """A task, up to where the model's turn begins: to write, and to tell whether there is an answer."""
        if task.at_once:
            stem, order = self.question(task), self.ending(task.order)
            return Opening(stem, order, () if task.doubt is None else self.ending(task.doubt))
        order = self._tokens(PromptPart(task.question, trusted=False), _GAP) + self.ending(task.order)
        return Opening((), order, () if task.doubt is None else self.doubt(task))

    def doubt(self, task: Task) -> list[int]:
        """A task's question and what is doubted about it, likewise."""
        return self.question(task) + self.ending(task.doubt or "")

    def question(self, task: Task) -> list[int]:
        """A task's question, as a doubt has it before it."""
        return self._tokens(_QUESTION, PromptPart(task.question, trusted=False), _GAP)

    def stem(self, text: str) -> list[int]:
        """What several questions have before them, each of which `ending` ends."""
        return self._tokens(PromptPart(text, trusted=False)) if text else []

    def ending(self, text: str) -> list[int]:
        """The end of a user's words, and where the model's turn begins."""
        return self._tokens(PromptPart(text, trusted=False), self.chat.after)

    def turn(self, text: str) -> list[int]:
        """A whole turn of a user's without standing orders."""
        return self._tokens(*self.chat.before(""), PromptPart(text, trusted=False), self.chat.after)

    def _tokens(self, *parts: PromptPart) -> list[int]:
        return [token for part in parts for token in self.model.tokens(part.text, trusted=part.trusted)]
