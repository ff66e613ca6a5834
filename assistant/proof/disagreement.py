"""Finds where two articles give different figures for the same thing at the same time.

Flags rarely: a false alarm costs more trust than a missed one. Two sentences disagree when they say the
same words and names around one different figure in the same unit, stand in different articles, and were
published close together; a later figure that replaces an earlier one is a change.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from assistant.finding.quote import Quote
from assistant.proof.exact_terms import missing_names, stated_numbers
from index_store.iso_day import day
from index_store.lexical import LexicalEncoder

# Share of all words, figures aside, that both sentences must have (Jaccard).
_SAME_WORDS = 0.75
_FEWEST_WORDS = 5
# Beyond this many days, the later figure is taken to replace the earlier one.
_SAME_TIME_DAYS = 60
_FIGURE = re.compile(r"\d")
_FIGURE_AND_UNIT = re.compile(r"(?<![\w.])[$€£]?(\d[\d.,]*\d|\d)\s?(%|[A-Za-z]+)?")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two quotes whose figures differ, and what they speak of: the first one's words up to the figure."""

    one: Quote
    other: Quote
    about: str

    @property
    def articles(self) -> frozenset[str]:
        """The keys of the two articles."""
        return frozenset((self.one.passage.article_key, self.other.passage.article_key))

    @property
    def lead_with_dates(self) -> str:
        """What stands before the other claim, where one replaces the other."""
        above, other = self.one.passage, self.other.passage
        when = "later" if (other.published or "") > (above.published or "") else "earlier"
        source = other.publisher or other.title
        said, before = day(other.published), day(above.published)
        return f"{source} says on {said}, {when} than what is said above ({before}): "


class DisagreementFinder:
    """Compares the sentences of the evidence with each other."""

    def __init__(self, lexical: LexicalEncoder) -> None:
        self._lexical = lexical

    def find(self, quotes: Sequence[Quote], question: str) -> list[Contradiction]:
        """The contradictions that touch the question, once per pair of articles and subject."""
        asked = set(self._lexical.words(question))
        found: list[Contradiction] = []
        told: set[tuple[str, str, str]] = set()
        # A row of a table says nothing without its head, so rows are not compared.
        telling = [quote for quote in quotes if _FIGURE.search(quote.text) and " | " not in quote.text]
        for one, other in combinations(telling, 2):
            shared = self._shared_subject(one, other)
            if shared is None or len(shared & asked) < min(2, len(asked)):
                continue
            about = _about(one, other)
            first, second = sorted((one.passage.article_key, other.passage.article_key))
            key = (first, second, about)
            if key not in told:
                told.add(key)
                found.append(Contradiction(one, other, about))
        return found

    def _shared_subject(self, one: Quote, other: Quote) -> set[str] | None:
        """The words that both sentences have, when they contradict each other; else None."""
        if one.passage.article_key == other.passage.article_key or not same_time(one, other):
            return None
        first, second = self._plain_words(one.text), self._plain_words(other.text)
        both, either = first & second, first | second
        if len(both) < _FEWEST_WORDS or len(both) / len(either) < _SAME_WORDS:
            return None
        if missing_names(one.text, other.text) or missing_names(other.text, one.text):
            return None
        return both if _one_figure_differs(one.text, other.text) else None

    def _plain_words(self, text: str) -> set[str]:
        return {word for word in self._lexical.words(text) if not word[0].isdigit()}


def _one_figure_differs(one: str, other: str) -> bool:
    """Whether each has exactly one figure that the other lacks, and both are in the same unit."""
    figures, others = stated_numbers(one), stated_numbers(other)
    if len(figures - others) != 1 or len(others - figures) != 1:
        return False
    return bool(_units(one, figures - others) & _units(other, others - figures))


def _units(text: str, figures: set[str]) -> set[str]:
    """The units in which `figures` stand in `text`; "" for a bare figure."""
    return {
        (match[2] or "").lower().rstrip("s")
        for match in _FIGURE_AND_UNIT.finditer(text)
        if stated_numbers(match[0]) & figures or stated_numbers(match[1]) & figures
    }


def same_time(one: Quote, other: Quote) -> bool:
    """Whether two claims were published so close together that neither replaces the other."""
    days = [quote.passage.published for quote in (one, other)]
    if days[0] is None or days[1] is None:
        return True
    return abs((date.fromisoformat(days[0]) - date.fromisoformat(days[1])).days) <= _SAME_TIME_DAYS


def _about(one: Quote, other: Quote) -> str:
    """What two claims speak of: the first one's words up to the figure in which the second differs."""
    words, others = one.text.split(), set(other.text.split())
    kept = []
    for word in words:
        if word not in others and _FIGURE.search(word):
            break
        kept.append(word)
    return " ".join(kept).rstrip(" ,:;") or one.text
