"""Finds where another article says the same as a sentence that stands, so that both accounts are cited."""

import re
from collections.abc import Callable, Collection, Sequence

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import Quote, quotes_of
from assistant.proof.exact_terms import missing_terms
from assistant.proof.judging import SentenceJudge
from index_store.passage import ScoredPassage

# Seldom and rightly: with less nearness or fewer shared words come sentences on another thing (docs/log.md).
_NEAR = 0.76
_SHARED = 0.6
_FEWEST_WORDS = 5
# That the other account states the sentence has to be as sure as of what a model says in words of its own.
_STATED = 0.3
_SEARCHED, _LOOKED_AT = 12, 5
_CODE = re.compile(r"[={}<>_$]|\bimport\b|://|\bpip\b")


class SecondAccounts:
    """Looks beyond one answer's evidence, with the words of the answer."""

    def __init__(
        self,
        search: Callable[[str, int], Sequence[ScoredPassage]],
        sentences: EvidenceSentences,
        judge: SentenceJudge,
    ) -> None:
        self._search = search
        self._sentences = sentences
        self._judge = judge

    def of(self, said: str, cited: Collection[str]) -> tuple[ScoredPassage, Quote] | None:
        """The passage and its sentence; `cited` are the keys of articles that are none. None after a stop."""
        words = self._sentences.words(said)
        if len(words) < _FEWEST_WORDS or _CODE.search(said):
            return None
        others = [hit for hit in self._search(said, _SEARCHED) if hit.passage.article_key not in cited]
        near: list[tuple[float, ScoredPassage, Quote]] = []
        for hit in others[:_LOOKED_AT]:
            for quote in quotes_of(hit.passage):
                shared = len(words & self._sentences.words(quote.text))
                # "of": its first word may be a name, too.
                if shared < _SHARED * len(words) or missing_terms(f"of {said}", quote.under_its_title):
                    continue
                nearness = float(self._sentences.vector(quote.text) @ self._sentences.vector(said))
                if nearness >= _NEAR:
                    near.append((nearness, hit, quote))
        if not near:
            return None
        _, hit, quote = max(near, key=lambda one: one[0])
        margin = self._judge.stating([quote], said)
        return (hit, quote) if margin is not None and margin >= _STATED else None
