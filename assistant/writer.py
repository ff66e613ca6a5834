"""What a writing model is to the assistant, and the canned one that tests and demos use."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from assistant.answer import ModelName

Stopped = Callable[[], bool]
"""Asked often whether somebody wants an end by now."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What is read before any task: standing orders, then the sources, the most important last.

    Each source is untrusted text and stays apart from the others and from the orders: it never becomes an
    order, and what was read of it once serves every question. `closely` has the last one read once more,
    behind the others, by a writer that reads each apart: slower, and told apart better. `beside` tells that
    the reader needs little, and holds nothing else that he would wait with but what is in place already: it
    goes before all who still wait. `urgent` tells that somebody waits for the first word of his answer: then
    it goes before what is for others.
    """

    orders: str
    texts: tuple[str, ...]
    closely: bool = False
    beside: bool = False
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """A question, what to do about it, and a yes-or-no doubt that is judged before a word is written.

    `at_once`, the question is read once for both, as the doubt has it.
    """

    question: str
    order: str
    doubt: str | None = None
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """The next piece of a draft. Token counts are totals so far; `finished` tells a natural end.

    `yes_margin`, the log odds of Yes on the task's doubt, comes with a piece of its own before all words.
    """

    text: str
    prompt_tokens: int
    answer_tokens: int
    finished: bool = False
    yes_margin: float | None = None


@dataclass(frozen=True, slots=True)
class Weight:
    """How well sources go with a question: `margin`, the log odds of Yes on whether they hold its answer.

    `likelihood` is the mean log probability of the question's tokens behind them, below 0.
    """

    margin: float
    likelihood: float


class Reading(Protocol):
    """Sources that a model has before it, until they are let go. Stopping ends any of it early."""

    def write(self, task: Task, *, max_tokens: int, stopped: Stopped) -> Iterator[Written]:
        """Write, piece by piece, until done, `max_tokens` are out, or `stopped` says so."""
        ...

    def doubt(self, task: Task, *, stopped: Stopped) -> float | None:
        """The log odds of Yes on a task's doubt alone; None when stopped, or too much to be `beside`."""
        ...

    def weigh(self, task: Task, *, stopped: Stopped) -> Weight | None:
        """The log odds of Yes on a task's doubt, and how likely its question is; None as for `doubt`."""
        ...

    def yes_margins(self, stem: str, questions: Sequence[str], *, stopped: Stopped) -> list[float] | None:
        """For each yes-or-no question behind the stem: by how much Yes is likelier than No (log odds).

        None when stopped, or when it is too much to be read `beside`. The stem is trusted, the questions are
        not.
        """
        ...


class Writer(Protocol):
    """A model that writes from sources, and judges with a yes or a no. Raises RunError when it fails."""

    @property
    def name(self) -> ModelName:
        """Which model this is."""
        ...

    @property
    def keeps_sources(self) -> bool:
        """Whether what was read of a source is kept: a question about one alone costs its own words."""
        ...

    def count_tokens(self, text: str) -> int:
        """How many tokens the model reads `text` as."""
        ...

    def read(self, sources: Sources, *, stopped: Stopped) -> AbstractContextManager[Reading]:
        """Put the sources before the model; they are taken away at the end of the block."""
        ...

    def prepare(self, orders: str, text: str, *, stopped: Stopped) -> bool:
        """Read a source ahead of any question, giving way to whoever asks. False when that is no use."""
        ...


class CannedWriter:
    """A writer without a model: says what it was given for a question, else the last source's words.

    `replies` maps a piece of the task to the text to write; `margins` likewise for yes or no.
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

    @property
    def keeps_sources(self) -> bool:
        """It reads in no time."""
        return True

    def count_tokens(self, text: str) -> int:
        """One token a word."""
        return len(text.split())

    def read(self, sources: Sources, *, stopped: Stopped) -> "CannedReading":
        """Reads in no time."""
        return CannedReading(sources, self)

    def prepare(self, orders: str, text: str, *, stopped: Stopped) -> bool:
        """There is nothing to prepare."""
        return False

    def reply(self, task: Task) -> str | None:
        """What it was given for this task."""
        words = f"{task.question} {task.order}"
        return next((text for key, text in self._replies if key in words), None)

    def margin(self, question: str) -> float:
        """The canned margin for a yes-or-no question."""
        return next((margin for key, margin in self._margins if key in question), self._default_margin)


class CannedReading:
    """The sources before a canned writer."""

    def __init__(self, sources: Sources, writer: CannedWriter) -> None:
        self._sources = sources
        self._writer = writer

    def __enter__(self) -> "CannedReading":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing was taken."""

    def write(self, task: Task, *, max_tokens: int, stopped: Stopped) -> Iterator[Written]:
        """The canned reply, a word at a time."""
        reply = self._writer.reply(task)
        words = ("\n\n".join(self._sources.texts) if reply is None else reply).split(" ")
        parts = (self._sources.orders, *self._sources.texts, task.question, task.order)
        read = self._writer.count_tokens(" ".join(parts))
        if task.doubt is not None and not stopped():
            yield Written("", read, 0, yes_margin=self._writer.margin(f"{task.question} {task.doubt}"))
        for number, word in enumerate(words[:max_tokens], start=1):
            if stopped():
                return
            piece = word if number == 1 else f" {word}"
            yield Written(piece, read, number, finished=number == len(words))

    def doubt(self, task: Task, *, stopped: Stopped) -> float | None:
        """The canned margin."""
        return None if stopped() else self._writer.margin(f"{task.question} {task.doubt}")

    def weigh(self, task: Task, *, stopped: Stopped) -> Weight | None:
        """The canned margin, and the share of the question's words that the sources have, less one."""
        margin = self.doubt(task, stopped=stopped)
        words = set(task.question.lower().split())
        known = words & set(" ".join(self._sources.texts).lower().split())
        return None if margin is None else Weight(margin, len(known) / max(1, len(words)) - 1)

    def yes_margins(self, stem: str, questions: Sequence[str], *, stopped: Stopped) -> list[float] | None:
        """The canned margins, by a piece of a question, or of what was read beside evidence for it."""
        read = " ".join((*self._sources.texts, stem)) if self._sources.beside else stem
        return None if stopped() else [self._writer.margin(f"{read} {question}") for question in questions]
