"""An answer in the making: sentences come in, are attributed, kept or taken back, and add up to an Answer."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from assistant.answer import (
    Answer,
    AnsweredSentence,
    Citation,
    Claim,
    Disagreement,
    Evidence,
    ModelName,
    NearestArticle,
    Status,
    Timings,
)
from assistant.asked import Asked
from assistant.events import SentenceChecked
from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import Quote, means_what_was_said, sentence_before, with_sentence_before
from assistant.proof.as_quoted import as_quoted
from assistant.proof.attribution import Attribution
from assistant.proof.disagreement import Contradiction
from assistant.proof.footnotes import Footnotes, in_use
from assistant.proof.repetition import quotes_say, says_again
from assistant.proof.table_cells import told_row
from assistant.taken_back import BESIDE, TOLD_WITH_MORE, TakenBack
from index_store.passage import ScoredPassage

# An article's own reference marks would be taken for this answer's.
_FOREIGN_MARKS = re.compile(r"\s?\[\d+\]")


class Composition:
    """Collects the sentences of one answer.

    `found_nothing` tells that the draft or the judging came to the end that the articles do not answer;
    `lacks` is the first drafted sentence that says so, `missing` what is told to be missing at last.
    """

    def __init__(
        self,
        asked: Asked,
        model: ModelName,
        evidence: Sequence[ScoredPassage],
        footnotes: Footnotes | None = None,
        *,
        columns_of: Callable[[Quote], str] = lambda _: "",
    ) -> None:
        """`columns_of` gives the header row that a row of a table is read under."""
        self.asked = asked
        self._columns_of = columns_of
        self._model = model
        self.evidence = evidence
        self.found_nothing = False
        self.missing: str | None = None
        self.lacks: str | None = None
        self._footnotes = footnotes or Footnotes()
        self._sentences: list[AnsweredSentence] = []
        self._quoted: set[str] = set()
        self._withdrawn = TakenBack()
        self._disagreements: list[Disagreement] = []
        self._apart: set[frozenset[str]] = set()  # articles whose claims have been set side by side

    @property
    def is_empty(self) -> bool:
        """Whether no sentence stands."""
        return not self._sentences

    @property
    def standing(self) -> int:
        """How many sentences stand."""
        return len(self._sentences)

    @property
    def said(self) -> str:
        """All that stands, as plain text."""
        return "\n".join(self.told)

    @property
    def told(self) -> list[str]:
        """The sentences that stand."""
        return [sentence.text for sentence in self._sentences]

    @property
    def articles_cited(self) -> Collection[str]:
        """The keys of all articles that a footnote leads to."""
        return self._footnotes.articles

    @property
    def taken_back(self) -> list[str]:
        """What was drafted and does not stand."""
        return [taken.text for taken in self._withdrawn.all]

    @property
    def only_quotes(self) -> bool:
        """Whether all that stands is marked as the articles' own."""
        return all(sentence.text in self._quoted for sentence in self._sentences)

    @property
    def _numbers_apart(self) -> set[int]:
        """The citations of all claims that are set side by side."""
        return {claim.citation for one in self._disagreements for claim in one.claims}

    def has_said(self, text: str, sentences: EvidenceSentences) -> bool:
        """Whether what stands, or a quotation of it with the question, says as much as a sentence."""
        return says_again(text, self.told, sentences) or quotes_say(
            text, self._quoted, self.asked.standalone, sentences
        )

    def says(self, text: str) -> bool:
        """Whether a sentence that stands is this one."""
        words = text.casefold().split()
        return any(sentence.text.casefold().split() == words for sentence in self._sentences)

    def take_back(self, text: str, why: str) -> None:
        """Keep a drafted sentence that does not stand, with the reason."""
        self._withdrawn.add(text, why)

    def tell_once(self, holds: Callable[[str, str], bool]) -> None:
        """Take back what another sentence of its kind says with more; `holds` gets the longer and the other.

        A side of a disagreement stays.
        """
        apart = self._numbers_apart
        for one in list(self._sentences):
            alike = [
                other.text
                for other in self._sentences
                if len(other.text) > len(one.text)
                and (other.text in self._quoted) is (one.text in self._quoted)
            ]
            if apart.isdisjoint(one.citations) and any(holds(text, one.text) for text in alike):
                self._sentences.remove(one)
                self._withdrawn.add(one.text, TOLD_WITH_MORE)

    def quote(self, quote: Quote, *, lead: str = "") -> SentenceChecked:
        """Add an article's own sentence, marked as a quotation; of a table's row what its columns say.

        One that means what the sentence before it is of is quoted with that, unless that was told last.
        """
        if not lead and means_what_was_said(quote.text) and not self._was_told_last(quote):
            quote = with_sentence_before(quote)
        row = told_row(quote.text, self._columns_of(quote))
        words = _FOREIGN_MARKS.sub("", row or quote.in_line)
        return self.tell(lead + (words if row else f"“{words}”"), [quote])

    def _was_told_last(self, quote: Quote) -> bool:
        """Whether the last sentence that stands rests on what the article says right before a quote."""
        before = sentence_before(quote)
        last = self._sentences[-1].citations if self._sentences else ()
        return before is not None and any(number in last for number in self._footnotes.numbers(before))

    def tell(self, text: str, quotes: Sequence[Quote]) -> SentenceChecked:
        """Add what the articles say in so many words: nobody need be asked about it."""
        self._quoted.add(text)
        return self._keep(text, quotes, AnsweredSentence(text, (), "supported", 1.0))

    def state(self, text: str, found: Attribution) -> SentenceChecked:
        """Add a sentence that was attributed, as its quotes have it."""
        told = as_quoted(text, found.quotes)
        return self._keep(told, found.quotes, AnsweredSentence(told, (), found.support, found.score))

    def cites(self, quote: Quote) -> bool:
        """Whether a sentence that stands rests on this quote."""
        return self._footnotes.knows(quote)

    def also_cite(self, find: Callable[[str, Collection[str]], tuple[ScoredPassage, Quote] | None]) -> None:
        """Cite a further article for own words; `find` gets the sentence and the keys of all cited so far."""
        for place, stands in enumerate(self._sentences):
            if stands.support != "supported" or stands.text in self._quoted:
                continue
            found = find(stands.text, self._footnotes.articles)
            if found is not None:
                hit, quote = found
                number = self._footnotes.cite(quote).number
                self._sentences[place] = replace(stands, citations=(*stands.citations, number))
                self.show(hit)

    def show(self, hit: ScoredPassage) -> None:
        """Count a passage among the evidence."""
        if all(shown.passage.id != hit.passage.id for shown in self.evidence):
            self.evidence = [*self.evidence, hit]

    def keep_to_the_question(self, beside: Callable[[Sequence[str]], Collection[str]]) -> None:
        """Take back what `beside` finds in all that is told, unless it is one side of a disagreement."""
        apart = self._numbers_apart
        for text in beside(self.told):
            if all(apart.isdisjoint(one.citations) for one in self._sentences if one.text == text):
                self._sentences = [one for one in self._sentences if one.text != text]
                self._withdrawn.add(text, BESIDE)

    def tell_change(self, change: Contradiction) -> SentenceChecked:
        """Add what another article says at another time, with both dates."""
        return self.quote(change.other, lead=change.lead_with_dates)

    def disagree(self, contradiction: Contradiction) -> list[SentenceChecked]:
        """Set two claims side by side; a claim that no sentence has cited yet is quoted in the text too."""
        added = []
        claims = []
        for quote in (contradiction.one, contradiction.other):
            known = len(self._footnotes.all())
            citation = self._footnotes.cite(quote)
            if citation.number > known:
                source = quote.passage.publisher or quote.passage.title
                added.append(self.quote(quote, lead=f"{source} says: "))
            claims.append(Claim(quote.text, citation.number))
        self._disagreements.append(Disagreement(contradiction.about, tuple(claims)))
        self._apart.add(contradiction.articles)
        return added

    def has_set_apart(self, contradiction: Contradiction) -> bool:
        """Whether a claim of one of these articles has been set beside one of the other."""
        return contradiction.articles in self._apart

    def answer(self, timings: Timings) -> Answer:
        """What stands now, as an answer."""
        return self._build("partly" if self.missing else "answered", timings, ())

    def not_in_library(self, nearest: tuple[NearestArticle, ...], timings: Timings) -> Answer:
        """The reply when the articles do not answer: no prose, but the nearest articles."""
        return self._build("not_in_library", timings, nearest)

    def _keep(self, text: str, quotes: Sequence[Quote], sentence: AnsweredSentence) -> SentenceChecked:
        cited: tuple[Citation, ...] = tuple(self._footnotes.cite(quote) for quote in quotes)
        kept = replace(sentence, citations=tuple(citation.number for citation in cited))
        self._sentences.append(kept)
        self._withdrawn.forget(text)
        return SentenceChecked(kept, cited)

    def _build(self, status: Status, timings: Timings, nearest: tuple[NearestArticle, ...]) -> Answer:
        sentences, citations, disagreements = in_use(
            self._sentences, self._footnotes.all(), self._disagreements
        )
        return Answer(
            question=self.asked.question,
            standalone_question=self.asked.standalone,
            status=status,
            text=" ".join(map(_marked, sentences)),
            model=self._model,
            sentences=sentences,
            withdrawn=self._withdrawn.all,
            missing=self.missing if status == "partly" else None,
            citations=citations,
            evidence=tuple(
                Evidence(hit.passage.article, hit.passage.text, round(hit.score, 4)) for hit in self.evidence
            ),
            disagreements=disagreements,
            nearest=nearest,
            timings=timings,
        )


def _marked(sentence: AnsweredSentence) -> str:
    return f"{sentence.text} {''.join(f'[{number}]' for number in sentence.citations)}".rstrip()
