"""What an answer takes: milliseconds since its question arrived, and tokens."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from assistant.answer import Timings
from assistant.writer import Written


@dataclass(slots=True)
class AnswerClock:
    """Runs from its making on."""

    arrived: float = field(default_factory=perf_counter)
    retrieved: float = 0.0
    first_word: float = 0.0
    checking: float = 0.0
    prompt_tokens: int = 0
    answer_tokens: int = 0
    _earlier: int = 0

    def now(self) -> float:
        """Milliseconds since the question arrived."""
        return (perf_counter() - self.arrived) * 1000

    @property
    def is_silent(self) -> bool:
        """Whether no word has reached the reader yet."""
        return not self.first_word

    @contextmanager
    def checks(self) -> Iterator[None]:
        """What is done meanwhile is checking."""
        before = self.now()
        try:
            yield
        finally:
            self.checking += self.now() - before

    def begin_draft(self) -> None:
        """What is written from now on comes to what has been written."""
        self._earlier = self.answer_tokens

    def count(self, written: Written) -> None:
        """Take note of what a draft has written so far, and read: of several the longest prompt counts."""
        self.prompt_tokens = max(self.prompt_tokens, written.prompt_tokens)
        self.answer_tokens = self._earlier + written.answer_tokens

    def shown(self, text: str) -> None:
        """Take note of words that reach the reader; the first of them count."""
        if self.is_silent and text.strip():
            self.first_word = self.now()

    def timings(self) -> Timings:
        """All of it, as an answer tells it."""
        figures = (self.retrieved, self.first_word, self.now(), self.checking)
        retrieve, first, total, verify = (round(value, 1) for value in figures)
        return Timings(retrieve, first, total, verify, self.prompt_tokens, self.answer_tokens)
