"""Who asks: a person with a role, or the user of this machine where there are no accounts."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from index_store.errors import UsageError

_KEY = "footnote.person"


class Role(StrEnum):
    """What a person may do; each role may also do what the ones before it may."""

    READER = "reader"
    EDITOR = "editor"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """0 for the first, and so on."""
        return tuple(Role).index(self)

    def covers(self, needed: "Role") -> bool:
        """Whether this role may do what the other one is needed for."""
        return self.rank >= needed.rank

    @classmethod
    def named(cls, name: str) -> "Role":
        """The role of this name. Raises UsageError."""
        try:
            return cls(name)
        except ValueError:
            raise UsageError(f"role {name!r} is none; give one of {', '.join(cls)}") from None


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks. `id` owns conversations, and is empty for the user of this machine; so is `name` None.

    Whom a proxy names cannot log out here.
    """

    id: str
    name: str | None
    role: Role
    is_named_by_proxy: bool = False


LOCAL_PERSON = Person("", None, Role.ADMIN)
"""The user of this machine, where nobody is asked to log in."""


def named_by_proxy(name: str) -> str:
    """The owner's id of a person whom a proxy names, and who has no account."""
    return f"proxy:{name.lower()}"


def marked(scope: Any, person: Person) -> Any:
    """An ASGI scope that tells who asks."""
    return {**scope, _KEY: person}


def person_of(request: Any) -> Person:
    """Who sent a request, FastAPI's or Gradio's. Raises PermissionError where no guard has said so."""
    person = known_person(request)
    if person is None:
        raise PermissionError("a request came past the guard")
    return person


def known_person(request: Any) -> Person | None:
    """Who sent a request; None where no guard has said so."""
    inner = getattr(request, "request", None) or request
    person = inner.scope.get(_KEY)
    return person if isinstance(person, Person) else None
