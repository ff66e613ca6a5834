"""Tells whether an answer as a whole answers what was asked: what stands may be true and beside it."""

import re
from collections.abc import Sequence

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import without_marks
from assistant.finding.regulated import put_as
from assistant.proof.completing import ANSWERS, SURE, answers_part
from assistant.proof.judging import SentenceJudge

# An answer that takes up so much of a question's words is not put to the model: of 20 such answers one was
# judged not to answer, wrongly; of the 46 others 11, and 10 of these lacked a fact (docs/log.md).
_TAKEN_UP = 2 / 3
# Of ten answers over three libraries that were judged below this eight lack a fact, of two above it none.
_A_PART = -0.6
# "Tell me about Frostwell." is answered by anything that is about it.
_ASKS = re.compile(
    r"\?|^\W*(?:what|which|who|whose|when|where|why|how|is|are|was|were|do|does|did|can|could|may|must)\b",
    re.I,
)
# What is asked for when it is a time, and what tells one: the model denies that "three to six months" does.
_ASKS_TIME = re.compile(
    r"\bhow (?:long|soon) (?:until|before|till|does|do|did|will|must|should|can|may)\b|^\W*(?:and )?when\b",
    re.IGNORECASE,
)
_TELLS_TIME = re.compile(
    r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|quarters?|years?|decades?|(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
# Longer answers are read so far, in characters: judging is to cost less than writing.
_READ = 900


class Wholeness:
    """Judges the answers to one question."""

    def __init__(self, question: str, sentences: EvidenceSentences, judge: SentenceJudge) -> None:
        self._question = question
        self._sentences = sentences
        self._judge = judge

    def leaves_open(self, said: str) -> bool:
        """Whether the model denies that what is said answers the question. A stop leaves nothing open."""
        margin = self._margin(said)
        return margin is not None and margin < ANSWERS

    def is_doubted(self, said: str) -> bool:
        """Whether it takes what is said for an answer less likely than not."""
        margin = self._margin(said)
        return margin is not None and margin < SURE

    def missing(self, said: str, parts: Sequence[str]) -> list[str]:
        """The parts of the question of which it denies that so clearly that the reader is told.

        None of them unless it denies it of the whole, nothing of what asks for no one thing, no part that has
        its names and half of its words in what is said, and of several parts no time where one is told.
        """
        if not _ASKS.search(self._question) or not self._denies(said, self._question):
            return []
        if len(parts) < 2:
            return [self._question]
        lost = [
            part
            for part in parts
            if self._denies(said, part)
            and not answers_part(said, part, self._sentences)
            and not (_ASKS_TIME.search(part) and _TELLS_TIME.search(said))
        ]
        return [self._question] if len(lost) == len(parts) else lost

    def _denies(self, said: str, question: str) -> bool:
        margin = self._margin(said, question)
        return margin is not None and margin < _A_PART

    def _margin(self, said: str, question: str | None = None) -> float | None:
        """The log odds that what is said answers; None where the model is not asked, and after a stop."""
        question = question or self._question
        asked = self._sentences.words(question)
        taken_up = len(asked & self._sentences.words(said))
        if not asked or taken_up >= _TAKEN_UP * len(asked):
            return None
        # What is quoted alone has been judged already, without the marks that it got then.
        plain = " ".join(without_marks(said).split())
        return self._judge.answered(put_as(question), plain[:_READ])
