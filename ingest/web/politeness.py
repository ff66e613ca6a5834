"""Manners towards the hosts that pages are fetched from: pauses between requests, waits that they ask for."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


class PolitePauses:
    """Keeps a pause between two requests to one host. `clock` and `sleep` are in seconds.

    `pause` is the least there is; what a host asks for (crawl-delay) counts up to `longest`.
    """

    def __init__(
        self, clock: Callable[[], float], sleep: Callable[[float], None], *, pause: float, longest: float
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._pause = pause
        self._longest = longest
        self._last: dict[str, float] = {}
        self._asked: dict[str, float] = {}

    def ask_for(self, host: str, seconds: float | None) -> None:
        """Note the pause that a host asks for; None for none."""
        if seconds is not None:
            self._asked[host] = min(max(seconds, 0.0), self._longest)

    def before(self, host: str) -> None:
        """Wait until the host may be asked again."""
        last = self._last.get(host)
        if last is not None:
            left = last + max(self._pause, self._asked.get(host, 0.0)) - self._clock()
            if left > 0:
                self._sleep(left)

    def after(self, host: str) -> None:
        """Note that a request to the host has ended."""
        self._last[host] = self._clock()


def retry_after(header: str | None, now: datetime | None = None) -> float | None:
    """The seconds that a Retry-After header asks to wait, at least 0; None where it does not say."""
    if not header:
        return None
    try:
        if header.strip().isdigit():
            return float(header)
        until = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())
