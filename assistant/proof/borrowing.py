"""Words that a sentence has from the question alone: so a premise comes back as if an article had said it."""

import re
from collections.abc import Callable, Sequence

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import Quote

# Whoever asks uses these, whatever is asked: to have them from the question puts nothing to an article.
_OF_ASKING = (
    "would could should might need needs want wants use used using get gets make makes take takes give gives "
    "mean means like really actually please tell know think sure good many much model models thing things"
)

# With one word before both: without, "children and the elderly" may be the same in other words.
_JOINED = re.compile(
    r"\b(?P<each>every|each|all|for|of|in|with) (?P<one>[^\W\d_]\w{3,})"
    r" (?:and|or) (?P=each) (?P<other>[^\W\d_]\w{3,})",
    re.IGNORECASE,
)


def joined_from_the_question(
    sentence: str, read: str, question: str, words_of: Callable[[str], frozenset[str]]
) -> str | None:
    """What a sentence joins, from the question alone, to that which its quotes are of.

    "For every answer and every deletion", of a quote for every answer. Of 201 drafted sentences over three
    libraries none that stood does so.
    """
    told, asked = words_of(read), words_of(question)
    for pair in _JOINED.finditer(sentence):
        for known, joined in (pair.group("one", "other"), pair.group("other", "one")):
            new = words_of(joined)
            if new and words_of(known) <= told and new <= asked and told.isdisjoint(new):
                return joined
    return None


def borrowed_words(sentence: str, quotes: Sequence[Quote], sentences: EvidenceSentences) -> frozenset[str]:
    """The stemmed words of a sentence that the question has, and neither quotes nor what is above them."""
    read = "\n".join(f"{quote.under_its_title}\n{sentences.columns_of(quote)}" for quote in quotes)
    asked = sentences.words(sentence) & sentences.words(sentences.question)
    return asked - sentences.words(read) - sentences.words(_OF_ASKING)
