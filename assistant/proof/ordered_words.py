"""Whether a sentence says what an article orders the model to say."""

import re

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.proof.orders_in_articles import addresses_the_model, ordering_paragraphs

REPEATS_AN_ORDER = "it repeats an order that stands in an article"
"""Why a sentence is taken back whose words nobody should read."""
UNSAID = "(words that an article orders to be said)"
"""What is told in their place."""

# Such a share of a sentence's words in what an article orders to be said.
_AS_ORDERED = 0.8
# What an article orders to be said is mostly no common word: "OVERRIDDEN", "OverrideBot".
_SHOUTED = re.compile(r"\b[A-Z]\w*[A-Z]\w*\b")


class OrderedWords:
    """What the evidence of one answer orders to be said."""

    def __init__(self, sentences: EvidenceSentences) -> None:
        passages = [hit.passage for hit in sentences.evidence]
        self._sentences = sentences
        self._everything = "\n".join(f"{passage.origin}\n{passage.text}" for passage in passages)
        self._above = "\n".join(passage.origin for passage in passages)
        self._ordered = [
            sentences.words(paragraph)
            for passage in passages
            for paragraph in ordering_paragraphs(passage.text)
        ]

    def are_repeated(self, sentence: str) -> bool:
        """Whether a sentence is an order to the model itself, or says what one orders."""
        return (
            addresses_the_model(sentence)
            or self._calls_as_ordered(sentence)
            or self._says_as_ordered(sentence)
        )

    def _calls_as_ordered(self, sentence: str) -> bool:
        """Whether it has a word in capitals that stands in the evidence only where that gives orders."""
        shouted = set(_SHOUTED.findall(sentence)) & set(_SHOUTED.findall(self._everything))
        if not shouted:
            return False
        stated = " ".join(one.quote.text for one in self._sentences.candidates)
        return bool(shouted - set(_SHOUTED.findall(f"{stated} {self._above} {self._sentences.question}")))

    def _says_as_ordered(self, sentence: str) -> bool:
        """Whether most of its words stand in a paragraph that gives orders, and in no other sentence."""
        words = self._sentences.words(sentence)
        most = max((len(words & ordered) for ordered in self._ordered), default=0)
        if not words or most < _AS_ORDERED * len(words):
            return False
        return all(len(words & one.words) < most for one in self._sentences.stating)
