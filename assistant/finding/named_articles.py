"""Articles whose titles a question names: what is asked of them mostly stands in them.

"qwen-image parameter count?" shares only its name with the article on Qwen-Image, and that name's words are
in many others; with the title behind the question, the article's own passages come first.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from assistant.finding.narrowed import read_as
from assistant.finding.titles import names, spelled_plainly
from assistant.proof.exact_terms import missing_terms
from assistant.proof.spoken_names import distinct, spoken_names
from index_store.library import Library
from index_store.passage import ScoredPassage

# Over 46 articles and 49 questions one passage brought one more gold passage into the evidence, two brought
# two, three none and lost another one (docs/log.md).
_FEWEST = 2
# What more titles have is a field and not a thing; and each title is a search.
_MOST_TITLES = 2
_MOST_SEARCHES = 3
# Titles greet what they are about: "Introducing Qwen-Image".
_GREETING = re.compile(
    r"(?:introducing|announcing|welcome|meet|hello|getting started with|building|launching|say hello to)\s+",
    re.IGNORECASE,
)


class NamedArticles:
    """Knows the names in the titles of a library, and searches again where a question has one of them."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: tuple[Mapping[str, str], Mapping[str, frozenset[str]]] | None = None
        self._in_title: dict[str, tuple[str, ...]] = {}

    def missing_from(
        self, evidence: Sequence[ScoredPassage], question: str, limit: int
    ) -> list[ScoredPassage]:
        """The best passages of the articles named that the evidence lacks, where it has fewer than two.

        Only such as name all that the best evidence names: "Q3 2025" may stand in another firm's title.
        """
        titles = self._library.titles()
        keys = self._named_in(question, titles)
        lacking = _FEWEST - sum(hit.passage.article_key in keys for hit in evidence)
        if not keys or lacking <= 0:
            return []
        shown = {hit.passage.id for hit in evidence}
        known = missing_terms(question, read_as(evidence[0].passage)) if evidence else None
        best = [
            [
                hit
                for hit in self._library.search(f"{question} {titles[key]}", limit)
                if hit.passage.article_key == key
                and hit.passage.id not in shown
                and (known is None or missing_terms(question, read_as(hit.passage)) <= known)
            ]
            for key in sorted(keys)[:_MOST_SEARCHES]
        ]
        in_turn = [hit for turn in zip_longest(*best) for hit in turn if hit is not None]
        return in_turn[:lacking]

    def _named_in(self, question: str, titles: Mapping[str, str]) -> set[str]:
        """The articles whose names the question has; of a longer name and a part of it, the longer."""
        plain = spelled_plainly(question)
        by_name = self._names(titles)
        found = [name for name in by_name if spelled_plainly(name) in plain and names(name, question)]
        longest = [name for name in found if not any(name != other and name in other for other in found)]
        return {key for name in longest for key in by_name[name]}

    def _names(self, titles: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
        """The articles by the names in their titles that tell one thing from another."""
        if self._known is None or self._known[0] is not titles:
            by_name: dict[str, set[str]] = {}
            for key, title in titles.items():
                if title not in self._in_title:
                    self._in_title[title] = _names_in(title)
                for name in self._in_title[title]:
                    by_name.setdefault(name, set()).add(key)
            few = {name: frozenset(keys) for name, keys in by_name.items() if len(keys) <= _MOST_TITLES}
            self._known = (titles, few)
        return self._known[1]


def _names_in(title: str) -> tuple[str, ...]:
    """Names that have a figure, a hyphen or two words: others are of fields."""
    found = distinct(spoken_names(_GREETING.sub("", title, count=1), lone=True))
    return tuple(name.lower() for name in found if re.search(r"[\d\s-]", name))
