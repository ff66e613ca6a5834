"""The article's own sentence that has what a draft named, where nothing that was drafted could be proved.

A model that is sure that a passage holds the answer mostly names the right figure, in words that it then
denies itself: "12 workloads were turned down by the board" over "37 have been approved and 12 turned down".
"""

from collections.abc import Iterable

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import Quote
from assistant.proof.completing import tells_of
from assistant.proof.exact_terms import missing_names, missing_numbers, missing_terms

# Such a share of the question's words stands in the quote or above it. Of 14 answerable questions that were
# refused after a draft this answers three, two rightly, and none of four without an answer (docs/log.md).
_COVERS = 0.4


def quote_of_drafted(drafts: Iterable[str], sentences: EvidenceSentences) -> Quote | None:
    """The quote with all figures and names that a draft adds to the question, if it is of what was asked."""
    asked = sentences.words(sentences.question)
    best: tuple[float, Quote] | None = None
    for draft in drafts:
        news = missing_terms(draft, sentences.question)
        if not news:
            continue
        named = " ".join(f"of {term}" for term in news)
        for candidate in sentences.stating:
            quote = candidate.quote
            if missing_numbers(named, quote.text) or missing_names(named, quote.under_its_title):
                continue
            cover = len(asked & sentences.words(quote.under_its_title)) / max(1, len(asked))
            if cover >= _COVERS and (best is None or cover > best[0]) and _is_of_it(quote, sentences):
                best = (cover, quote)
    return best and best[1]


def _is_of_it(quote: Quote, sentences: EvidenceSentences) -> bool:
    """Whether its passage names all that the question does, and it tells of what was asked."""
    whole = f"{quote.under_its_title}\n{quote.passage.text}"
    return not missing_names(sentences.question, whole) and tells_of(quote, sentences.question, sentences)
