"""The article's own sentence that has what a draft named, where nothing that was drafted could be proved.

A model that is sure that a passage holds the answer mostly names the right figure, in words that it then
denies itself: "12 workloads were turned down by the board" over "37 have been approved and 12 turned down".
"""

import re
from collections.abc import Iterable

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.quote import Quote
from assistant.proof.completing import tells_of
from assistant.proof.exact_terms import missing_names, missing_numbers, missing_terms, numbers_in

# Such a share of the question's words stands in the quote or above it. Of 14 answerable questions that were
# refused after a draft this answers three, two rightly, and none of four without an answer (docs/log.md).
_COVERS = 0.4
# A figure inside a name counts nothing: Qwen3Guard.
_NAMED = re.compile(r"\b[A-Za-z]+[\w.+-]*\d[\w.+-]*")
# So many words, and such a share of them, in the quote itself where a draft adds no figure and no name.
_FEWEST_WORDS, _MOST_WORDS = 4, 0.8
# What has so many figures of a draft, or all of so many words, is hardly of something else.
_MANY_FIGURES, _MANY_WORDS, _COVERS_BESIDE_MUCH = 2, 8, 0.2


def quote_of_drafted(
    drafts: Iterable[str], sentences: EvidenceSentences, *, copied: bool = False
) -> Quote | None:
    """The quote with all that a draft adds to the question, if it is of what was asked.

    That is its figures and names, and where it adds none, most of its words. Where a draft is nearly a copy,
    with several figures or many words, fewer of the question's words have to stand there too; with `copied`
    only such drafts are looked up.
    """
    asked = sentences.words(sentences.question)
    best: tuple[float, Quote] | None = None
    for draft in drafts:
        terms = missing_terms(draft, sentences.question)
        words = sentences.words(draft) - asked
        if not terms and len(words) < _FEWEST_WORDS:
            continue
        named = " ".join(f"of {term}" for term in terms)
        for candidate in sentences.stating:
            quote = candidate.quote
            if missing_numbers(named, quote.text) or missing_names(named, quote.under_its_title):
                continue
            found = len(words & candidate.words)
            if not terms and found < _MOST_WORDS * len(words):
                continue
            much = len(numbers_in(named)) >= _MANY_FIGURES if terms else found == len(words) >= _MANY_WORDS
            cover = len(asked & sentences.words(quote.under_its_title)) / max(1, len(asked))
            enough = cover >= (_COVERS_BESIDE_MUCH if much else _COVERS) and (much or not copied)
            if enough and (best is None or cover > best[0]) and _is_of_it(quote, sentences):
                best = (cover, quote)
    return best and best[1]


def has_its_figures(sentence: str, quote: Quote, sentences: EvidenceSentences) -> bool:
    """Whether a quote has all figures, one at least, that a sentence adds to the question, and is of it.

    Of the quotes of nine such sentences that the model denied seven have all that was asked for, two a half;
    it took seven of the nine for an answer.
    """
    figures = missing_numbers(_NAMED.sub(" ", sentence), sentences.question)
    asked = sentences.words(sentences.question)
    cover = len(asked & sentences.words(quote.under_its_title)) / max(1, len(asked))
    return bool(figures) and cover >= _COVERS and not missing_numbers(" ".join(figures), quote.text)


def _is_of_it(quote: Quote, sentences: EvidenceSentences) -> bool:
    """Whether its passage names all that the question does, and it tells of what was asked."""
    whole = f"{quote.under_its_title}\n{quote.passage.text}"
    return not missing_names(sentences.question, whole) and tells_of(quote, sentences.question, sentences)
