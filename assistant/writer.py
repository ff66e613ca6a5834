"""What a writing model is to the assistant, and the canned one that tests and demos use."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.answer import ModelName

Stopped = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is given: standing orders, the evidence, and what to do with it.

    The parts stay apart so that evidence, which is untrusted text, never becomes orders, and so that
    what is read once (system and evidence) serves several tasks.
    """

    system: str
    evidence: str
    task: str


@dataclass(frozen=True, slots=True)
class Written:
    """The next piece of a draft. Token counts are totals so far; `finished` tells a natural end."""

    text: str
    prompt_tokens: int
    answer_tokens: int
    finished: bool = False


class Writer(Protocol):
    """A model that writes from evidence, and judges with a yes or a no."""

    @property
    def name(self) -> ModelName:
        """Which model this is."""
        ...

    def count_tokens(self, text: str) -> int:
        """How many tokens the model reads `text` as."""
        ...

    def write(self, prompt: Prompt, *, max_tokens: int, stopped: Stopped) -> Iterator[Written]:
        """Write, piece by piece, until done, `max_tokens` are out, or `stopped` says so."""
        ...

    def yes_margin(self, prompt: Prompt, *, stopped: Stopped) -> float | None:
        """How much more the model would begin with Yes than with No (log odds); None when stopped."""
        ...


class CannedWriter:
    """A writer without a model: says what it was given for a question, else the evidence's first words.

    `replies` maps a piece of the task to the text to write; `margins` likewise for yes_margin.
    """

    def __init__(
        self,
        replies: Sequence[tuple[str, str]] = (),
        margins: Sequence[tuple[str, float]] = (),
        *,
        default_margin: float = 2.0,
    ) -> None:
        self._replies = tuple(replies)
        self._margins = tuple(margins)
        self._default_margin = default_margin

    @property
    def name(self) -> ModelName:
        """The fake's own name."""
        return ModelName("canned", None)

    def count_tokens(self, text: str) -> int:
        """One token a word."""
        return len(text.split())

    def write(self, prompt: Prompt, *, max_tokens: int, stopped: Stopped) -> Iterator[Written]:
        """The canned reply, a word at a time."""
        reply = next((text for key, text in self._replies if key in prompt.task), None)
        words = (prompt.evidence if reply is None else reply).split(" ")
        read = self.count_tokens(f"{prompt.system} {prompt.evidence} {prompt.task}")
        for number, word in enumerate(words[:max_tokens], start=1):
            if stopped():
                return
            piece = word if number == 1 else f" {word}"
            yield Written(piece, read, number, finished=number == len(words))

    def yes_margin(self, prompt: Prompt, *, stopped: Stopped) -> float | None:
        """The canned margin for the task."""
        if stopped():
            return None
        return next((margin for key, margin in self._margins if key in prompt.task), self._default_margin)
