"""Finds, for each written sentence, the sentences of the articles that carry it, and says how well.

The model is never asked for its sources: it was shown a handful of passages, and the program looks up
which of their sentences say what it wrote.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answer import Support
from assistant.finding.evidence_sentences import Candidate, EvidenceSentences
from assistant.finding.quote import Quote
from assistant.proof.appended import appends
from assistant.proof.bounds import is_bounded
from assistant.proof.conditions import loses_the_case
from assistant.proof.contrast import moves_a_without, takes_from_both_sides
from assistant.proof.exact_terms import (
    missing_names,
    missing_numbers,
    missing_terms,
    other_versions,
    replaced_numbers,
)
from assistant.proof.one_place import OnePlace
from assistant.proof.ordered_words import REPEATS_AN_ORDER, OrderedWords
from assistant.proof.said_otherwise import TELLS_NOTHING_OF_IT, said_otherwise
from assistant.proof.sections import stands_under_another
from assistant.proof.superlatives import can_be_the_most
from assistant.proof.table_rows import TableRows
from index_store.passage import Passage

# Where a sentence stands between nothing in common (0) and the article's own words (1). Chosen by reading
# the drafts of the shipped questions against their quotes; see docs/log.md.
SUPPORTED = 0.60
WEAK = 0.45
_MOST_QUOTES = 3
# A further quote must add at least this share of the sentence's words that no earlier one has.
_WORTH_ADDING = 0.18
# So many other sentences are looked at, one by one, where the model denies that the first ones say it.
_MOST_OTHERS = 2
# Such a share of a sentence's words, names aside, has to stand in what is quoted; of so few words none need.
_TOLD = 0.5
_FEWEST_WORDS = 4
_ENDED = re.compile(r"[.!?。！？…][\"'”’»)\]]*\s*$")
# A sentence may set articles side by side; each of its clauses should then be of one article.
_CLAUSE_END = re.compile(r"[,;](?!\d)|\b(?:and|or|but|while|whereas|than)\b")


@dataclass(frozen=True, slots=True)
class Attribution:
    """The quotes that carry a sentence, best first, how well (0 to 1), and why not, if they do not.

    `instead` is what an article says where the sentence comes near it and goes wrong; `contrary`, it says the
    opposite, so that no shorter version of the sentence would be right either. `proved`, no model need be
    asked.
    """

    quotes: tuple[Quote, ...]
    support: Support
    score: float
    why: str | None = None
    instead: Quote | None = None
    contrary: bool = False
    proved: bool = False


class Attributor:
    """Attributes sentences to one answer's evidence."""

    def __init__(self, sentences: EvidenceSentences) -> None:
        self._sentences = sentences
        self._question = sentences.question
        self._everything = "\n".join(_whole(hit.passage) for hit in sentences.evidence)
        self._one_place = OnePlace(sentences, self._everything)
        self._rows = TableRows(sentences)
        self._above = "\n".join(hit.passage.origin for hit in sentences.evidence)
        self._orders = OrderedWords(sentences)

    def attribute(self, sentence: str) -> Attribution:
        """What carries `sentence`. A figure or a name that is in no source is never let pass."""
        if self._orders.are_repeated(sentence):
            return Attribution((), "unsupported", 0.0, REPEATS_AN_ORDER)
        wrong = self._wrong_terms(sentence)
        if wrong is not None:
            return Attribution((), "unsupported", 0.0, wrong)
        words = self._sentences.words(sentence)
        if not self._sentences.stating or not words:
            return Attribution((), "unsupported", 0.0, "nothing in it can be looked up")
        return self._carried(sentence, words)

    def by_others(self, sentence: str, but: Collection[Quote]) -> Iterator[Attribution]:
        """What else might carry `sentence`: single quotes that are not in `but`, the nearest first.

        Each has all of its figures and names, with what it is read under and the question.
        """
        words, vector = self._sentences.words(sentence), self._sentences.vector(sentence)
        taken = {quote.text for quote in but}
        others = [
            one
            for one in self._sentences.stating
            if one.quote.text not in taken
            and not missing_terms(f"of {sentence}", f"{one.quote.under_its_title}\n{self._question}")
        ]
        others.sort(key=lambda one: -self._score(words, vector, [one]))
        for one in others[:_MOST_OTHERS]:
            found = self._carried_by(sentence, words, vector, [one])
            if found.support != "unsupported":
                yield found

    def _carried(self, sentence: str, words: frozenset[str]) -> Attribution:
        vector = self._sentences.vector(sentence)
        return self._carried_by(sentence, words, vector, self._choose(words, vector))

    def _carried_by(
        self, sentence: str, words: frozenset[str], vector: np.ndarray, chosen: list[Candidate]
    ) -> Attribution:
        score = self._score(words, vector, chosen)
        support = support_for(score)
        if support == "unsupported":
            return Attribution((), support, score, "no passage found says this")
        near = "\n".join(_whole(one.quote.passage) for one in chosen)
        elsewhere = set(missing_names(sentence, self._everything))
        strangers = [name for name in missing_names(sentence, near) if name not in elsewhere]
        if strangers:
            # Other passages speak of the thing it is about, those that carry its words do not: a swapped
            # subject. (A name that only the question has cannot be mixed up that way.)
            return Attribution(
                (), "unsupported", score, f"the passages that come near do not name {strangers[0]}"
            )
        for one in chosen:
            if takes_from_both_sides(sentence, one.quote.text) or moves_a_without(sentence, one.quote.text):
                why = "the passage says it of the one and not of the other"
                return Attribution((), "unsupported", score, why, instead=one.quote, contrary=True)
        row = self._sentences.row_asked_about(chosen[0], self._question)
        if row is not None:
            why = "another row of the table tells of what was asked about"
            return Attribution((), "unsupported", score, why, instead=row.quote)
        text = " ".join(candidate.quote.text for candidate in chosen)
        replaced = [
            pair
            for pair in replaced_numbers(sentence, text)
            if missing_numbers(pair[0], self._everything) and not is_bounded(pair[1], text)
        ]
        if replaced:
            # The case is the question's, what is said of it is another's.
            asked, told = replaced[0]
            return Attribution((), "unsupported", score, f"the passages speak of {told}, not of {asked}")
        missing = missing_numbers(sentence, f"{text} {self._question}")
        if missing:
            spoken_of = {candidate.quote.passage.article_key for candidate in chosen}
            chosen = self._with_numbers(sentence, chosen)
            text = " ".join(candidate.quote.text for candidate in chosen)
            # A figure that only another article has may well be another thing's.
            borrowed = any(one.quote.passage.article_key not in spoken_of for one in chosen)
            if borrowed or missing_numbers(sentence, f"{text} {self._question}"):
                support = "weak"
        quotes = self._one_place.quotes(sentence, chosen)
        if quotes is None or self._mixes_articles(sentence, chosen):
            # All of 9 mixed sentences were wrong, and none of 182 true claims is one; of 74 sentences that
            # were read all 6 that no one place carries were wrong (docs/log.md).
            why = "no one place of the articles says all of this"
            return Attribution((), "unsupported", score, why, instead=chosen[0].quote)
        wrong = self._wrong_of_its_place(sentence, quotes)
        beyond = self._goes_beyond(sentence, words, quotes) if wrong is None else None
        if beyond is not None:
            return Attribution((), "unsupported", score, beyond, instead=chosen[0].quote)
        if wrong is not None:
            quote = chosen[0].quote
            answers = wrong not in TELLS_NOTHING_OF_IT and can_be_the_most(
                quote, self._question, self._sentences
            )
            instead = quote if answers else None
            return Attribution((), "unsupported", score, wrong, instead=instead, contrary=True)
        other = self._of_another(quotes)
        if other is not None:
            return Attribution((), "unsupported", score, other, contrary=True)
        proved = self._rows.prove(sentence, quotes)
        return Attribution(quotes, "supported" if proved else support, score, proved=proved)

    def _of_another(self, quotes: Sequence[Quote]) -> str | None:
        """What tells that the quotes speak of another thing than was asked about."""
        other = self._one_place.other_subject(quotes)
        if other is not None:
            return f"an article is about {other}, and this rests on another"
        shown = [hit.passage for hit in self._sentences.evidence]
        section = stands_under_another(self._question, quotes, shown)
        return section and f"the article has a section on {section}, and this stands in another"

    def _goes_beyond(self, sentence: str, words: frozenset[str], quotes: Sequence[Quote]) -> str | None:
        """What tells that the quotes, with what they are read under, say less than the sentence.

        Titles and the question lend their words to much that no passage says: of 74 sentences that were read
        the words that are no names take back 5, all wrong, and of 240 true claims 10.
        """
        read = "\n".join(map(self._read_with, quotes))
        own = words - self._sentences.words(" ".join(missing_names(f"of {sentence}", "")))
        told = own & self._sentences.words(read)
        if len(own) >= _FEWEST_WORDS and len(told) < _TOLD * len(own):
            return "the passages that come near say too little of this"
        if appends(sentence, f"{self._above}\n{read}", self._sentences.words):
            return "the passages that come near say nothing of its end"
        return None

    def _read_with(self, quote: Quote) -> str:
        """A quote with its table's header; what is no sentence says nothing without its heading either."""
        heading = () if _ENDED.search(quote.text) else quote.passage.headings[-1:]
        return "\n".join((quote.text, self._sentences.columns_of(quote), *heading))

    def _wrong_of_its_place(self, sentence: str, quotes: Sequence[Quote]) -> str | None:
        """What speaks against a sentence that a place has all names of; nothing against the article's own."""
        if loses_the_case(sentence, quotes[0].text, self._question):
            return "the passage says so of one case alone"
        if any(quote.holds(sentence) for quote in quotes):
            return None
        row = self._rows.wrong(sentence, quotes)
        return row or said_otherwise(sentence, quotes, self._question, self._sentences.words)

    def _wrong_terms(self, sentence: str) -> str | None:
        known = f"{self._everything}\n{self._question}"
        numbers = missing_numbers(sentence, known)
        if numbers:
            return f"the figure {numbers[0]} stands in no passage found"
        names = missing_names(sentence, known)
        if names:
            return f"the name {names[0]} stands in no passage found"
        versions = other_versions(sentence, known)
        if versions:
            return f"the passages found speak of other versions, not of {versions[0]}"
        return None

    def _mixes_articles(self, sentence: str, chosen: Sequence[Candidate]) -> bool:
        """Whether a clause has its subject from one article and what is said of it from another."""
        texts: dict[str, str] = {}
        for candidate in chosen:
            passage = candidate.quote.passage
            texts[passage.article_key] = f"{texts.get(passage.article_key, '')}\n{_whole(passage)}"
        if len(texts) < 2:
            return False
        for clause in _CLAUSE_END.split(sentence):
            nowhere = missing_terms(clause, self._everything)
            if all(missing_terms(clause, text) - nowhere for text in texts.values()):
                return True
        return False

    def _choose(self, words: frozenset[str], vector: np.ndarray) -> list[Candidate]:
        ranked = sorted(self._sentences.stating, key=lambda one: -self._score(words, vector, [one]))
        chosen = [ranked[0]]
        for candidate in ranked[1:12]:
            if len(chosen) == _MOST_QUOTES:
                break
            uncovered = words - frozenset().union(*(self._known_by(one) for one in chosen))
            added = len(uncovered & candidate.words) / len(words)
            if added >= _WORTH_ADDING and float(candidate.vector @ vector) > 0.3:
                chosen.append(candidate)
        return chosen

    def _with_numbers(self, sentence: str, chosen: list[Candidate]) -> list[Candidate]:
        """Adds, for figures that the chosen quotes lack, the quotes that have them."""
        result = list(chosen)
        for candidate in self._sentences.stating:
            text = " ".join(one.quote.text for one in result)
            before = missing_numbers(sentence, f"{text} {self._question}")
            if not before or len(result) == _MOST_QUOTES:
                break
            after = missing_numbers(sentence, f"{text} {candidate.quote.text} {self._question}")
            if len(after) < len(before):
                result.append(candidate)
        return result

    def _known_by(self, candidate: Candidate) -> frozenset[str]:
        return candidate.words | self._sentences.context(candidate)

    def _score(self, words: frozenset[str], vector: np.ndarray, chosen: Sequence[Candidate]) -> float:
        """Half the share of the sentence's words that the quotes have, half the nearness in meaning."""
        known = frozenset().union(*(self._known_by(one) for one in chosen))
        cover = len(words & known) / len(words) if words else 0.0
        near = max(float(one.vector @ vector) for one in chosen)
        return round(0.5 * cover + 0.5 * max(0.0, near), 4)


def _whole(passage: Passage) -> str:
    """All that a passage is read with: what it is from, where it stands, and its words."""
    return f"{passage.origin}\n{passage.text}"


def support_for(score: float) -> Support:
    """The word for a score."""
    if score >= SUPPORTED:
        return "supported"
    return "weak" if score >= WEAK else "unsupported"
