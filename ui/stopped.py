"""Ctrl+C: what is said of it, and how a command tells what it leaves behind."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

NOTHING_CHANGED = "nothing was changed"
SYNC_GOES_ON_LATER = "what was read is kept, and the next sync goes on from there"

SERVING_ENDED = (
    "the serving process ended before this was done; repeat the command, which then does it by itself, "
    "or start it first: footnote serve"
)


class Stopped(Exception):
    """The person pressed Ctrl+C; the message says what goes on or what is kept."""


@contextmanager
def when_stopped(left: str | Callable[[], str]) -> Iterator[None]:
    """Raise Stopped with `left` when Ctrl+C ends what is done within; a function is asked only then."""
    try:
        yield
    except KeyboardInterrupt as error:
        raise Stopped(left if isinstance(left, str) else left()) from error
