"""What was drafted and does not stand, with the reasons."""

from assistant.answer import Withdrawn
from assistant.proof.ordered_words import REPEATS_AN_ORDER, UNSAID

BESIDE = "it says nothing of what was asked"
TOLD_WITH_MORE = "another sentence says this and more"


class TakenBack:
    """The drafted sentences that were taken back, each once."""

    def __init__(self) -> None:
        self._withdrawn: list[Withdrawn] = []

    @property
    def all(self) -> tuple[Withdrawn, ...]:
        """All of them, in order, for the reader."""
        return tuple(self._withdrawn)

    def add(self, text: str, why: str) -> None:
        """Take a sentence back; what an article orders to be said is not repeated."""
        if why == REPEATS_AN_ORDER:
            text = UNSAID
        if all(text != taken.text for taken in self._withdrawn):
            self._withdrawn.append(Withdrawn(text, why))

    def forget(self, text: str) -> None:
        """Another draft says the same with better evidence: then it was not taken back after all."""
        self._withdrawn = [taken for taken in self._withdrawn if taken.text != text]
