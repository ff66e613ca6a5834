"""Who may use how much of the memory: askers wait in line for the cells that their question takes."""

import threading
from collections import deque
from collections.abc import Callable

from assistant.engine.scheduler import StoppedReading
from assistant.errors import ModelUnusable

_LOOK = 0.05  # seconds between two looks whether somebody who waits has been stopped


class NoRoomBeside(Exception):
    """Somebody with evidence in place wants more beside it than is kept for that."""


class Room:
    """`cells` cells, given to whoever came first.

    `kept` of them are for what is brief: for those who have evidence in place and need a little more to judge
    it. Were that to wait behind others' evidence, all could come to wait for each other.
    """

    def __init__(self, cells: int, *, kept: int = 0) -> None:
        self._cells = cells
        self._kept = kept
        self._free = cells
        self._line: deque[object] = deque()
        self._brief: deque[object] = deque()
        self._changed = threading.Condition()

    def take(
        self, cells: int, stopped: Callable[[], bool], *, yielding: bool = False, brief: bool = False
    ) -> None:
        """Wait for one's turn and for the cells; `yielding` waits until nobody else does, `brief` goes first.

        Raises StoppedReading, and ModelUnusable when there can never be so many.
        """
        if cells > self._cells:
            raise ModelUnusable(
                f"{cells} tokens do not fit a memory of {self._cells}; "
                "shorten the question, or raise the setting context_tokens"
            )
        me = object()
        line = self._brief if brief else self._line
        with self._changed:
            if not yielding:
                line.append(me)
            try:
                while (line and line[0] is not me) or not self._has(cells, brief=brief):
                    if stopped():
                        raise StoppedReading
                    self._changed.wait(_LOOK)
                self._free -= cells
            finally:
                if not yielding:
                    line.remove(me)
                self._changed.notify_all()

    def _has(self, cells: int, *, brief: bool) -> bool:
        # Who is alone may have all of it.
        if brief or self._free == self._cells:
            return self._free >= cells
        return self._free - cells >= self._kept

    def give_back(self, cells: int) -> None:
        """Let others have them."""
        with self._changed:
            self._free += cells
            self._changed.notify_all()
