"""What the serving process counts of its questions, in a registry of its own."""

from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.registry import Collector

from assistant.answer import Status
from index_store.errors import FootnoteError

Outcome = Status | Literal["stopped", "failed", "broken_off"]
"""What became of a question: the status of its answer, or why it has none that is whole."""

# Seconds: from what feels immediate on a fast machine to what nobody waits for on a slow one.
_FIRST_WORD = (0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120)
_END = (1, 2, 4, 8, 15, 30, 60, 120, 300)


class Figures:
    """Counters and histograms. Safe to use from several threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._questions = Counter(
            "footnote_questions", "Questions by what became of them.", ["status"], registry=self.registry
        )
        self._errors = Counter(
            "footnote_errors",
            "Questions that failed, by the kind of error.",
            ["kind"],
            registry=self.registry,
        )
        self._first_word = Histogram(
            "footnote_first_word_seconds",
            "From a question's turn to the first word shown.",
            buckets=_FIRST_WORD,
            registry=self.registry,
        )
        self._end = Histogram(
            "footnote_answer_seconds",
            "From a question's turn to the end of its answer.",
            buckets=_END,
            registry=self.registry,
        )

    def add(self, collector: Collector) -> None:
        """Have figures told that are looked up when somebody asks."""
        self.registry.register(collector)

    def first_word(self, seconds: float) -> None:
        """A question's first word was shown after so long."""
        self._first_word.observe(seconds)

    def ended(self, outcome: Outcome, seconds: float) -> None:
        """A question came to its end after so long."""
        self._questions.labels(outcome).inc()
        self._end.observe(seconds)

    def failed(self, error: BaseException) -> None:
        """A question failed; an error that is none of Footnote's own is "unexpected"."""
        self._errors.labels(type(error).__name__ if isinstance(error, FootnoteError) else "unexpected").inc()
