"""Who may use how much of the memory: askers wait in line for the cells that their question takes."""

import threading
from collections import deque
from collections.abc import Callable

from assistant.engine.scheduler import StoppedReading
from assistant.errors import ModelUnusable

_LOOK = 0.05  # seconds between two looks whether somebody who waits has been stopped


class Room:
    """`cells` cells, given to whoever came first."""

    def __init__(self, cells: int) -> None:
        self._cells = cells
        self._free = cells
        self._line: deque[object] = deque()
        self._changed = threading.Condition()

    def take(self, cells: int, stopped: Callable[[], bool], *, yielding: bool = False) -> None:
        """Wait for one's turn and for the cells; `yielding` waits until nobody else does.

        Raises StoppedReading, and ModelUnusable when there can never be so many.
        """
        if cells > self._cells:
            raise ModelUnusable(
                f"{cells} tokens do not fit a memory of {self._cells}; "
                "shorten the question, or raise the setting context_tokens"
            )
        me = object()
        with self._changed:
            if not yielding:
                self._line.append(me)
            try:
                while (self._line and self._line[0] is not me) or self._free < cells:
                    if stopped():
                        raise StoppedReading
                    self._changed.wait(_LOOK)
                self._free -= cells
            finally:
                if not yielding:
                    self._line.remove(me)
                self._changed.notify_all()

    def give_back(self, cells: int) -> None:
        """Let others have them."""
        with self._changed:
            self._free += cells
            self._changed.notify_all()
