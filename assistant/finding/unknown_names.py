"""Which names of a question no passage of its evidence knows, and which other passages know them."""

import re
from collections.abc import Sequence

from assistant.proof.exact_terms import missing_names, missing_versions
from index_store.passage import ScoredPassage

_ACTING = re.compile(r"[A-Z][a-z]+ing")
_MOST_COVERING = 2


def unknown_names(question: str, evidence: Sequence[ScoredPassage]) -> list[str]:
    """The names in the question that no passage of the evidence mentions, or what stands above it.

    Who published an article, and when, belongs to what it says. A name with a version is known only where
    both stand together.
    """
    known = "\n".join(f"{hit.passage.origin}\n{hit.passage.text}" for hit in evidence)
    # "Loading Qwen2-VL dies": what is being done has a capital only since it comes first.
    names = [name for name in missing_names(question, known) if not _ACTING.fullmatch(name)]
    versions = missing_versions(question, known)
    return [*versions, *(name for name in names if not any(name in version for version in versions))]


def covering(
    question: str, evidence: Sequence[ScoredPassage], found: Sequence[ScoredPassage]
) -> list[ScoredPassage]:
    """The first two passages found beside the evidence that know a name of the question which it does not."""
    lacking = unknown_names(question, evidence)
    shown = {hit.passage.id for hit in evidence}
    chosen: list[ScoredPassage] = []
    for hit in found:
        if not lacking or len(chosen) == _MOST_COVERING:
            break
        if hit.passage.id in shown:
            continue
        still = unknown_names(question, [*evidence, *chosen, hit])
        if len(still) < len(lacking):
            chosen.append(hit)
            lacking = still
    return chosen
