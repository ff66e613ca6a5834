"""Attempts to log in: after a few that failed, each next one has to wait, longer and longer."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from time import monotonic

FORGOTTEN_SECONDS = 900.0
LONGEST_WAIT_SECONDS = 60.0
"""Long enough to make guessing hopeless (1,440 a day), short enough that nobody is locked out by others."""


@dataclass(slots=True)
class _Tries:
    count: int
    last: float


class LoginAttempts:
    """Counts attempts by a key (a name, an address), in bounded memory. Safe to use from several threads."""

    def __init__(self, *, free: int, most: int = 10_000, clock: Callable[[], float] = monotonic) -> None:
        """`free` attempts wait for nothing; `most` keys are kept, then the one tried longest ago goes."""
        self._free = free
        self._most = most
        self._clock = clock
        self._tries: OrderedDict[bytes, _Tries] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, key: str) -> float:
        """Count an attempt, which then may be made; or the seconds that have to pass before one may be."""
        with self._lock:
            now, short = self._clock(), _short(key)
            tries = self._tries.get(short)
            if tries is None or now - tries.last > FORGOTTEN_SECONDS:
                tries = _Tries(0, now)
            wait = tries.last + self._wait_after(tries.count) - now
            if wait > 0:
                return wait
            # Counted before it is known to fail, so that many at once do not all pass.
            self._tries[short] = _Tries(tries.count + 1, now)
            self._tries.move_to_end(short)
            while len(self._tries) > self._most:
                self._tries.popitem(last=False)
            return 0.0

    def succeeded(self, key: str, *, forget: bool) -> None:
        """The attempt did not fail: it counts for nothing; with `forget` neither do those before it."""
        with self._lock:
            tries = self._tries.get(_short(key))
            if tries is None:
                return
            tries.count -= 1
            if forget or tries.count <= 0:
                del self._tries[_short(key)]

    def __len__(self) -> int:
        return len(self._tries)

    def _wait_after(self, failed: int) -> float:
        over = failed - self._free
        return 0.0 if over < 0 else float(min(2 ** min(over, 10), LONGEST_WAIT_SECONDS))


def address_key(address: str) -> str:
    """What stands for an address: an IPv6 network has 2**64 of them, all of one household."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)


def _short(key: str) -> bytes:
    return sha256(key.encode("utf-8", "surrogatepass")).digest()[:16]
