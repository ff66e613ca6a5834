"""Words that a sentence has from the question alone: so a premise comes back as if an article had said it."""

from collections.abc import Sequence

from assistant.finding.evidence_sentences import EvidenceSentences, Quote


def borrowed_words(sentence: str, quotes: Sequence[Quote], sentences: EvidenceSentences) -> frozenset[str]:
    """The stemmed words of a sentence that the question has, and neither quotes nor what is above them."""
    read = "\n".join(f"{quote.under_its_title}\n{sentences.columns_of(quote)}" for quote in quotes)
    asked = sentences.words(sentence) & sentences.words(sentences.question)
    return asked - sentences.words(read)
