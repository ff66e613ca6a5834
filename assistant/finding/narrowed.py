"""The part of the evidence that one thing is told in: read by itself, it cannot be mixed up with the rest."""

from collections.abc import Sequence

from assistant.finding.side_by_side import AskedOfOne
from assistant.proof.exact_terms import missing_terms
from index_store.passage import Passage, ScoredPassage


def about_one(
    evidence: Sequence[ScoredPassage], one: AskedOfOne, each: Sequence[AskedOfOne]
) -> list[ScoredPassage]:
    """The passages of articles about one of several things; where there are none, those that name it.

    None of an article that is rather about another of them. All of them where nothing tells them apart.
    """
    others = [other for other in each if other is not one]
    titled = [hit for hit in evidence if _is_rather(hit.passage, one, others)]
    named = [hit for hit in evidence if not missing_terms(f"about {one.name}", read_as(hit.passage))]
    return titled or named or list(evidence)


def naming_most(evidence: Sequence[ScoredPassage], question: str, most: int) -> list[ScoredPassage]:
    """The best of the passages that have most of what the question names, figures included."""
    lacking = [len(missing_terms(question, read_as(hit.passage))) for hit in evidence]
    least = min(lacking, default=0)
    return [hit for hit, lacks in zip(evidence, lacking, strict=True) if lacks == least][:most]


def _is_rather(passage: Passage, one: AskedOfOne, others: Sequence[AskedOfOne]) -> bool:
    own = one.nearness(passage)
    return own > 0 and all(other.nearness(passage) <= own for other in others)


def read_as(passage: Passage) -> str:
    """A passage with all that stands above it."""
    return "\n".join((passage.title, *passage.headings, passage.lead, passage.text))
