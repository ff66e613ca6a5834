"""The pages that lead to one another, and who may open each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from ui import icons
from ui.accounts.person import Person, Role
from ui.markup import Html

PageName = Literal["chat", "library", "models", "users"]


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page as links name it. `address` begins with a slash."""

    name: PageName
    address: str
    label: str
    icon: Html
    role: Role


PAGES: tuple[PageLink, ...] = (
    PageLink("chat", "/", "Chat", icons.CHAT, Role.READER),
    PageLink("library", "/library", "Library", icons.BOOKS, Role.READER),
    PageLink("models", "/models", "Models", icons.MODEL, Role.ADMIN),
    PageLink("users", "/users", "Users", icons.PEOPLE, Role.ADMIN),
)


CITED = "cited"
"""The id of the place in an article that a footnote leads to."""


PageOf = Callable[[str], str | None]
"""The address of the page of the article with a path; None where there is none to be opened."""


def no_page(_: str) -> str | None:
    """Where no article has a page."""
    return None


def article_address(source: str, path: str, *, at: int | None = None) -> str:
    """Where one article is read; `at` is a place in its clean text, in characters, that is to be in view."""
    asked = {"source": source, "path": path}
    if at is None:
        return f"/library/article?{urlencode(asked)}"
    return f"/library/article?{urlencode({**asked, 'at': at})}#{CITED}"


def pages_of(who: Person) -> tuple[PageLink, ...]:
    """The pages that a person may open, in the order in which they are listed."""
    return tuple(page for page in PAGES if who.role.covers(page.role))


def may_open(who: Person, name: PageName) -> bool:
    """Whether a person may open a page."""
    return any(page.name == name for page in pages_of(who))
