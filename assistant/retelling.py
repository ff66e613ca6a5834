"""Tells what a quote says in words that fit the question, where that is news and can be proved."""

from assistant.composition import Composition
from assistant.events import SentenceChecked
from assistant.finding.evidence_sentences import EvidenceSentences, Quote
from assistant.proof.completing import is_news
from assistant.proof.rewording import Rewording
from assistant.proof.verification import Verifier

_MOST_INSTEAD = 2


class Retelling:
    """Writes into one answer's composition. Each retelling is a reading of its own, and takes time."""

    def __init__(
        self,
        rewording: Rewording,
        verifier: Verifier,
        sentences: EvidenceSentences,
        composition: Composition,
    ) -> None:
        self._rewording = rewording
        self._verifier = verifier
        self._sentences = sentences
        self._composition = composition
        self._told_instead: set[tuple[str, int]] = set()

    def of(self, quote: Quote, asked: str) -> SentenceChecked | None:
        """What the quote says to what was asked; None where it is no news, or cannot be proved."""
        text = self._rewording.of(quote, asked)
        if not text or not is_news(text, self._composition.said, self._sentences):
            return None
        found = self._verifier.attribute_within(self._sentences.around(quote), text)
        return self._composition.state(text, found) if found.support == "supported" else None

    def instead(self, quote: Quote, asked: str) -> SentenceChecked | None:
        """The same in the place of a draft: of a few quotes, and of each once."""
        place = (quote.passage.id, quote.start)
        if place in self._told_instead or len(self._told_instead) == _MOST_INSTEAD:
            return None
        self._told_instead.add(place)
        return self.of(quote, asked)
