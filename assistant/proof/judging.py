"""Asks the model for a yes or a no about single sentences, apart from the evidence that is in place."""

from collections.abc import Callable, Sequence

from assistant.finding.question import briefly
from assistant.finding.quote import Quote, means_what_was_said, with_sentence_before
from assistant.finding.regulated import put_as
from assistant.prompts import answers_stem, judged_text, sources, states_question
from assistant.proof.exact_terms import missing_names
from assistant.writer import Stopped, Writer


class SentenceJudge:
    """One model's judgement of sentences by themselves: sooner read than behind all evidence.

    For one answer: whether a sentence answers the question is asked once.
    """

    def __init__(
        self, writer: Writer, stopped: Stopped, *, columns_of: Callable[[Quote], str] = lambda _: ""
    ) -> None:
        """`columns_of` gives the header that a row of a table is read under, or nothing."""
        self._writer = writer
        self._stopped = stopped
        self._columns_of = columns_of
        self._answering: dict[tuple[str, str], float] = {}

    def answering(
        self, question: str, quotes: Sequence[Quote], *, part: str | None = None
    ) -> list[float] | None:
        """For each quote the log odds that it answers the question, or that part of it; None when stopped."""
        stem = answers_stem(briefly(question), part and briefly(part))
        # Asked of a part, "why", the sentence before would answer for it.
        read = self._read if part else self._read_whole
        return self._answer(stem, [read(quote) for quote in quotes])

    def answering_under_titles(
        self, question: str, quotes: Sequence[Quote], *, urgent: bool = False
    ) -> list[float] | None:
        """The same of quotes under their titles; None when stopped.

        So read they tell better whether there is an answer at all, and no better which of them it is.
        `urgent`, somebody waits for a first word.
        """
        with self._writer.read(sources((), beside=True, urgent=urgent), stopped=self._stopped) as reading:
            return reading.yes_margins(
                answers_stem(briefly(question)),
                [f"{_origin(quote)}: {self._read_whole(quote)}" for quote in quotes],
                stopped=self._stopped,
            )

    def answered(self, question: str, said: str) -> float | None:
        """The log odds that a whole answer answers the question; None when stopped."""
        margins = self.each_answered(question, [said])
        return margins[0] if margins else None

    def each_answered(self, question: str, texts: Sequence[str]) -> list[float] | None:
        """For each text the log odds that it answers the question; None when stopped."""
        return self._answer(answers_stem(briefly(question)), texts)

    def _answer(self, stem: str, texts: Sequence[str]) -> list[float] | None:
        wanted = [text for text in dict.fromkeys(texts) if (stem, text) not in self._answering]
        if wanted:
            with self._writer.read(sources((), beside=True), stopped=self._stopped) as reading:
                margins = reading.yes_margins(stem, wanted, stopped=self._stopped)
            if margins is None:
                return None
            self._answering |= {(stem, text): one for text, one in zip(wanted, margins, strict=True)}
        return [self._answering[stem, text] for text in texts]

    def stating(self, quotes: Sequence[Quote], claim: str) -> float | None:
        """The log odds that the quotes state the claim; None when stopped.

        They are read under their titles where the claim names what they do not: else titles tell the model
        nothing, and cost a tenth of the time (docs/log.md).
        """
        lines: dict[str, list[str]] = {}
        for quote in quotes:
            lines.setdefault(_origin(quote), []).append(self._read(quote))
        passage_text = "\n".join(" ".join(texts) for texts in lines.values())
        if missing_names(claim, passage_text):
            passage_text = "\n".join(f"{origin}: {' '.join(texts)}" for origin, texts in lines.items())
        read = sources([judged_text(passage_text)], beside=True)
        with self._writer.read(read, stopped=self._stopped) as reading:
            margins = reading.yes_margins("", [states_question(put_as(claim))], stopped=self._stopped)
        return margins[0] if margins else None

    def _read_whole(self, quote: Quote) -> str:
        """A quote as it would be told: what goes on from another sentence with that."""
        return self._read(with_sentence_before(quote) if means_what_was_said(quote.text) else quote)

    def _read(self, quote: Quote) -> str:
        columns = self._columns_of(quote)
        return f"{columns}\n{quote.text}" if columns else quote.text


def _origin(quote: Quote) -> str:
    passage = quote.passage
    return f"{passage.title}, {passage.heading}" if passage.heading else passage.title
