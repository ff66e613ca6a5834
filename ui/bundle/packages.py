"""Which packages a bundle holds: those installed here for Footnote, in the very versions that were tried."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from index_store.errors import RunError

Find = Callable[[str], Distribution]
"""Gives the installed distribution of a name; raises PackageNotFoundError."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """One package in one version, which may have a local part as in 2.13.0+cpu."""

    name: str
    version: str

    @property
    def requirement(self) -> str:
        """As pip takes it."""
        return f"{self.name}=={self.version}"


def installed_for(name: str, find: Find = distribution) -> list[Pinned]:
    """What `name` needs, directly or not, as it is installed here; itself is not among them. By name.

    Raises RunError when something it needs is not installed.
    """
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    found: dict[str, Pinned] = {}
    seen: set[tuple[str, str]] = set()
    waiting: list[tuple[str, frozenset[str]]] = [(canonicalize_name(name), frozenset())]
    while waiting:
        wanted, extras = waiting.pop()
        try:
            package = find(wanted)
        except PackageNotFoundError as error:
            raise RunError(f"package {wanted!r} is not installed; run: make install") from error
        found[wanted] = Pinned(wanted, package.version)
        for extra in ("", *sorted(extras)):
            if (wanted, extra) in seen:
                continue
            seen.add((wanted, extra))
            for line in package.requires or ():
                needed = Requirement(line)
                if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                    waiting.append((canonicalize_name(needed.name), frozenset(needed.extras)))
    del found[canonicalize_name(name)]
    return [found[name] for name in sorted(found)]
