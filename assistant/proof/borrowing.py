"""Words that a sentence has from the question alone: so a premise comes back as if an article had said it."""

from collections.abc import Sequence

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import Quote

# Whoever asks uses these, whatever is asked: to have them from the question puts nothing to an article.
_OF_ASKING = (
    "would could should might need needs want wants use used using get gets make makes take takes give gives "
    "mean means like really actually please tell know think sure good many much model models thing things"
)


def borrowed_words(sentence: str, quotes: Sequence[Quote], sentences: EvidenceSentences) -> frozenset[str]:
    """The stemmed words of a sentence that the question has, and neither quotes nor what is above them."""
    read = "\n".join(f"{quote.under_its_title}\n{sentences.columns_of(quote)}" for quote in quotes)
    asked = sentences.words(sentence) & sentences.words(sentences.question)
    return asked - sentences.words(read) - sentences.words(_OF_ASKING)
