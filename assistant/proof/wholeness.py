"""Tells whether an answer as a whole answers what was asked: what stands may be true and beside it."""

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.regulated import put_as
from assistant.proof.completing import ANSWERS
from assistant.proof.judging import SentenceJudge

# An answer that takes up so much of a question's words is not put to the model: of 20 such answers one was
# judged not to answer, wrongly; of the 46 others 11, and 10 of these lacked a fact (docs/log.md).
_TAKEN_UP = 2 / 3
# Longer answers are read so far, in characters: judging is to cost less than writing.
_READ = 900
_QUOTATION_MARKS = str.maketrans("", "", "“”")


class Wholeness:
    """Judges the answers to one question."""

    def __init__(self, question: str, sentences: EvidenceSentences, judge: SentenceJudge) -> None:
        self._question = question
        self._sentences = sentences
        self._judge = judge
        self._judged: dict[str, bool] = {}

    def leaves_open(self, said: str) -> bool:
        """Whether the model denies that what is said answers the question. A stop leaves nothing open.

        What was judged once is remembered.
        """
        if said not in self._judged:
            self._judged[said] = self._is_open(said)
        return self._judged[said]

    def _is_open(self, said: str) -> bool:
        asked = self._sentences.words(self._question)
        taken_up = len(asked & self._sentences.words(said))
        if not asked or taken_up >= _TAKEN_UP * len(asked):
            return False
        # What is quoted alone has been judged already, without the marks that it got then.
        plain = " ".join(said.translate(_QUOTATION_MARKS).split())
        margin = self._judge.answered(put_as(self._question), plain[:_READ])
        return margin is not None and margin < ANSWERS
