"""Tells which sentences of an answer are beside the question: true, proved by their quotes, and of no use."""

from collections.abc import Sequence

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import without_marks
from assistant.finding.regulated import put_as
from assistant.proof.exact_terms import missing_terms
from assistant.proof.judging import SentenceJudge

# A sentence is worth the log odds that it answers and so many times its cosine to the question.
_NEARNESS = 4.0
# Of the 72 sentences in answers of several, over 66 questions, eight are below, none with a fact that no
# other has; of ten such in far words eight have none, and two stand beside nothing better (docs/log.md).
_BESIDE, _BETTER = -0.6, 1.0
# What comes nearer is not asked about: the model hardly ever denies anything so clearly.
_NEAR = 0.35


class Relevance:
    """Judges the sentences of an answer to one question."""

    def __init__(self, question: str, sentences: EvidenceSentences, judge: SentenceJudge) -> None:
        self._question = question
        self._sentences = sentences
        self._judge = judge

    def beside(self, told: Sequence[str]) -> list[str]:
        """The sentences that are far from the question and denied to answer it, beside one that answers.

        What has a name or a figure of the question is of it; a quotation was chosen for what it says. None
        where nothing told is better, or after a stop.
        """
        near = {text: self._nearness(text) for text in told}
        far = [
            text
            for text in told
            if near[text] < _NEAR and not (text.startswith("“") or self._names_what_was_asked(text))
        ]
        if not far or len(far) == len(told):
            return []
        low = [text for text, worth in self._worth(far, near) if worth < _BESIDE]
        best = max(told, key=lambda text: near[text])
        return low if low and all(worth >= _BETTER for _, worth in self._worth([best], near)) else []

    def _nearness(self, text: str) -> float:
        return float(self._sentences.question_vector @ self._sentences.vector(without_marks(text)))

    def _names_what_was_asked(self, text: str) -> bool:
        return missing_terms(self._question, text) < missing_terms(self._question, "")

    def _worth(self, texts: Sequence[str], near: dict[str, float]) -> list[tuple[str, float]]:
        plain = [without_marks(text) for text in texts]
        margins = self._judge.each_answered(put_as(self._question), plain)
        # After a stop nothing is worth less than anything else.
        worth = margins if margins is not None else [0.0] * len(texts)
        return [(text, margin + _NEARNESS * near[text]) for text, margin in zip(texts, worth, strict=True)]
