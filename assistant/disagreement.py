"""Finds where two articles give different figures for the same thing at the same time.

Flags rarely: a false alarm costs more trust than a missed one. Two sentences disagree when they say the
same words around different figures, stand in different articles, and were published close together; a
later figure that replaces an earlier one is a change.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from assistant.attribution import Quote
from assistant.exact_terms import stated_numbers
from index_store.lexical import LexicalEncoder

# Share of all words, figures aside, that both sentences must have (Jaccard).
_SAME_WORDS = 0.75
_FEWEST_WORDS = 4
# Beyond this many days, the later figure is taken to replace the earlier one.
_SAME_TIME_DAYS = 60
_FIGURES = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two quotes whose figures differ, and the words they share, in the first one's order."""

    one: Quote
    other: Quote
    about: str


class DisagreementFinder:
    """Compares the sentences of the evidence with each other."""

    def __init__(self, lexical: LexicalEncoder) -> None:
        self._lexical = lexical

    def find(self, quotes: Sequence[Quote], question: str) -> list[Contradiction]:
        """The contradictions that touch the question, once per pair of articles and subject."""
        asked = set(self._lexical.words(question))
        found: list[Contradiction] = []
        told: set[tuple[str, str, str]] = set()
        with_figures = [quote for quote in quotes if _FIGURES.search(quote.text)]
        for one, other in combinations(with_figures, 2):
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
        if one.passage.article_key == other.passage.article_key or not _same_time(one, other):
            return None
        first, second = self._plain_words(one.text), self._plain_words(other.text)
        both, either = first & second, first | second
        if len(both) < _FEWEST_WORDS or len(both) / len(either) < _SAME_WORDS:
            return None
        figures, others = stated_numbers(one.text), stated_numbers(other.text)
        # Each side has a figure that the other lacks: one that merely says more does not contradict.
        return both if figures - others and others - figures else None

    def _plain_words(self, text: str) -> set[str]:
        return {word for word in self._lexical.words(text) if not word[0].isdigit()}


def _same_time(one: Quote, other: Quote) -> bool:
    days = [quote.passage.published for quote in (one, other)]
    if days[0] is None or days[1] is None:
        return True
    return abs((date.fromisoformat(days[0]) - date.fromisoformat(days[1])).days) <= _SAME_TIME_DAYS


def _about(one: Quote, other: Quote) -> str:
    """The words of the first sentence up to the figure in which the second differs."""
    words, others = one.text.split(), set(other.text.split())
    kept = []
    for word in words:
        if word not in others and _FIGURES.search(word):
            break
        kept.append(word)
    return " ".join(kept).rstrip(" ,:;") or one.text
