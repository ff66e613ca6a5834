"""Passwords: what they must be, and their hashes (argon2id), compared in the same time for any name."""

import secrets
import threading
import unicodedata
from typing import Protocol

from index_store.errors import UsageError

SHORTEST, LONGEST = 10, 256
"""Characters. NIST SP 800-63B asks for at least 8, and takes no rule on kinds of characters."""


# Without signs that are taken for one another when a password is read out or copied by hand.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def made_up() -> str:
    """A password that nobody has to think of: four groups of five signs, 99 bits."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(5)) for _ in range(4))


class Hasher(Protocol):
    """What makes and checks hashes; argon2.PasswordHasher is one."""

    def hash(self, password: str) -> str:
        """The hash, with its salt and costs."""
        ...

    def verify(self, hash: str, password: str) -> bool:
        """Raises argon2's Argon2Error or InvalidHash where it is none of this password."""
        ...


class Passwords:
    """Hashes and compares, at the costs of RFC 9106 for little memory: 64 MiB, three passes."""

    def __init__(self, hasher: Hasher | None = None) -> None:
        """argon2's own hasher by default."""
        self._hasher = hasher
        self._nobodys: str | None = None
        self._lock = threading.Lock()

    def hash(self, password: str) -> str:
        """The hash to keep. Raises UsageError for a password that is too short or too long."""
        spelt = _spelt(password)
        if not SHORTEST <= len(spelt) <= LONGEST:
            raise UsageError(
                f"a password of {len(spelt)} characters is not taken; give one of {SHORTEST} to {LONGEST}"
            )
        return self._ready().hash(spelt)

    def match(self, kept: str | None, given: str) -> bool:
        """Whether this is the password behind a hash; where there is none, that it is not, as slowly."""
        from argon2.exceptions import Argon2Error, InvalidHashError

        hasher, nobodys = self._ready(), self._nobodys or ""
        try:
            hasher.verify(nobodys if kept is None else kept, _spelt(given)[:LONGEST])
        except (Argon2Error, InvalidHashError):
            return False
        return kept is not None and len(_spelt(given)) <= LONGEST

    def warm_up(self) -> None:
        """Make what the first comparison would have to make."""
        self._ready()

    def _ready(self) -> Hasher:
        with self._lock:
            if self._hasher is None:
                from argon2 import PasswordHasher

                self._hasher = PasswordHasher()
            if self._nobodys is None:
                self._nobodys = self._hasher.hash(secrets.token_urlsafe())
            return self._hasher


def _spelt(password: str) -> str:
    """One spelling of the same characters, whatever keyboard they came from."""
    return unicodedata.normalize("NFC", password.encode("utf-8", "replace").decode())
