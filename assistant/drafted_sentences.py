"""Drafted sentences, each kept, put right, or taken back as it comes."""

from collections.abc import Callable

from assistant.composition import Composition
from assistant.events import SentenceChecked
from assistant.finding.quote import Quote, goes_on
from assistant.proof.attribution import Attribution
from assistant.proof.exact_terms import missing_names, missing_numbers, missing_terms
from assistant.proof.sources_named import speaks_for_its_author
from assistant.proof.table_cells import CELL
from assistant.proof.trimming import shortened
from assistant.proof.verification import SentenceAttributor
from assistant.sentence_stream import finds_nothing


class DraftedSentences:
    """Takes the sentences of the drafts of one answer; what stands of them goes into its composition."""

    def __init__(self, composition: Composition, *, far: Callable[[Quote], bool] = lambda _: False) -> None:
        """What is `far` from the question stands in no sentence's place beside others."""
        self._composition = composition
        self._is_far = far
        self._lost = False
        self._hangs = False  # the last one was taken back, and the next may speak of what it spoke of

    @property
    def has_lost(self) -> bool:
        """Whether something was taken back and nothing stands in its place."""
        return self._lost

    def begin_draft(self) -> None:
        """Another draft begins: its first sentence goes on from none of the one before."""
        self._hangs = False

    def add(
        self,
        text: str,
        attributor: SentenceAttributor,
        *,
        strictly: bool = False,
        knows: Callable[[str], bool] = lambda _: False,
    ) -> SentenceChecked | None:
        """Attribute a drafted sentence; what nothing carries is taken back, and None when nothing is left.

        A shorter version may stand for it, unless `knows` tells that something says as much already, or what
        the article says instead, quoted. `strictly`, weak is too little. What two drafts lose is told once.
        """
        if self._hangs and goes_on(text):
            self._composition.take_back(text, "what it goes on from was taken back")
            return None
        self._hangs = False
        if self._composition.says(text):
            return None
        if finds_nothing(text):
            self._composition.found_nothing = True
            self._composition.lacks = self._composition.lacks or text
            self._composition.take_back(text, "it only says that the passages found do not tell")
            return None
        found = attributor.attribute(text)
        if strictly and found.support == "weak":
            found = Attribution((), "unsupported", found.score, "the passages carry it only weakly")
        if found.support == "unsupported":
            self._composition.take_back(text, found.why or "no passage found says this")
            if any(self._composition.says(version) or knows(version) for version in shortened(text)):
                return None
            shorter = None if found.contrary else self._add_shortened(text, attributor, found.instead)
            instead = shorter or self._add_instead(text, found.instead)
            self._hangs = instead is None
            self._lost = self._lost or self._hangs
            return instead
        if speaks_for_its_author(text, found.quotes[0].text) or CELL in text:
            return self._composition.quote(found.quotes[0])
        return self._composition.state(text, found)

    def _add_instead(self, text: str, quote: Quote | None) -> SentenceChecked | None:
        """Tell what the article says, if it says it of what both the question and the draft name."""
        if quote is None or self._composition.cites(quote):
            return None
        if not self._composition.is_empty and self._is_far(quote):
            return None
        # A name may stand beside the quote, a figure has to stand in it.
        lacks = {
            *missing_names(text, f"{quote.under_its_title}\n{quote.passage.text}"),
            *missing_numbers(text, quote.under_its_title),
        }
        if lacks - missing_terms(text, self._composition.asked.standalone):
            return None
        return self._composition.quote(quote)

    def _add_shortened(
        self, text: str, attributor: SentenceAttributor, instead: Quote | None
    ) -> SentenceChecked | None:
        for version in shortened(text, beside=instead.text if instead else ""):
            found = attributor.attribute(version)
            if found.support == "supported":
                return self._composition.state(version, found)
        return None
