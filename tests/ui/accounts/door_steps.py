"""A whole Footnote with accounts, and people who stand before its doors."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from ui.accounts.access import Access, Accounts
from ui.accounts.account_file import AccountFile
from ui.accounts.last_log_ins import LastLogIns
from ui.accounts.login_attempts import LoginAttempts
from ui.accounts.login_routes import LogIn
from ui.accounts.passwords import Passwords
from ui.accounts.person import Role
from ui.accounts.proxies import Proxies
from ui.accounts.request_limits import PerMinute, QuestionLimits
from ui.accounts.sessions import Sessions
from ui.serving.web_app import Checks

HERE = "http://127.0.0.1"
PASSWORD = "correct horse"
NAMES = {Role.READER: "rita", Role.EDITOR: "edgar", Role.ADMIN: "ada"}


class Clock:
    """A clock that is put forward by hand; in seconds."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class QuickHasher:
    """Hashes that take no time, in place of argon2's; counts how often it was asked to compare."""

    def __init__(self) -> None:
        self.compared: list[str] = []

    def hash(self, password: str) -> str:
        return f"quick:{password[::-1]}"

    def verify(self, hash: str, password: str) -> bool:
        from argon2.exceptions import VerifyMismatchError

        self.compared.append(hash)
        if hash != self.hash(password):
            raise VerifyMismatchError
        return True


class Door:
    """Accounts in a folder, and how they are checked."""

    def __init__(self, folder: Path, *, is_local: bool = True, proxies: Proxies | None = None) -> None:
        self.clock = Clock()
        self.file = AccountFile(folder / "accounts.json")
        self.sessions = Sessions(
            folder / "sessions.json",
            idle=timedelta(minutes=60),
            longest=timedelta(hours=12),
            clock=self.clock,
        )
        self.hasher = QuickHasher()
        self.passwords = Passwords(self.hasher)
        self.log_ins = LastLogIns(folder / "log_ins.json", clock=self.clock)
        accounts = Accounts(self.file, self.sessions, self.log_ins)
        self.access = Access(accounts, proxies=proxies, is_local=is_local)

    def with_people(self) -> "Door":
        for role in (Role.ADMIN, Role.EDITOR, Role.READER):
            self.file.add(NAMES[role], role, self.passwords.hash(PASSWORD))
        return self

    def checks(self, *, questions: QuestionLimits | None = None, requests: int = 0) -> Checks:
        login = LogIn(
            self.access,
            passwords=self.passwords,
            by_name=LoginAttempts(free=5, clock=self.clock),
            by_address=LoginAttempts(free=20, clock=self.clock),
        )
        return Checks(login, questions, PerMinute(requests))


def visitor(app: FastAPI, *, base_url: str = HERE, peer: str = "127.0.0.1") -> TestClient:
    """A browser at the page: it says where its requests come from, and keeps cookies."""
    headers = {"sec-fetch-site": "same-origin", "accept": "text/html"}
    return TestClient(app, base_url=base_url, headers=headers, follow_redirects=False, client=(peer, 50000))


def log_in(client: TestClient, name: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/login", data={"name": name, "password": password, **more})


def logged_in(app: FastAPI, role: Role) -> TestClient:
    client = visitor(app)
    assert log_in(client, NAMES[role]).status_code == 303
    return client


def join(client: TestClient, index: int, *data: object, tab: str = "tab", event: object = None) -> Any:
    """Call one of Gradio's events as the page does."""
    body = {"fn_index": index, "data": list(data), "session_hash": tab, "event_data": event}
    return client.post("/gradio_api/queue/join", json=body)


def routes_of(routes: Any, prefix: str = "") -> list[tuple[str, str]]:
    """Every method and path that an application answers to, mounted and included ones too."""
    found: list[tuple[str, str]] = []
    for route in routes:
        included = getattr(route, "effective_route_contexts", None)
        if included is not None:
            found += routes_of(included(), prefix)
            continue
        path = prefix + (getattr(route, "path", None) or "")
        inner = getattr(route, "routes", None)
        if inner:
            found += routes_of(inner, path.rstrip("/"))
        elif type(route).__name__ == "Mount":
            found.append(("GET", f"{path}/{{path:path}}"))
        else:
            found += [(method, path) for method in sorted(getattr(route, "methods", None) or ("WEBSOCKET",))]
    return found


def filled(path: str, values: Callable[[str], str] = lambda _: "x") -> str:
    """A route's path with something in place of each parameter."""
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: values(found[1]), path)
