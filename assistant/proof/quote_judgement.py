"""Puts the most promising sentences of the evidence to the model, each once, for each part of a question."""

from collections.abc import Sequence

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import Quote
from assistant.proof.completing import BETTER_THAN_NOTHING, JudgedQuote, says_more, tells_of
from assistant.proof.drafted_terms import has_its_figures
from assistant.proof.judging import SentenceJudge
from assistant.proof.quote_ranking import QuoteRanker, RankedQuote
from index_store.passage import ScoredPassage

# Of 41 quotations in answers, 15 of the 34 that ranked so held a fact of the right answer, 2 of the others.
_PROMISING = 4


class QuoteJudgement:
    """Judges as many as are asked for, and remembers: judging costs time, of the first word's too."""

    def __init__(
        self, sentences: EvidenceSentences, judge: SentenceJudge, question: str, parts: Sequence[str]
    ) -> None:
        self._sentences = sentences
        self._judge = judge
        self._question = question
        # The question as a whole is no part of itself.
        self._parts: Sequence[str | None] = parts if len(parts) > 1 else [None]
        self._likeliest: dict[tuple[str, int], list[tuple[int, int, RankedQuote]]] | None = None
        self._judged: dict[tuple[int, int], JudgedQuote] = {}
        self._sure: set[str] = set()

    def best(self, most: int, *, said: str = "") -> list[JudgedQuote]:
        """The `most` likeliest quotes by their rank, and any that were judged before.

        Of a question with parts it is half as many, rounded up, for each. Those not judged yet that say
        nothing beyond what is `said` are passed over. A stop ends it early.
        """
        each = most if len(self._parts) == 1 else (most + 1) // 2
        for part in range(len(self._parts)):
            self._judge_part(part, each, said)
        return [self._judged[place] for place in sorted(self._judged)]

    def passages(self, part: int) -> list[ScoredPassage]:
        """The passages of the likeliest quotes for a part, those of the likeliest first."""
        likeliest = QuoteRanker(self._sentences, self._parts[part]).best(_PROMISING)
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
        if self._likeliest is None:
            self._likeliest = {}
            for part, asked in enumerate(self._parts):
                for rank, one in enumerate(QuoteRanker(self._sentences, asked).best(_PROMISING)):
                    found = one.candidate.quote
                    self._likeliest.setdefault((found.passage.id, found.start), []).append((part, rank, one))
        # A quote may have been widened to the sentence that names its subject.
        within = [
            one
            for (id, start), ones in self._likeliest.items()
            if id == quote.passage.id and quote.start <= start < quote.end
            for one in ones
        ]
        for part, rank, one in within:
            self._judge_all(part, [(rank, one)])
            judged = self._judged.get((part, rank))
            if judged is not None and judged.margin >= BETTER_THAN_NOTHING:
                return True
        return False

    def is_sure(self, said: str) -> bool:
        """Whether an answer is but one quote that needed not be asked about, of a question in one part."""
        return said in self._sure and len(self._parts) == 1

    def _judge_part(self, part: int, most: int, said: str) -> None:
        ranked = enumerate(QuoteRanker(self._sentences, self._parts[part]).best(most))
        news = [pair for pair in ranked if says_more(pair[1].candidate, said, self._sentences)]
        self._judge_all(part, news)

    def _judge_all(self, part: int, ranked: Sequence[tuple[int, RankedQuote]]) -> None:
        wanted = [(rank, one) for rank, one in ranked if (part, rank) not in self._judged]
        if not wanted:
            return
        quotes = [one.candidate.quote for _, one in wanted]
        margins = self._judge.answering(self._question, quotes, part=self._parts[part]) or ()
        for (rank, one), margin in zip(wanted, margins, strict=False):
            self._judged[part, rank] = JudgedQuote(one, margin, part, self._parts[part] or "")
