"""Finds the sentence that says outright what is asked, nearly in the question's own words.

A small model may deny even that "The authority rejected a wider road because it would have cost 9 million"
answers why a wider road was rejected. Where a sentence has all names and figures and nearly all words of a
question, and what that kind of question asks for besides, no model is asked.
"""

import re
from collections.abc import Sequence

from assistant.finding.evidence_sentences import EvidenceSentences
from assistant.finding.question import asks_yes_or_no
from assistant.finding.quote import Quote, quotes_of
from assistant.proof.completing import tells_of
from assistant.proof.exact_terms import (
    missing_names,
    missing_numbers,
    missing_terms,
    numbers_in,
    stated_numbers,
)
from assistant.proof.reasons import gives_a_reason
from assistant.proof.table_cells import CELL
from index_store.passage import ScoredPassage

# Of 151 questions over three libraries 10 have such a sentence in their evidence, nine of these rightly and
# one with a part of the answer; no question without an answer has one, the next has two thirds of the words.
_COVERS = 0.8
# What an article denies of the very thing answers whatever is asked of it: "No date has been set for it".
# Of the questions of three sets and ninety others it finds five, all of them rightly.
_DENIES = re.compile(
    r"(?:\b(?:no|not|never|neither|nor|cannot)\b(?!-)|n['’]t\b)(?P<what>(?:\W+\w+){1,8})", re.I
)
# "No later than May" denies nothing.
_BOUND = re.compile(r"\W+(?:more|less|fewer|later|earlier|higher|lower|longer|only|all|every|always)\b", re.I)
# Of the words asked for, these may be missing.
_LIGHT = (
    "go get have take put do need come make give want use may can must possible allowed today now exactly "
    "much many apply hold"
)
# Fewer words than these, figures not counted, come together by chance.
_FEWEST_WORDS = 3
_MOST_ASKED = 24
_WHY = re.compile(r"\bwhy\b|\bfor what reasons?\b", re.IGNORECASE)
_COUNT = re.compile(
    r"\bhow (?:many|much|long|often|old|far|large|big|high|low|fast|late|early|soon)\b|\bwhen\b"
    r"|\b(?:which|what) (?:year|month|date|day|share|percentage|price|fee|cost|figure|number)\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"\b(?:who|whom|whose)\b", re.IGNORECASE)
# Behind which, what and how there has to be something to tell.
_NEWS = 2


def stated_outright(
    question: str, evidence: Sequence[ScoredPassage], sentences: EvidenceSentences
) -> tuple[ScoredPassage, Quote] | None:
    """The sentence of the evidence that states nearly word for word what is asked; None where none does."""
    asked = sentences.words(question)
    if len(asked) > _MOST_ASKED or sum(not word.isdigit() for word in asked) < _FEWEST_WORDS:
        return None
    best: tuple[float, ScoredPassage, Quote] | None = None
    for hit in evidence:
        for quote in quotes_of(hit.passage):
            words = sentences.words(quote.text)
            cover = len(asked & words) / len(asked)
            states = (
                cover >= _COVERS
                and not missing_terms(question, quote.under_its_title)
                and _tells_what_is_asked(question, quote.text, len(words - asked))
                and tells_of(quote, question, sentences)
            ) or _denies_it(question, asked, quote, sentences)
            if states and (best is None or cover > best[0]):
                best = cover, hit, quote
    return best and best[1:]


def _denies_it(question: str, asked: frozenset[str], quote: Quote, sentences: EvidenceSentences) -> bool:
    """Whether a quote, under its title, says no of all that is asked about.

    What it denies is not what its title speaks of anyway; a figure of the question may stand beside it.
    """
    if CELL in quote.text or _WHY.search(question):
        return False
    denied = " ".join(
        found["what"] for found in _DENIES.finditer(quote.text) if not _BOUND.match(found["what"])
    )
    if not denied:
        return False
    above = sentences.words(quote.under_its_title.removesuffix(quote.text))
    light = sentences.words(_LIGHT)
    if not (asked & sentences.words(denied)) - above - light:
        return False
    lacking = asked - sentences.words(quote.text) - above - light
    figures = sentences.words(" ".join(numbers_in(question)))
    known = not missing_terms(question, f"{quote.under_its_title} {quote.passage.text}")
    return lacking <= figures and known


def _tells_what_is_asked(question: str, text: str, news: int) -> bool:
    """Whether a text has what questions of this kind ask for: a reason, a figure, a name, or anything new."""
    if _WHY.search(question):
        return gives_a_reason(text)
    if _COUNT.search(question):
        return not stated_numbers(text) <= stated_numbers(question)
    if _WHO.search(question):
        return bool(missing_names(f"of {text}", question) or missing_numbers(text, question))
    return asks_yes_or_no(question) or news >= _NEWS
