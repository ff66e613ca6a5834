"""The Users page behind its doors, with people who log in as in a browser."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chat_samples import tags, visible_text
from door_steps import NAMES, PASSWORD, Door, log_in, visitor
from fastapi import APIRouter, FastAPI, Request
from fastapi.testclient import TestClient

from ui.accounts.account_file import AccountFile
from ui.accounts.guard import GradioFunctions, Guard
from ui.accounts.login_routes import login_routes
from ui.accounts.person import LOCAL_PERSON, Person, Role, person_of
from ui.accounts.proxies import Proxies
from ui.accounts.request_limits import PerMinute
from ui.chat.conversations import Conversations
from ui.markup import Html
from ui.record.record import Record
from ui.record.record_files import RecordFiles
from ui.users.user_actions import UserActions, UserParts
from ui.users.user_changes import UserChanges
from ui.users.user_routes import user_routes

CHANGING = ("add", "password", "role", "remove")
TYPED = {"way": "type", "first": "another horse", "second": "another horse"}
MADE = {"way": "make", "first": "", "second": ""}
NONE = {"way": "none", "first": "", "second": ""}


class House:
    """The page, its doors, and what is kept behind them."""

    def __init__(self, folder: Path, *, people: bool = True, proxies: Proxies | None = None) -> None:
        self.door = Door(folder, proxies=proxies)
        self.folder = folder
        self.conversations = Conversations(folder / "conversations.sqlite")
        if people:
            self.door.with_people()
        record = Record(RecordFiles(folder / "record", largest=10**6), who="local:a")

        def of(who: Person) -> UserActions:
            own = record.of_account(who.name) if who.name else record
            changes = UserChanges(self.door.file, self.conversations, own, via="page")
            return UserActions(
                UserParts(self.door.access, changes, self.door.passwords, folder / "footnote.log", who)
            )

        def person(request: Request) -> Person:
            return person_of(request) if self.door.access.in_force else LOCAL_PERSON

        checks = self.door.checks()
        self.app = FastAPI()
        routes = APIRouter()
        routes.include_router(user_routes(of, person=person))
        routes.include_router(login_routes(checks.login))
        self.app.include_router(routes)
        self.app.add_middleware(
            Guard, access=self.door.access, functions=GradioFunctions, requests=PerMinute(0)
        )

    def as_of(self, role: Role) -> TestClient:
        web = visitor(self.app)
        assert log_in(web, NAMES[role]).status_code == 303
        return web

    def file(self) -> AccountFile:
        return AccountFile(self.folder / "accounts.json")

    def recorded(self) -> list[dict[str, Any]]:
        found = (self.folder / "record").glob("*")
        return [json.loads(line) for one in found for line in one.read_bytes().splitlines()]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def ada(house: House) -> Iterator[TestClient]:
    with house.as_of(Role.ADMIN) as web:
        yield web


def send(web: TestClient, address: str, **body: str) -> tuple[int, dict[str, Any]]:
    answer = web.post(f"/users/{address}", json=body)
    return answer.status_code, answer.json()


def rows(web: TestClient) -> str:
    return " ".join(visible_text(web.get("/users/parts").json()["users"]).split())


def test_the_page_lists_who_may_log_in(ada: TestClient) -> None:
    page = ada.get("/users")
    assert page.status_code == 200
    shown = " ".join(visible_text(page.text).split())
    for words in (
        "ada",
        "edgar",
        "rita",
        "3 users | 1 logged in",
        "logged in now",
        "not known",
        "the only one",
    ):
        assert words in shown
    assert page.headers["cache-control"] == "no-store"
    assert "quick:" not in page.text


def test_the_page_names_no_other_host_and_runs_nothing_inline(ada: TestClient) -> None:
    page = ada.get("/users")
    assert set(re.findall(r"https?://([^/\"'\s<>]+)", page.text)) == set()
    assert not any(name.startswith("on") for _, attributes in tags(page.text) for name in attributes)
    assert all(a.get("src") for name, a in tags(page.text) if name == "script")
    assert "style" not in {name for name, _ in tags(page.text)}
    assert "unsafe" not in page.headers["content-security-policy"]


def test_a_person_is_added_with_a_made_up_password_that_is_shown_once(house: House, ada: TestClient) -> None:
    status, told = send(ada, "add", name="grace", role="editor", **MADE)
    assert status == 200
    password = told["password"]
    assert log_in(visitor(house.app), "grace", password).status_code == 303
    assert "grace" in rows(ada)
    assert password not in ada.get("/users").text
    kept = [
        one.read_bytes() for one in house.folder.rglob("*") if one.is_file() and one.name != "accounts.json"
    ]
    assert not any(password.encode() in content for content in kept)


def test_a_person_is_added_with_a_password_typed_twice(house: House, ada: TestClient) -> None:
    assert send(ada, "add", name="grace", role="reader", **TYPED) == (200, {"password": None})
    assert log_in(visitor(house.app), "grace", "another horse").status_code == 303
    (entry,) = house.recorded()
    assert (entry["account"], entry["via"], entry["action"]) == ("ada", "page", "added")
    assert (entry["name"], entry["role"]) == ("grace", "reader")
    assert "horse" not in json.dumps(entry)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"name": "grace", "role": "reader", **TYPED, "second": "another house"}, "the two passwords differ"),
        ({"name": "grace", "role": "reader", **TYPED, "first": "short", "second": "short"}, "5 characters"),
        ({"name": "a b", "role": "reader", **TYPED}, "is not usable"),
        ({"name": "RITA", "role": "reader", **TYPED}, "is there already"),
        ({"name": "grace", "role": "boss", **TYPED}, "role 'boss' is none"),
        ({"name": "grace", "role": "reader", **NONE}, "choose how the password comes about"),
        ({"name": "grace", "role": "reader", **TYPED, "way": ""}, "choose how the password comes about"),
    ],
)
def test_what_cannot_be_is_said_and_nobody_is_added(
    house: House, ada: TestClient, body: dict[str, str], told: str
) -> None:
    status, said = send(ada, "add", **body)
    assert (status, told in said["error"]) == (422, True)
    assert "horse" not in said["error"]
    assert len(house.file().listed()) == 3
    assert house.recorded() == []


def test_where_a_proxy_lets_people_in_a_person_may_have_no_password(tmp_path: Path) -> None:
    proxies = Proxies(("10.9.9.9",), header="X-Remote-User")
    house = House(tmp_path, proxies=proxies)
    with house.as_of(Role.ADMIN) as web:
        assert "a proxy lets them in" in web.get("/users").text
        assert send(web, "add", name="grace", role="reader", **NONE)[0] == 200
    grace = house.file().named("grace")
    assert grace is not None
    assert grace.password is None


def test_a_removed_persons_sessions_end_at_once(house: House, ada: TestClient) -> None:
    rita = house.as_of(Role.READER)
    known = house.file().named("rita")
    assert known is not None
    house.conversations.of(known.id).start("Snow?")
    assert rita.get("/users").status_code == 403
    assert send(ada, "remove", name="rita") == (200, {"done": True})
    assert rita.get("/users").headers["location"].startswith("/login")
    assert log_in(visitor(house.app), "rita").status_code == 403
    assert house.conversations.of(known.id).listed() == ()
    assert "rita" not in rows(ada)
    status, told = send(ada, "remove", name="rita")
    assert (status, told["error"]) == (422, "'rita' is not there any more; load the page again")


def test_another_password_ends_the_sessions_under_the_old_one(house: House, ada: TestClient) -> None:
    rita = house.as_of(Role.READER)
    assert send(ada, "password", name="rita", **TYPED)[0] == 200
    assert rita.get("/users").headers["location"].startswith("/login")
    assert log_in(visitor(house.app), "rita", PASSWORD).status_code == 403
    assert log_in(visitor(house.app), "rita", "another horse").status_code == 303
    _, told = send(ada, "password", name="rita", **MADE)
    assert log_in(visitor(house.app), "rita", told["password"]).status_code == 303
    assert [one["action"] for one in house.recorded()] == ["password", "password"]


def test_another_role_ends_sessions_and_the_same_one_changes_nothing(house: House, ada: TestClient) -> None:
    rita = house.as_of(Role.READER)
    assert send(ada, "role", name="rita", role="reader")[0] == 200
    assert rita.get("/users").status_code == 403
    assert send(ada, "role", name="rita", role="admin")[0] == 200
    assert rita.get("/users").headers["location"].startswith("/login")
    assert house.as_of(Role.READER).get("/users").status_code == 200
    assert [one["action"] for one in house.recorded()] == ["role"]
    status, told = send(ada, "role", name="rita", role="boss")
    assert (status, "give one of reader, editor, admin" in told["error"]) == (422, True)


def test_the_last_admin_can_neither_be_removed_nor_demoted(house: House, ada: TestClient) -> None:
    for address, more in (("remove", {}), ("role", {"role": "editor"})):
        status, told = send(ada, address, name="ada", **more)
        assert (status, "only admin" in told["error"]) == (422, True)
    for name in ("rita", "edgar"):
        assert send(ada, "remove", name=name)[0] == 200
    status, told = send(ada, "remove", name="ada")
    assert (status, "only admin" in told["error"]) == (422, True)
    assert [one.name for one in house.file().listed()] == ["ada"]


def test_an_admin_beside_another_may_remove_themselves_and_is_logged_out(
    house: House, ada: TestClient
) -> None:
    send(ada, "role", name="edgar", role="admin")
    assert send(ada, "remove", name="ada")[0] == 200
    assert ada.get("/users").headers["location"].startswith("/login")
    status = ada.post("/users/add", json={"name": "eve", "role": "admin", **TYPED}).status_code
    assert status == 401
    assert house.file().named("eve") is None


def test_without_users_the_page_says_how_to_make_the_first_and_changes_nothing(tmp_path: Path) -> None:
    house = House(tmp_path, people=False)
    with visitor(house.app) as web:
        page = web.get("/users")
        assert page.status_code == 200
        assert "footnote users add NAME --role admin" in visible_text(page.text)
        for address, more in (
            ("add", {"role": "admin", **TYPED}),
            ("password", TYPED),
            ("role", {"role": "admin"}),
            ("remove", {}),
        ):
            status, told = send(web, address, name="eve", **more)
            assert (status, "there are no users; make the first one" in told["error"]) == (422, True)
    assert not (tmp_path / "accounts.json").exists()


def test_accounts_that_are_damaged_let_nobody_in(house: House, ada: TestClient) -> None:
    (house.folder / "accounts.json").write_text("{")
    assert ada.get("/users").status_code == 503
    assert ada.post("/users/remove", json={"name": "rita"}).status_code == 503


def test_what_changes_something_is_taken_from_the_page_alone(house: House, ada: TestClient) -> None:
    ada.headers.pop("sec-fetch-site")
    body = {"name": "eve", "role": "admin", **TYPED}
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
        {},
    ):
        for address in CHANGING:
            assert ada.post(f"/users/{address}", json=body, headers=headers).status_code == 403
    assert len(house.file().listed()) == 3


def test_looking_changes_nothing(ada: TestClient) -> None:
    assert {ada.get(f"/users/{address}").status_code for address in CHANGING} == {404}


def test_were_escaping_to_fail_nothing_that_runs_would_leave(
    house: House, ada: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = "<script>ran()</script><img src=x onerror=ran()>"
    real = house.door.file.listed()
    monkeypatch.setattr(AccountFile, "listed", lambda _: (*real, replace(real[-1], id="x", name=hostile)))
    monkeypatch.setattr("ui.markup.text", Html)
    parts = ada.get("/users/parts").json()
    for piece, scripts in [*((one, 0) for one in parts.values()), (ada.get("/users").text, 2)]:
        found = tags(piece)
        assert [name for name, _ in found].count("script") == scripts
        assert not any(name.startswith("on") for _, attributes in found for name in attributes)


def test_the_last_log_in_is_known_after_its_session_has_ended(house: House, ada: TestClient) -> None:
    assert rows(ada).count("not known") == 2
    rita = house.as_of(Role.READER)
    rita.post("/logout")
    assert rows(ada).count("not known") == 1
    assert rows(ada).count("logged in now") == 1
