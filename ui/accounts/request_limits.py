"""How much one person may ask in a minute, and at once."""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from math import ceil
from time import monotonic

from index_store.errors import UsageError
from ui.markup import plural

_MINUTE = 60.0


class TooMuch(UsageError):
    """One person has asked more than the settings let one person ask."""


class PerMinute:
    """Lets each key do a thing so many times in any minute. Safe to use from several threads."""

    def __init__(self, most: int, *, keys: int = 10_000, clock: Callable[[], float] = monotonic) -> None:
        """`most` 0 is no limit; `keys` are kept, then the one used longest ago goes."""
        self._most = most
        self._keys = keys
        self._clock = clock
        self._times: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> float:
        """Count one; 0, or the seconds to wait where it is one too many, which then does not count."""
        if not self._most:
            return 0.0
        with self._lock:
            now = self._clock()
            times = self._times.setdefault(key, deque())
            self._times.move_to_end(key)
            while len(self._times) > self._keys:
                self._times.popitem(last=False)
            while times and now - times[0] >= _MINUTE:
                times.popleft()
            if len(times) >= self._most:
                return _MINUTE - (now - times[0])
            times.append(now)
            return 0.0


class QuestionLimits:
    """How many questions each owner may have answered, at once and in a minute; 0 is no limit."""

    def __init__(self, *, at_once: int, per_minute: int, clock: Callable[[], float] = monotonic) -> None:
        self._at_once = at_once
        self._per_minute = per_minute
        self._times = PerMinute(per_minute, clock=clock)

    def take(self, owner: str, *, running: int) -> None:
        """Count a question of an owner, of whom so many are being answered. Raises TooMuch.

        The user of this machine ("") has no limits: it is theirs.
        """
        if not owner:
            return
        if self._at_once and running >= self._at_once:
            raise TooMuch(
                f"{running} of your questions {'is' if running == 1 else 'are'} being answered, the most at"
                " once; wait for one, or stop it"
            )
        wait = self._times.take(owner)
        if wait:
            raise TooMuch(
                f"you have asked {self._per_minute} questions within a minute, the most there may be; "
                f"ask again in {plural(ceil(wait), 'second')}"
            )
