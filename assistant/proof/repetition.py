"""Whether a sentence says again what an answer has said already."""

import re
from collections.abc import Collection

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.proof.completing import SAID
from assistant.proof.exact_terms import missing_terms
from assistant.proof.negation import is_negated

# Such a share of a sentence's words in one that stands, with the same figures and names, is a repetition.
_REPEATED = 0.9
_TWICE = 6


def says_again(text: str, said: Collection[str], sentences: EvidenceSentences) -> bool:
    """Whether one sentence that was said has all figures and names of another, and nearly all its words."""
    words = sentences.words(text)
    return bool(words) and any(
        len(words & sentences.words(one)) >= _REPEATED * len(words)
        and is_negated(text) == is_negated(one)
        and not missing_terms(text, one)
        for one in said
    )


def holds_all(more: str, text: str, sentences: EvidenceSentences) -> bool:
    """Whether one sentence has all words, figures and names of another, and denies no more and no less."""
    words = sentences.words(text)
    return (
        bool(words)
        and words <= sentences.words(more)
        and is_negated(text) == is_negated(more)
        and not missing_terms(text, more)
    )


def quotes_say(text: str, quoted: Collection[str], asked: str, sentences: EvidenceSentences) -> bool:
    """Whether a quotation says all of a sentence but what the question has said already."""
    words = sentences.words(text)
    news = words - sentences.words(asked)
    return any(
        2 * len(news & sentences.words(one)) >= len(news) > 0
        and is_negated(text) == is_negated(one)
        and not missing_terms(text, f"{one}\n{asked}")
        and len(words & sentences.words(f"{one}\n{asked}")) >= SAID * len(words)
        for one in quoted
    )


def says_itself(sentence: str) -> bool:
    """Whether a sentence says of something that it is itself: so many words of it stand there twice."""
    words = re.findall(r"\w+", sentence.casefold())
    runs = [tuple(words[at : at + _TWICE]) for at in range(len(words) - _TWICE + 1)]
    return len(set(runs)) < len(runs)
