"""Lets the rights of files count for root too, whom they do not hold up otherwise."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

# From linux/capability.h: a header with version and thread (0: this one), then two times three sets of bits,
# of which the first are those in effect.
_VERSION = 0x20080522
_OVERRIDE, _READ_AND_SEARCH = 1 << 1, 1 << 2


@contextmanager
def rights_count() -> Iterator[None]:
    """Within the block, this thread reads what the rights of a file let its user read. Linux only."""
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = (ctypes.c_uint32 * 2)(_VERSION, 0), (ctypes.c_uint32 * 6)()
    _call(libc.capget, header, sets)
    before = sets[0]
    sets[0] = before & ~(_OVERRIDE | _READ_AND_SEARCH)
    _call(libc.capset, header, sets)
    try:
        yield
    finally:
        sets[0] = before
        _call(libc.capset, header, sets)


def _call(function: "ctypes._NamedFuncPointer", *arguments: object) -> None:
    if function(*arguments) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
