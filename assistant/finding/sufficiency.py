"""Decides whether the evidence answers the question, before a word is written.

Small models refuse nearly everything when they are told that they may, so the decision is taken beside
the draft, from three signs: the model's own yes or no on the question whether the sources state the
answer, the names in the question that no source mentions, and, where these leave it open, the model's
yes or no to the most promising single sentences.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.proof.exact_terms import missing_names, missing_versions
from index_store.passage import ScoredPassage


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for and against an answer.

    The log odds of Yes for the evidence as a whole, how many names no source knows, and the greatest log odds
    that a single sentence answers (None: not judged). `weighing` tells that the question asks for a choice.
    """

    yes_margin: float
    unknown_names: int
    best_sentence: float | None = None
    weighing: bool = False


@dataclass(frozen=True, slots=True)
class SufficiencyWeights:
    """A logistic model of the signs: an answer is given from a probability of one half on.

    Set on 91 development questions of two libraries, 16 of them unanswerable: see docs/log.md. The bias is
    that for the best of two sentences; with four it was 1.08. Judging single sentences takes a second or two.
    It is left out where the evidence as a whole is `surely` enough and all names are known, or surely not.
    Where there is an answer, a part of the question whose best sentence is judged below `missing_below` is
    told to be missing.
    """

    bias: float = 1.3
    yes_margin: float = 1.33
    unknown_name: float = -2.1
    best_sentence: float = 2.04
    surely: float = 0.5
    surely_not: float = -1.2
    missing_below: float = -1.2

    def probability(self, signs: Signs) -> float:
        """How likely the evidence answers the question, 0 to 1."""
        if signs.best_sentence is None:
            return float(signs.yes_margin > 0)
        total = self.bias + self.yes_margin * signs.yes_margin + self.best_sentence * signs.best_sentence
        total += self.unknown_name if signs.unknown_names else 0.0
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))

    def is_unsure(self, signs: Signs) -> bool:
        """Whether a single sentence has to be judged before it can be decided.

        No sentence alone answers a question that weighs one thing against another: asked which model a bank
        should move to, "A bank should move to Gemma 4" is judged to be no answer.
        """
        if signs.unknown_names:
            return signs.yes_margin > self.surely_not
        if signs.weighing and signs.yes_margin > 0:
            return False
        return self.surely_not < signs.yes_margin < self.surely


_ACTING = re.compile(r"[A-Z][a-z]+ing")


def unknown_names(question: str, evidence: Sequence[ScoredPassage]) -> list[str]:
    """The names in the question that no passage of the evidence mentions, its title and headings included.

    A name with a version is known only where both stand together.
    """
    known = "\n".join(
        "\n".join((hit.passage.title, *hit.passage.headings, hit.passage.lead, hit.passage.text))
        for hit in evidence
    )
    # "Loading Qwen2-VL dies": what is being done has a capital only since it comes first.
    names = [name for name in missing_names(question, known) if not _ACTING.fullmatch(name)]
    versions = missing_versions(question, known)
    return [*versions, *(name for name in names if not any(name in version for version in versions))]
