"""A client whose process ends in the middle of its work, for the tests of what a kill leaves behind."""

from collections.abc import Callable
from typing import Any

from qdrant_client import QdrantClient

WRITES = ("upsert", "delete", "set_payload", "update_vectors")
ALL_WRITES = (*WRITES, "create_collection", "delete_collection")


class Killed(BaseException):
    """The process ends here."""


class DyingClient:
    """Passes everything on, and dies at the nth of `writes`: before the store has it, or just after."""

    def __init__(
        self,
        client: QdrantClient,
        nth: int,
        *,
        after: bool,
        death: type[BaseException] = Killed,
        writes: tuple[str, ...] = WRITES,
    ) -> None:
        self._client = client
        self._left = nth
        self._after = after
        self._death = death
        self._writes = writes

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._client, name)
        if name not in self._writes:
            return real
        return lambda *args, **kwargs: self._write(real, *args, **kwargs)

    def _write(self, real: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self._left -= 1
        if self._left == 0 and not self._after:
            raise self._death
        done = real(*args, **kwargs)
        if self._left == 0:
            raise self._death
        return done
