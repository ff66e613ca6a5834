"""What an article can be quoted with: its sentences, each at its place."""

import re
from dataclasses import dataclass

from assistant.proof.negation import may_turn
from assistant.proof.orders_in_articles import stating_spans
from index_store.passage import Passage

# A sentence that begins so takes back part of the one before it: quoted apart, that would say too much.
_QUALIFIES = re.compile(r"(?:however|but|yet|nevertheless|nonetheless|that said)\b|\(", re.IGNORECASE)
# A drafted one that begins so goes with the one before it when that is taken back: rather too many.
_GOES_ON = re.compile(
    r"(?:it|its|this|that|these|those|they|their|he|she|both|such|the reason)\b", re.IGNORECASE
)
# An article's own is told with the one before it only where it surely means that: rather too few.
_MEANS = re.compile(
    r"(?:It(?! (?:is|was|has been|may be|can be) \w+ (?:to|that|for)\b)|Its|They|Their|Both(?! [A-Z])|Such"
    r"|(?:This|That|These|Those)(?! (?:year|month|week|day|time|article|section|chapter|guide|post)s?\b)"
    r"|(?:He|She)(?! [A-Z])|The reason)\b"
)
_MOST_SIGNS = 400
# An item of a list that neither ends by itself nor leads to the next.
_ENDS_OPEN = re.compile(r"(?<![;:,.!?])(?<!\band)(?<!\bor)$")
_MARKS = str.maketrans("", "", "“”")


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence or a short list of an article: `text == article.text[start:end]`, inside `passage`."""

    passage: Passage
    text: str
    start: int
    end: int

    @property
    def under_its_title(self) -> str:
        """The quote with all that stands above it: its subject often stands there alone."""
        passage = self.passage
        return "\n".join((passage.title, *passage.headings, passage.lead, self.text))

    @property
    def in_line(self) -> str:
        """Its words in one line: the items of a list parted by semicolons."""
        *before, last = (line.strip() for line in self.text.split("\n") if line.strip())
        return " ".join((*(f"{line};" if _ENDS_OPEN.search(line) else line for line in before), last))

    def holds(self, sentence: str) -> bool:
        """Whether a sentence stands in it word for word, but for case and white space.

        Not where the rest of it may turn the sentence round: "it is unclear whether", "unless".
        """
        part = " ".join(sentence.casefold().split()).strip(" .")
        before, found, behind = " ".join(self.text.casefold().split()).partition(part)
        return bool(found) and not may_turn(f"{before} {behind}")


def quotes_of(passage: Passage) -> list[Quote]:
    """The sentences of a passage that can be quoted; bare headings and orders to the model cannot.

    One with another behind it that qualifies it ("However, ...") is quoted with that.
    """
    quotes: list[Quote] = []
    for start, end in stating_spans(passage.text):
        text = passage.text[start:end]
        if text in passage.headings:
            continue
        first = start
        if quotes and _QUALIFIES.match(text):
            before = quotes[-1].start - passage.start
            between = passage.text[quotes[-1].end - passage.start : start]
            if between.isspace() and "\n" not in between and end - before <= _MOST_SIGNS:
                first = before
                quotes.pop()
        quotes.append(Quote(passage, passage.text[first:end], passage.start + first, passage.start + end))
    return quotes


def goes_on(text: str) -> bool:
    """Whether a sentence may speak of what the one before it spoke of: "It costs 5 euros."."""
    return _GOES_ON.match(text) is not None


def means_what_was_said(text: str) -> bool:
    """Whether a sentence surely speaks of that; one with "This year" or "It is wise to" does not."""
    return _MEANS.match(text) is not None


def sentence_before(quote: Quote) -> Quote | None:
    """The sentence of its paragraph that stands before a quote; None at its beginning."""
    found = [one for one in quotes_of(quote.passage) if one.end <= quote.start]
    if not found:
        return None
    between = quote.passage.text[found[-1].end - quote.passage.start : quote.start - quote.passage.start]
    return found[-1] if between.isspace() and "\n" not in between else None


def with_sentence_before(quote: Quote) -> Quote:
    """A quote with the sentence of its paragraph before it, where both are short enough."""
    before = sentence_before(quote)
    if before is None or quote.end - before.start > _MOST_SIGNS:
        return quote
    passage = quote.passage
    return Quote(
        passage,
        passage.text[before.start - passage.start : quote.end - passage.start],
        before.start,
        quote.end,
    )


def without_marks(said: str) -> str:
    """What was told, without the marks that a quotation has in an answer."""
    return said.translate(_MARKS)
