"""Asks the model for a yes or a no about single sentences, apart from the evidence that is in place."""

from collections.abc import Callable, Sequence

from assistant.finding.evidence_sentences import Quote
from assistant.finding.regulated import put_as
from assistant.prompts import answers_stem, sources, states_question
from assistant.writer import Stopped, Writer

# What asks mostly stands at the end of what was pasted; characters.
_MOST_ASKED = 1000


class SentenceJudge:
    """One model's judgement of sentences by themselves: sooner read than behind all evidence."""

    def __init__(
        self, writer: Writer, stopped: Stopped, *, columns_of: Callable[[Quote], str] = lambda _: ""
    ) -> None:
        """`columns_of` gives the header that a row of a table is read under, or nothing."""
        self._writer = writer
        self._stopped = stopped
        self._columns_of = columns_of

    def answering(
        self, question: str, quotes: Sequence[Quote], *, part: str | None = None
    ) -> list[float] | None:
        """For each quote the log odds that it answers the question, or that part of it; None when stopped."""
        with self._writer.read(sources((), beside=True), stopped=self._stopped) as reading:
            return reading.yes_margins(
                answers_stem(_brief(question), part and _brief(part)),
                [self._read(quote) for quote in quotes],
                stopped=self._stopped,
            )

    def answered(self, question: str, said: str) -> float | None:
        """The log odds that a whole answer answers the question; None when stopped."""
        with self._writer.read(sources((), beside=True), stopped=self._stopped) as reading:
            margins = reading.yes_margins(answers_stem(_brief(question)), [said], stopped=self._stopped)
        return margins[0] if margins else None

    def stating(self, quotes: Sequence[Quote], claim: str) -> float | None:
        """The log odds that the quotes, read under their titles, state the claim; None when stopped."""
        lines: dict[str, list[str]] = {}
        for quote in quotes:
            passage = quote.passage
            origin = f"{passage.title}, {passage.heading}" if passage.heading else passage.title
            lines.setdefault(origin, []).append(self._read(quote))
        passage_text = "\n".join(f"{origin}: {' '.join(texts)}" for origin, texts in lines.items())
        with self._writer.read(sources((), beside=True), stopped=self._stopped) as reading:
            margins = reading.yes_margins(
                "", [states_question(passage_text, put_as(claim))], stopped=self._stopped
            )
        return margins[0] if margins else None

    def _read(self, quote: Quote) -> str:
        columns = self._columns_of(quote)
        return f"{columns}\n{quote.text}" if columns else quote.text


def _brief(question: str) -> str:
    """The end of a long question, from a word on: before each sentence it would be read once more."""
    return question if len(question) <= _MOST_ASKED else question[-_MOST_ASKED:].partition(" ")[2]
