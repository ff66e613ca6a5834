"""Finds where another article answers the same question and says more, or puts it otherwise."""

from collections.abc import Collection, Sequence

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import Quote, quotes_of
from assistant.proof.completing import answers_part, is_news, tells_of
from assistant.proof.judging import SentenceJudge
from index_store.passage import ScoredPassage

# Of 151 answers over three libraries four have a sentence so near, which the model takes for an answer so
# likely: all four rightly. Below are sentences on other things of the same name (docs/log.md).
_NEAR = 0.65
_AS_LIKELY = -0.15
_JUDGED = 2


class FurtherAccounts:
    """Looks through all that was found for one question."""

    def __init__(
        self, found: Sequence[ScoredPassage], sentences: EvidenceSentences, judge: SentenceJudge
    ) -> None:
        self._found = found
        self._sentences = sentences
        self._judge = judge

    def of(self, told: Sequence[str], cited: Collection[str]) -> tuple[ScoredPassage, Quote] | None:
        """The likeliest sentence beside what is told, of an article whose key is not `cited`.

        By itself it has all names and figures asked for and half of the question's words; it comes near to a
        sentence that is told, and has something that none of them has. None after a stop.
        """
        question, said = self._sentences.question, "\n".join(told)
        near = [
            (nearness, hit, quote)
            for hit in self._found
            if hit.passage.article_key not in cited
            for quote in quotes_of(hit.passage)
            if answers_part(quote.text, question, self._sentences)
            and tells_of(quote, question, self._sentences)
            and is_news(quote.text, said, self._sentences)
            and (nearness := self._nearness(quote.text, told)) >= _NEAR
        ]
        likely = sorted(near, key=lambda one: -one[0])[:_JUDGED]
        if not likely:
            return None
        margins = self._judge.answering_under_titles(question, [quote for _, _, quote in likely])
        if not margins:
            return None
        margin, (_, hit, quote) = max(zip(margins, likely, strict=True), key=lambda one: one[0])
        return (hit, quote) if margin >= _AS_LIKELY else None

    def _nearness(self, text: str, told: Sequence[str]) -> float:
        vector = self._sentences.vector(text)
        return max(float(vector @ self._sentences.vector(one)) for one in told)
