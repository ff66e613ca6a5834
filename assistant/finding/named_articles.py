"""Articles whose titles a question names: what is asked of them mostly stands in them.

"qwen-image parameter count?" shares only its name with the article on Qwen-Image, and that name's words are
in many others; with the title behind the question, the article's own passages come first.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from assistant.finding.titles import names
from assistant.proof.spoken_names import distinct, spoken_names
from index_store.library import Library
from index_store.passage import ScoredPassage

# Over 46 articles and 49 questions one passage brought one more gold passage into the evidence, two brought
# two, three none and lost another one (docs/log.md).
_FEWEST = 2
# What more titles have is a field and not a thing.
_MOST_TITLES = 2


class NamedArticles:
    """Knows the names in the titles of a library, and searches again where a question has one of them."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: tuple[Mapping[str, str], Mapping[str, frozenset[str]]] | None = None

    def missing_from(
        self, evidence: Sequence[ScoredPassage], question: str, limit: int
    ) -> list[ScoredPassage]:
        """The best passages of the articles named that the evidence lacks, where it has fewer than two."""
        titles = self._library.titles()
        keys = {key for name, ones in self._names(titles).items() if names(name, question) for key in ones}
        lacks = _FEWEST - sum(hit.passage.article_key in keys for hit in evidence)
        if not keys or lacks <= 0:
            return []
        shown = {hit.passage.id for hit in evidence}
        best = [
            [
                hit
                for hit in self._library.search(f"{question} {titles[key]}", limit)
                if hit.passage.article_key == key and hit.passage.id not in shown
            ]
            for key in sorted(keys)
        ]
        in_turn = [hit for turn in zip_longest(*best) for hit in turn if hit is not None]
        return in_turn[:lacks]

    def _names(self, titles: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
        """The articles by the names in their titles that tell one thing from another."""
        if self._known is None or self._known[0] is not titles:
            by_name: dict[str, set[str]] = {}
            for key, title in titles.items():
                for name in distinct(spoken_names(title, lone=True)):
                    if re.search(r"[\d\s-]", name):
                        by_name.setdefault(name.lower(), set()).add(key)
            few = {name: frozenset(keys) for name, keys in by_name.items() if len(keys) <= _MOST_TITLES}
            self._known = (titles, few)
        return self._known[1]
