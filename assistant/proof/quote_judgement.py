"""Puts the most promising sentences of the evidence to the model, each once, for each part of a question."""

from collections.abc import Sequence
from functools import partial

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import Quote
from assistant.proof.completing import BETTER_THAN_NOTHING, JudgedQuote, says_more, speaks_of, tells_of
from assistant.proof.drafted_terms import has_its_figures
from assistant.proof.judging import SentenceJudge
from assistant.proof.quote_ranking import QuoteRanker, RankedQuote
from index_store.passage import ScoredPassage

# Of 41 quotations in answers, 15 of the 34 that ranked so held a fact of the right answer, 2 of the others.
_PROMISING = 4
# Of so many the ones that were judged before are told again.
_LOOKED_AT = 12


class QuoteJudgement:
    """Judges as many as are asked for, and remembers: judging costs time, of the first word's too."""

    def __init__(
        self, sentences: EvidenceSentences, judge: SentenceJudge, question: str, parts: Sequence[str]
    ) -> None:
        self._sentences = sentences
        self._sentence_judge = judge
        self._question = question
        # The question as a whole is no part of itself.
        self._parts: Sequence[str | None] = parts if len(parts) > 1 else [None]
        self._margins: dict[tuple[int, str, int, int], float] = {}
        self._sure: set[str] = set()

    def best(self, most: int, *, said: str = "", drafted: Sequence[str] = ()) -> list[JudgedQuote]:
        """The `most` likeliest quotes by their rank, and any that were judged before.

        Of a question with parts it is half as many, rounded up, for each. Those not judged yet that say
        nothing beyond what is `said` are passed over. What was `drafted` and does not stand points to where
        it is from. A stop ends it early.
        """
        each = most if len(self._parts) == 1 else (most + 1) // 2
        found: list[JudgedQuote] = []
        for part in range(len(self._parts)):
            ranked = self._ranked(part, _LOOKED_AT, drafted)
            likeliest = self._quotable(ranked, said)[:each]
            self._judge(part, [one for one in likeliest if says_more(one.candidate, said, self._sentences)])
            found += (one for one in map(partial(self._judged, part), ranked) if one is not None)
        return found

    def passages(self, part: int) -> list[ScoredPassage]:
        """The passages of the likeliest quotes for a part, those of the likeliest first."""
        likeliest = self._ranked(part, _PROMISING)
        ids = dict.fromkeys(one.candidate.quote.passage.id for one in likeliest)
        hits = {hit.passage.id: hit for hit in self._sentences.evidence}
        return [hits[id] for id in ids]

    def promising(self, sentence: str, quote: Quote) -> bool:
        """Whether a quote is among the likeliest for the question or a part of it, and answers it.

        One with all figures that the sentence adds to the question, if it is of it, need not be asked about.
        """
        if not tells_of(quote, self._question, self._sentences):
            return False
        if has_its_figures(sentence, quote, self._sentences):
            self._sure.add(f"“{quote.in_line}”")
            return True
        for part in range(len(self._parts)):
            for one in self._ranked(part, _PROMISING, [sentence]):
                found = one.candidate.quote
                # A quote may have been widened to the sentence that names its subject.
                if found.passage.id == quote.passage.id and quote.start <= found.start < quote.end:
                    self._judge(part, [one])
                    judged = self._judged(part, one)
                    if judged is not None and judged.answers:
                        return True
        return False

    def answers_under_its_title(self, quote: Quote) -> bool:
        """Whether a quote answers the whole question when it is read under its title; a stop tells no.

        Of 49 quotes behind others 18 had a further fact; below this are 6, all of them without (docs/log.md).
        """
        margins = self._sentence_judge.answering_under_titles(self._question, [quote])
        return margins is not None and margins[0] >= BETTER_THAN_NOTHING

    def is_sure(self, said: str) -> bool:
        """Whether an answer is but one quote that needed not be asked about, of a question in one part."""
        return said in self._sure and len(self._parts) == 1

    def _ranked(self, part: int, most: int, drafted: Sequence[str] = ()) -> list[RankedQuote]:
        return QuoteRanker(self._sentences, self._parts[part], drafted=drafted).best(most)

    def _quotable(self, ranked: list[RankedQuote], said: str) -> list[RankedQuote]:
        """Where nothing stands, those that may stand alone: what lacks a name of the question is passed over.

        Of several parts all are asked about: what is missing is told by that.
        """
        if said or len(self._parts) > 1:
            return ranked
        asked = self._sentences.question
        return [one for one in ranked if speaks_of(one.candidate, asked, self._sentences, alone=True)]

    def _judged(self, part: int, one: RankedQuote) -> JudgedQuote | None:
        margin = self._margins.get(_place(part, one))
        return None if margin is None else JudgedQuote(one, margin, part, self._parts[part] or "")

    def _judge(self, part: int, ranked: Sequence[RankedQuote]) -> None:
        wanted = [one for one in ranked if _place(part, one) not in self._margins]
        if not wanted:
            return
        quotes = [one.candidate.quote for one in wanted]
        margins = self._sentence_judge.answering(self._question, quotes, part=self._parts[part]) or ()
        self._margins |= {_place(part, one): margin for one, margin in zip(wanted, margins, strict=False)}


def _place(part: int, one: RankedQuote) -> tuple[int, str, int, int]:
    quote = one.candidate.quote
    return part, quote.passage.id, quote.start, quote.end
