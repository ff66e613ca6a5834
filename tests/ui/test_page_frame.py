"""The pages lead to one another, and to none that a person may not open."""

import pytest
from chat_samples import tags, visible_text

from ui.accounts.doors import Need, need_of
from ui.accounts.person import LOCAL_PERSON, Person, Role
from ui.chat.conversation_list import sidebar_html
from ui.library.library_page import page_html
from ui.markup import NOTHING, html
from ui.models.models_page import models_page_html
from ui.page_frame import topbar
from ui.page_links import PAGES, pages_of
from ui.users.users_page import users_page_html

EVERYBODY = ["/", "/library"]
ADMINS = [*EVERYBODY, "/models", "/users"]


def person(role: Role) -> Person:
    return Person("p", "pat", role)


@pytest.mark.parametrize(
    ("who", "addresses"),
    [
        (LOCAL_PERSON, ADMINS),
        (person(Role.ADMIN), ADMINS),
        (person(Role.EDITOR), EVERYBODY),
        (person(Role.READER), EVERYBODY),
    ],
)
def test_every_page_links_to_those_that_the_person_may_open(who: Person, addresses: list[str]) -> None:
    assert [page.address for page in pages_of(who)] == addresses
    for page in (
        page_html("L", NOTHING, who),
        models_page_html("M", NOTHING, who),
        users_page_html("U", NOTHING, who),
    ):
        links = [a["href"] for name, a in tags(page) if name == "a" and not a["href"].startswith("#")]
        # The first is the product's name.
        assert links[1:] == addresses
    chat = [a["href"] for name, a in tags(sidebar_html([], "", who=who)) if a.get("class") == "to-page"]
    assert chat == [address.removeprefix("/") for address in addresses[1:]]


def test_a_link_asks_for_the_role_that_its_door_asks_for() -> None:
    for page in PAGES:
        need = need_of("GET", page.address)
        assert need is Need(page.role), page.address


def test_the_page_that_is_shown_is_marked_in_the_sidebar() -> None:
    for name, page in (
        ("Library", page_html("L", NOTHING)),
        ("Models", models_page_html("M", NOTHING)),
        ("Users", users_page_html("U", NOTHING)),
    ):
        (marked,) = [a["href"] for tag, a in tags(page) if a.get("aria-current") == "page"]
        assert marked == f"/{name.lower()}"


def test_on_narrow_screens_the_bar_leads_to_the_other_pages_and_out() -> None:
    bar = topbar("Users", html("<b>2 users</b>"), person(Role.ADMIN), here="users")
    links = [a["aria-label"] for name, a in tags(bar) if name == "a"]
    assert links == ["Chat", "Library", "Models"]
    assert any(a.get("aria-label") == "Log out pat" for _, a in tags(bar))
    assert "2 users" in visible_text(bar)
    assert "log-out" not in topbar("Users", NOTHING, LOCAL_PERSON, here="users")
