"""A question on its way to an answer."""

from dataclasses import dataclass

from assistant.finding.side_by_side import AskedOfOne


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as typed and as searched for; `each` has it for each of several things alone."""

    question: str
    standalone: str
    each: tuple[AskedOfOne, ...] = ()
