"""Whether one place of the articles says all that a sentence names, so that its footnote can show it.

A small model joins a name from one sentence with a figure from another; each of them stands somewhere, and
only who reads both sees that nobody said so.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from assistant.finding.choosing import asks_for_a_choice
from assistant.finding.evidence_sentences import Candidate, EvidenceSentences
from assistant.finding.quote import Quote
from assistant.finding.side_by_side import asked_of_each
from assistant.finding.titles import begins_a_name, titled
from assistant.proof.exact_terms import missing_names, missing_terms
from assistant.proof.spoken_names import distinct, spoken_names
from index_store.passage import Passage

# Two things set against each other may each be said in a place of its own.
_SIDES = re.compile(r";|,?\s\b(?:while|whereas|but|and)\b|,\s(?:with|then)\b")
# "Heron 3", but not "May 2025".
_VERSION = re.compile(r"\b[A-Z][A-Za-z]+[\s-]?v?\d(?!\d{3})")
_ACTS = re.compile(r"\b(?:did|does|do|has|had|have|was|were|is|can|could|will|would)\s+$", re.IGNORECASE)
# What is shorter is an item of a list.
_FEWEST_WORDS = 4
# As long as a person reads in a footnote at a glance.
_MOST_SIGNS = 500


class OnePlace:
    """Finds the place for a sentence among the quotes that come near it."""

    def __init__(self, sentences: EvidenceSentences, everything: str) -> None:
        """`everything` is all that the sources say: what stands nowhere is not looked for."""
        self._sentences = sentences
        self._everything = everything
        self._subject = _subject(sentences)

    def other_subject(self, quotes: Sequence[Quote]) -> str | None:
        """The one thing that the question is about, if a quote is of an article about another of its kind."""
        name = self._subject
        if name is None or not any(self._is_of_another(name, quote.passage) for quote in quotes):
            return None
        return name

    def _is_of_another(self, name: str, passage: Passage) -> bool:
        """Whether nothing shown of an article has the name, and its title another version.

        Of the same kind, where the name has a version; of any, where it is an acronym. Of somebody who is
        asked about, nothing is told by an article that never names him.
        """
        kind = re.match(r"[^\W\d_]+", name)
        if not _is_thing(name):
            return not begins_a_name(name, self._shown_of(passage))
        if not _has_figure(name):
            another = _VERSION.search(passage.title)
        elif kind is not None:
            another = re.search(rf"\b{kind.group()}[\s-]?v?\d", passage.title, re.IGNORECASE)
        else:
            another = None
        if another is None:
            return False
        return not begins_a_name(name, self._shown_of(passage))

    def _shown_of(self, passage: Passage) -> str:
        """All that is shown of a passage's article."""
        lines = [passage.title]
        for hit in self._sentences.evidence:
            if hit.passage.article_key == passage.article_key:
                lines += [*hit.passage.headings, hit.passage.lead, hit.passage.text]
        return "\n".join(lines)

    def quotes(self, sentence: str, near: Sequence[Candidate]) -> tuple[Quote, ...] | None:
        """The quotes to show: of one place, or one for each side of a contrast; None where there is none.

        A quote that lacks a name is widened back to the sentence of its paragraph that has it.
        """
        place = self._place(sentence, near)
        if place:
            also = [
                one.quote for one in near if one.quote.passage.article_key == place[0].passage.article_key
            ]
            return (*place, *(quote for quote in also if not any(_within(quote, one) for one in place)))
        found: list[Quote] = []
        names = ""
        for side in _sides(sentence):
            # What has no name of its own speaks of what the side before it named.
            own = " ".join(missing_names(f"of {side}", ""))
            names = own or names
            place = self._place(side if own else f"{names} {side}", near)
            if not place:
                return None
            found += [one for one in place if not any(_within(one, quote) for quote in found)]
        return tuple(found) if len(found) > 1 else None

    def _place(self, text: str, near: Sequence[Candidate]) -> tuple[Quote, ...]:
        """One quote, or a row of a table and the sentence beside the table that says what it is of."""
        asked = missing_terms(text, "") - missing_terms(text, self._everything)
        for candidate in near:
            if not self._lacks(asked, text, candidate.quote):
                return (candidate.quote,)
        for candidate in near:
            for wider in _widened(candidate.quote):
                if not self._lacks(asked, text, wider):
                    return (wider,)
        for candidate in near:
            for beside in self._sentences.prose_beside(candidate):
                if not self._lacks(asked, text, candidate.quote) & self._lacks(asked, text, beside.quote):
                    return (candidate.quote, beside.quote)
        return ()

    def _lacks(self, asked: set[str], text: str, quote: Quote) -> set[str]:
        passage = quote.passage
        above = (passage.publisher or "", passage.published or "", self._sentences.columns_of(quote))
        return asked & missing_terms(text, "\n".join((quote.under_its_title, *above)))


def _subject(sentences: EvidenceSentences) -> str | None:
    """The only name in the question, if it has a version and an article has it for its title."""
    question = sentences.question
    names = distinct(spoken_names(question))
    if len(names) != 1 or asks_for_a_choice(question) or asked_of_each(question):
        return None
    name = names[0]
    # "Google" may stand for what it makes, unless it is asked what Google did.
    is_meant = _is_thing(name) or _ACTS.search(question.partition(name)[0]) is not None
    return name if is_meant and any(titled(name, hit.passage) for hit in sentences.evidence) else None


def _is_thing(name: str) -> bool:
    """A thing has a figure in its name, or capitals: OFA, QVQ-Max."""
    return _has_figure(name) or (" " not in name and sum(map(str.isupper, name)) > 1)


def _has_figure(name: str) -> bool:
    return any(sign.isdigit() for sign in name)


def _widened(quote: Quote) -> Iterator[Quote]:
    """The quote with more and more of its paragraph before it, then with what follows too."""
    passage = quote.passage
    start, end = quote.start - passage.start, quote.end - passage.start
    first = passage.text.rfind("\n", 0, start) + 1
    line_end = passage.text.find("\n", end)
    last = len(passage.text) if line_end < 0 else line_end
    starts = [first + found.end() for found in re.finditer(r"[.!?…]\s+", passage.text[first:start])]
    for begin in [*reversed(starts), first]:
        if begin < start and end - begin <= _MOST_SIGNS:
            yield _part(quote, begin, end)
    for found in islice(re.finditer(r"[.!?…](?:\s|$)", passage.text[end:last]), 2):
        stop = end + found.start() + 1
        if stop - start <= _MOST_SIGNS:
            yield _part(quote, start, stop)


def _part(quote: Quote, start: int, end: int) -> Quote:
    passage = quote.passage
    return Quote(passage, passage.text[start:end], passage.start + start, passage.start + end)


def _within(one: Quote, other: Quote) -> bool:
    return one.passage.id == other.passage.id and other.start <= one.start and one.end <= other.end


def _sides(sentence: str) -> list[str]:
    """The clauses that set things against each other; the whole, where one of them is too short for that."""
    sides = [side for side in _SIDES.split(sentence) if side.strip()]
    return sides if all(len(side.split()) >= _FEWEST_WORDS for side in sides) else [sentence]
