"""Chooses the passages that the model will read: few, different, and within a budget of tokens."""

from collections.abc import Callable, Sequence

from assistant.finding.dates_asked import asked_date, in_order_of_date
from assistant.finding.spread import asks_for_several
from assistant.proof.exact_terms import stated_numbers
from index_store.passage import Passage, ScoredPassage

# Passages that share this much of their words (Jaccard) say the same: reprints, repeated key points.
# Unless one has a figure of its own: then it says more, or contradicts, which must not be hidden.
_SAME_WORDS = 0.7


# The most of the budget that one article may take when the question asks for several things.
_SHARE = 0.6


class EvidenceChooser:
    """Takes the best candidates until `budget` tokens are used; repetitions are left out."""

    def __init__(self, *, budget: int, most: int, count_tokens: Callable[[str], int]) -> None:
        self._budget = budget
        self._most = most
        self._count_tokens = count_tokens

    def choose(self, candidates: Sequence[ScoredPassage], *, question: str = "") -> list[ScoredPassage]:
        """The chosen candidates, best first; the first always fits, however long it is.

        A `question` that asks for now, or as of a day, leans the order to that date; one that asks for
        several things leaves room for more than one article, if more were found.
        """
        ordered = in_order_of_date(asked_date(question), candidates)
        if not asks_for_several(question):
            return self._within(ordered, self._budget)
        spread = self._within(ordered, int(self._budget * _SHARE))
        # Those that had to wait for other articles fill what room is left.
        waiting = [hit for hit in ordered if hit not in spread]
        chosen = self._within([*spread, *waiting], self._budget)
        return [hit for hit in ordered if hit in chosen]

    def choose_for_each(
        self, each: Sequence[Sequence[ScoredPassage]], candidates: Sequence[ScoredPassage]
    ) -> list[ScoredPassage]:
        """The best found for each of several things first, then the best of `candidates` for all.

        Of two things the two best; of more there would be no room for the rest.
        """
        share = self._budget // max(1, len(each))
        turns = 2 if len(each) == 2 else 1
        first = [
            hit
            for turn in range(turns)
            for found in each
            for hit in self._within(found[turn : turn + 1], share)
        ]
        ids = {hit.passage.id for hit in first}
        return self._within([*first, *(hit for hit in candidates if hit.passage.id not in ids)], self._budget)

    def _within(self, candidates: Sequence[ScoredPassage], share: int) -> list[ScoredPassage]:
        """The best that fit into the budget, none of the articles with more than `share` tokens."""
        chosen: list[ScoredPassage] = []
        said: list[tuple[set[str], set[str]]] = []
        used: dict[str, int] = {}
        for candidate in candidates:
            if len(chosen) == self._most:
                break
            words = set(candidate.passage.text.lower().split())
            figures = stated_numbers(candidate.passage.text)
            if any(_alike(words, others) and figures <= known for others, known in said):
                continue
            cost = self._count_tokens(source_text(candidate.passage))
            article = candidate.passage.article_key
            taken = used.get(article, 0) + cost
            if chosen and (sum(used.values()) + cost > self._budget or taken > share):
                continue
            chosen.append(candidate)
            said.append((words, figures))
            used[article] = taken
        return chosen


def source_text(passage: Passage) -> str:
    """A passage as the model reads it: what it is from, then its words."""
    origin = ", ".join(part for part in (passage.publisher, passage.published) if part)
    title = f"{passage.title} ({origin})" if origin else passage.title
    heading = passage.heading
    # A passage that begins with its own heading says it already.
    if heading and not passage.text.startswith(heading):
        title = f"{title}: {heading}"
    lead = f"{passage.lead}\n" if passage.lead else ""
    return f"Source: {title}\n{lead}{passage.text}"


def evidence_texts(chosen: Sequence[ScoredPassage]) -> list[str]:
    """All sources as the model reads them: the best last, next to the question, where it counts most."""
    return [source_text(candidate.passage) for candidate in reversed(chosen)]


def _alike(one: set[str], other: set[str]) -> bool:
    both = len(one & other)
    return both > 0 and both / len(one | other) >= _SAME_WORDS
