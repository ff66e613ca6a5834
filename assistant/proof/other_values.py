"""Finds where another article answers the same question with another figure, however it puts it.

Two sentences need not be worded alike to disagree: "records of 2.1 million employees were stolen", "640,000
employees, the regulator says". Both have to answer what was asked, in the model's eyes, under the names that
were asked about, with figures of one kind. Where they are one sentence but for the figure the model is not
asked: whatever one of them answers, the other does.
"""

import re
from collections.abc import Sequence

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.question_parts import asking_sentence
from assistant.finding.quote import Quote, quotes_of
from assistant.finding.spread import asks_for_several
from assistant.proof.completing import BETTER_THAN_NOTHING
from assistant.proof.disagreement import Contradiction
from assistant.proof.exact_terms import missing_names, stated_numbers
from assistant.proof.judging import SentenceJudge
from index_store.passage import ScoredPassage

# So much less likely than what is cited another answer may be to answer, in log odds.
_AS_LIKELY = 0.6
# Words besides names and figures that question and both sentences have, and those that both sentences have.
_OF_QUESTION, _OF_BOTH = 2, 2
# Such a share of the longer one's words, and so many, make two sentences one but for the figure.
_ALIKE, _FEWEST_ALIKE = 0.75, 3
_JUDGED = 4
_FIGURE = re.compile(
    r"(?<![\w.,-])(?P<sign>[$€£])?(?P<figure>\d+(?:[.,]\d+)*(?:\s?[KMBTkmbt]\b|\s(?:thousand|million|billion|trillion)\b)?)"
    r"(?![\w]*:)(?:\s?(?P<percent>%|percent\b|per cent\b)|[\s-](?P<unit>[A-Za-z]{2,}))?"
)
_CLOCK = re.compile(r"(?<![\d:])(?P<time>[0-2]?\d:[0-5]\d)(?![\d:])")
# Behind a figure these say nothing of what is counted.
_NO_UNIT = frozenset(
    "a an and are as at by for from in is of on or per than that the to was were with".split()
)
_STEM = 5
_HAS_FIGURE = re.compile(r"\d")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_Values = dict[str, set[str]]


class OtherValues:
    """Looks through all that was found for one question."""

    def __init__(
        self, found: Sequence[ScoredPassage], sentences: EvidenceSentences, judge: SentenceJudge
    ) -> None:
        self._found = found
        self._sentences = sentences
        self._judge = judge

    def of(self, cited: Sequence[Quote]) -> list[tuple[Contradiction, ScoredPassage]]:
        """What contradicts what is cited, once per pair of articles, each with its passage.

        Nothing where several things were asked for, whose figures differ by right, nor after a stop.
        """
        if asks_for_several(self._sentences.question):
            return []
        ones = [(quote, values) for quote in cited if (values := _values(quote.text))]
        others = [
            (hit, quote, values)
            for hit in self._found
            for quote in quotes_of(hit.passage)
            # A row of a table says nothing without its head.
            if ones and " | " not in quote.text and (values := _values(quote.text))
        ]
        pairs = [
            (shared, one, other, hit)
            for hit, other, values in others
            for one, had in ones
            if (shared := self._speak_of_the_same(one, had, other, values))
        ]
        pairs.sort(key=lambda pair: -pair[0])
        likely = [(one, other, hit) for _, one, other, hit in pairs[:_JUDGED]]
        # Worded apart, the two have nothing in common that tells what they are of.
        about = asking_sentence(self._sentences.question)
        found: dict[frozenset[str], tuple[Contradiction, ScoredPassage]] = {}
        doubtful = [(one, other) for one, other, _ in likely if not self._are_alike(one, other)]
        answering = self._as_likely(doubtful)
        for one, other, hit in likely:
            if (one, other) not in doubtful or (one, other) in answering:
                contradiction = Contradiction(one, other, about)
                found.setdefault(contradiction.articles, (contradiction, hit))
        return list(found.values())

    def _are_alike(self, one: Quote, other: Quote) -> bool:
        """Whether they are one sentence but for the figure."""
        words, others = self._plain(one.text), self._plain(other.text)
        return len(words & others) >= max(_FEWEST_ALIKE, _ALIKE * max(len(words), len(others)))

    def _as_likely(self, pairs: Sequence[tuple[Quote, Quote]]) -> list[tuple[Quote, Quote]]:
        """The pairs of which the second answers, in the model's eyes, nearly as surely; none after a stop."""
        quotes = [quote for pair in pairs for quote in pair]
        margins = quotes and self._judge.answering_under_titles(self._sentences.question, quotes)
        if not margins:
            return []
        return [
            pair
            for pair, of_one, of_other in zip(pairs, margins[::2], margins[1::2], strict=True)
            if of_other >= max(BETTER_THAN_NOTHING, of_one - _AS_LIKELY)
        ]

    def _speak_of_the_same(self, one: Quote, values: _Values, other: Quote, others: _Values) -> int:
        """How many words they share, where they give other figures of one kind for what was asked; else 0."""
        question = self._sentences.question
        if one.passage.article_key == other.passage.article_key:
            return 0
        years, years_there = set(_YEAR.findall(one.text)), set(_YEAR.findall(other.text))
        if years and years_there and not years & years_there:
            return 0
        # Small numbers may be told in words.
        told, told_there = stated_numbers(one.text), stated_numbers(other.text)
        are_alike = self._are_alike(one, other)
        if not any(
            # Of one sentence but for a figure the others may be the same: "2,000 tokens, in passages of 200".
            (values[kind] - told_there and others[kind] - told)
            if are_alike
            else (values[kind].isdisjoint(told_there) and others[kind].isdisjoint(told))
            for kind in values.keys() & others.keys()
        ):
            return 0
        known = missing_names(question, _all_of(one))
        if set(missing_names(question, _all_of(other))) - set(known):
            return 0
        if _names_beyond(one, other) and _names_beyond(other, one):
            return 0  # each is of a thing that the other does not know
        both = self._plain(one.text) & self._plain(other.text)
        if len(both) < _OF_BOTH or len(both & self._plain(question)) < _OF_QUESTION:
            return 0
        return len(both)

    def _plain(self, text: str) -> set[str]:
        names = self._sentences.words(" ".join(missing_names(f"of {text}", "")))
        return {word for word in self._sentences.words(text) - names if not word[0].isdigit()}


def _all_of(quote: Quote) -> str:
    return f"{quote.under_its_title}\n{quote.passage.publisher or ''}"


def _names_beyond(one: Quote, other: Quote) -> bool:
    """Whether a quote, or a thing with a figure in its title, is of what the other never names."""
    if missing_names(f"of {one.text}", _all_of(other)):
        return True
    above = f"of {one.passage.title}\nof {one.passage.heading or ''}"
    return any(map(_HAS_FIGURE.search, missing_names(above, f"{_all_of(other)}\n{other.passage.text}")))


def _values(text: str) -> _Values:
    """The figures of a sentence by their kind: what is counted, a share, money, a time of the day."""
    found: _Values = {}
    for time in _CLOCK.finditer(text):
        found.setdefault("clock", set()).add(time["time"].zfill(5))
    for figure in _FIGURE.finditer(text):
        unit = (figure["unit"] or "").lower()
        kind = (
            figure["sign"] or ("%" if figure["percent"] else "") or ("" if unit in _NO_UNIT else unit[:_STEM])
        )
        if kind:
            found.setdefault(kind, set()).update(stated_numbers(figure["figure"]))
    return found
