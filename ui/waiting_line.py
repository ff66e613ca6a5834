"""Who is answered next: first come, first served, a person's further questions behind others' first."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from types import TracebackType

from index_store.errors import RunError

AT_ONCE = 4
"""Questions that are answered at the same time: three fit the model's memory, while a fourth one searches."""

LONGEST = 50
"""Questions that may wait. On two cores the last of them has its answer after about ten minutes."""

_LOOK = 0.1  # seconds between two looks whether somebody who waits has been stopped


class LineFull(RunError):
    """So many questions wait that another one would wait for too long."""


@dataclass(frozen=True, slots=True)
class LineFigures:
    """`waiting` and `answered` now; `turns` that came, after `seconds` in all; `refused` when it was full."""

    waiting: int = 0
    answered: int = 0
    turns: int = 0
    seconds: float = 0.0
    refused: int = 0


class WaitingLine:
    """Lets a few questions be answered at once, and the others wait. Safe to use from several threads."""

    def __init__(self, *, at_once: int = AT_ONCE, longest: int = LONGEST) -> None:
        """`at_once` may be answered, and `longest` may wait beside them."""
        self._at_once = at_once
        self._longest = longest
        self._changed = threading.Condition()
        # In the order in which they came.
        self._answered: list[Place] = []
        self._waiting: list[Place] = []
        self._figures = LineFigures()

    @property
    def figures(self) -> "LineFigures":
        """How many wait now, and what was counted since the line was made."""
        with self._changed:
            return replace(self._figures, waiting=len(self._waiting), answered=len(self._answered))

    def enter(self, person: str) -> "Place":
        """Stand in line for one question of a person. Raises LineFull. Leave it, come what may."""
        place = Place(self, person)
        with self._changed:
            if self._is_free():
                self._admit(place)
                return place
            if len(self._waiting) >= self._longest:
                self._figures = replace(self._figures, refused=self._figures.refused + 1)
                raise LineFull(
                    f"{len(self._waiting)} questions are waiting already; ask again in a few minutes"
                )
            self._waiting.append(place)
            # Whoever came with a first question may stand before others now.
            self._changed.notify_all()
        return place

    def _is_free(self) -> bool:
        return len(self._answered) < self._at_once

    def _order(self) -> "list[Place]":
        """Those who wait, the next one first: by how many of the same person's are before each."""
        before: dict[str, int] = {}
        for place in self._answered:
            before[place.person] = before.get(place.person, 0) + 1
        turns = []
        for place in self._waiting:
            turns.append((before.get(place.person, 0), place))
            before[place.person] = before.get(place.person, 0) + 1
        return [place for _, place in sorted(turns, key=lambda turn: turn[0])]

    def _number(self, place: "Place") -> int:
        return 0 if place in self._answered else self._order().index(place) + 1

    def _leave(self, place: "Place") -> None:
        with self._changed:
            for line in (self._answered, self._waiting):
                if place in line:
                    line.remove(place)
            while self._waiting and self._is_free():
                following = self._order()[0]
                self._waiting.remove(following)
                self._admit(following)
            self._changed.notify_all()

    def _admit(self, place: "Place") -> None:
        self._answered.append(place)
        known = self._figures
        seconds = known.seconds + monotonic() - place.came
        self._figures = replace(known, turns=known.turns + 1, seconds=seconds)


class Place:
    """One question's place in the line, until it is left."""

    def __init__(self, line: WaitingLine, person: str) -> None:
        self.person = person
        self.came = monotonic()
        self._line = line

    def __enter__(self) -> "Place":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the line."""
        self.leave()

    @property
    def number(self) -> int:
        """1 for the next one that is answered, and so on; 0 when its turn has come."""
        with self._line._changed:
            return self._line._number(self)

    def wait(self, stopped: Callable[[], bool], moved: Callable[[int], None] = lambda _: None) -> bool:
        """Wait for one's turn; False when it was stopped before. `moved` hears each new number."""
        told = 0
        while not stopped():
            with self._line._changed:
                number = self._line._number(self)
                if number == 0:
                    return True
                if number == told:
                    self._line._changed.wait(_LOOK)
                    continue
            # Not within the lock: who hears of it may be slow.
            told = number
            moved(number)
        return False

    def leave(self) -> None:
        """Let the next one have it; to leave twice changes nothing."""
        self._line._leave(self)
