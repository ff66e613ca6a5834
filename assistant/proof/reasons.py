"""Finds the reason that a question asks for beside its answer: it mostly stands next to what was cited."""

import re
from collections.abc import Callable

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import Quote
from assistant.proof.completing import ANSWERS
from assistant.proof.judging import SentenceJudge

# "..., and why?" and its likes at the end of a question that asks for something else first.
_AND_WHY = re.compile(
    r"\w.*(?:[,;:.?!–—-]|\band\b|\bbut\b)\s*(?:and\s+|but\s+)?"
    r"(?:why(?: so| that)?|for (?:what|which) reasons?|on (?:what|which) (?:grounds?|basis))"
    r"(?:\s+(?:is|are|do|does|should|would|was|were)\b[^?]{0,40}|\s+not)?\s*\?*\s*$",
    re.IGNORECASE | re.DOTALL,
)
_GIVES_ONE = re.compile(
    r"\b(?:because|since|due to|owing to|thanks to|therefore|the reasons?|so that|which is why|as it)\b",
    re.IGNORECASE,
)
# Of three sentences of a handbook judged so behind "..., and why?": -.29 for the reason, -.52 and -1.69 else.
_PART = "why"


def asks_for_a_reason(question: str) -> bool:
    """Whether a question asks for something, and then why."""
    return _AND_WHY.search(question) is not None


def gives_a_reason(said: str) -> bool:
    """Whether an answer tells a reason in so many words."""
    return _GIVES_ONE.search(said) is not None


class Reasons:
    """Looks for them in one answer's evidence."""

    def __init__(self, sentences: EvidenceSentences, judge: SentenceJudge) -> None:
        self._sentences = sentences
        self._judge = judge

    def beside(self, cites: Callable[[Quote], bool], question: str) -> Quote | None:
        """The sentence next to one that the answer cites which the model takes for the reason, if any."""
        neighbours = [
            near
            for one in self._sentences.stating
            if cites(one.quote)
            for near in self._sentences.around(one.quote)
            if not cites(near)
        ]
        quotes = list({(near.passage.id, near.start): near for near in neighbours}.values())
        margins = self._judge.answering(question, quotes, part=_PART) if quotes else None
        if not margins or max(margins) < ANSWERS:
            return None
        return quotes[margins.index(max(margins))]
