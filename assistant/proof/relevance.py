"""Tells which drafted sentences are beside the question: true, carried by their quotes, and of no use."""

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.regulated import put_as
from assistant.proof.exact_terms import missing_terms
from assistant.proof.judging import SentenceJudge

# Log odds that the sentence answers, and so many times its cosine to the question: of the sentences of 66
# answers eleven are below, none of them with a fact that no other has (docs/log.md).
_NEARNESS = 4.0
_BESIDE = -0.3
# What comes nearer is not asked about: the model hardly ever denies anything so clearly.
_NEAR = 0.35


class Relevance:
    """Judges the sentences of an answer to one question."""

    def __init__(self, question: str, sentences: EvidenceSentences, judge: SentenceJudge) -> None:
        self._question = question
        self._sentences = sentences
        self._judge = judge

    def is_beside(self, text: str) -> bool:
        """Whether a sentence is far from the question and denied to answer it. A stop tells no.

        What has a name or a figure of the question is of it.
        """
        if missing_terms(self._question, text) < missing_terms(self._question, ""):
            return False
        near = float(self._sentences.question_vector @ self._sentences.vector(text))
        if near >= _NEAR:
            return False
        margin = self._judge.answered(put_as(self._question), text)
        return margin is not None and margin + _NEARNESS * near < _BESIDE
