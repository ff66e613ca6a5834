"""The served page, asked as browsers ask it, holds each person to their role and to what the settings say."""

import json
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread
from time import time
from typing import Any

import httpx
import pytest
import uvicorn
from door_steps import NAMES, Clock
from page_person import PagePerson, free_port
from tiny_footnote import (
    CATALOGUE,
    QUESTION,
    TOKEN,
    TinyWorkshop,
    install_models,
    set_up,
    wait_until,
    workshop,
    write_articles,
)

from assistant.models.catalogue import Catalogue
from ui.accounts.access import COOKIE, Access
from ui.accounts.account_file import AccountFile
from ui.accounts.doors import FUNCTIONS
from ui.accounts.person import Role
from ui.accounts.sessions import Sessions
from ui.commands.session import Session
from ui.home import Home
from ui.local_desk import LocalDesk
from ui.serving import server
from ui.serving.server import serve_until_stopped
from ui.serving.server_file import ServerAddress, serving_process
from ui.serving.serving import build_app
from ui.settings.in_force import load_settings
from ui.terminal import Terminal

pytestmark = [
    pytest.mark.whole,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]


@dataclass(frozen=True)
class Site:
    """A served page, and the cookies of three people who are logged in to it."""

    url: str
    cookies: Mapping[Role | None, dict[str, str]]

    def web(self, role: Role | None) -> httpx.Client:
        headers = {"sec-fetch-site": "same-origin"}
        return httpx.Client(
            base_url=self.url, cookies=self.cookies[role], headers=headers, trust_env=False, timeout=60
        )


@contextmanager
def site(folder: Path, **settings: object) -> Iterator[Site]:
    """The page over two articles, served in a thread of this process, with fakes for the models."""
    home = Home(folder / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTNOTE_HOME", str(home.root))
        patch.setattr(Catalogue, "load", lambda: CATALOGUE)
        install_models(home)
        set_up(home, sources=[str(write_articles(folder / "articles"))], sync_every_hours=0, **settings)
        made: TinyWorkshop = workshop(home)
        desk = LocalDesk(made)
        desk.sync((), dry_run=False, on_step=lambda *_: None)
        file = AccountFile(home.accounts)
        accounts = [file.add(NAMES[role], role, "no hash") for role in reversed(Role)]
        sessions = Sessions(home.sessions, idle=timedelta(hours=1), longest=timedelta(hours=1))
        cookies: dict[Role | None, dict[str, str]] = {
            account.role: {COOKIE: sessions.begin(account)} for account in accounts
        }
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        app = build_app(made, desk, ServerAddress(url, TOKEN, os.getpid()))
        running = uvicorn.Server(
            uvicorn.Config(
                app,
                port=port,
                log_config=None,
                ws="none",
                timeout_graceful_shutdown=1,
                proxy_headers=False,
            )
        )
        thread = Thread(target=running.run, daemon=True)
        thread.start()
        wait_until(lambda: running.started, 60)
        yield Site(url, {**cookies, None: {}})
        running.should_exit = True
        thread.join(30)
        desk.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    limits = {"questions_per_minute": 0, "requests_per_minute": 0, "upload_files": 1, "upload_gb": 0.000_01}
    with site(tmp_path_factory.mktemp("served"), **limits) as made:
        yield made


@pytest.fixture(scope="module")
def events(served: Site) -> dict[str, tuple[int, int]]:
    """Every event of the page that has a function: its number, and how many values it takes."""
    with served.web(Role.ADMIN) as web:
        config = web.get("/config").raise_for_status().json()
    return {
        one["api_name"]: (one["id"], len(one["inputs"]))
        for one in config["dependencies"]
        if one["backend_fn"]
    }


def carried_out(web: httpx.Client, number: int, inputs: int, tab: str) -> list[str]:
    """Call an event; what is said of it, or the status with which it was refused."""
    call = {"fn_index": number, "data": [""] * inputs, "session_hash": tab, "event_data": {}}
    joined = web.post("/gradio_api/queue/join", json=call)
    if joined.status_code != 200:
        return [str(joined.status_code)]
    said: list[str] = []
    with web.stream("GET", "/gradio_api/queue/data", params={"session_hash": tab}) as lines:
        for line in lines.iter_lines():
            if line.startswith("data:"):
                said.append(json.loads(line[5:])["msg"])
            if said and said[-1] in ("process_completed", "close_stream", "unexpected_error"):
                break
    return said


def test_the_events_are_those_that_are_listed(served: Site, events: dict[str, tuple[int, int]]) -> None:
    with served.web(Role.READER) as web:
        components = web.get("/config").json()["components"]
    scripts = {name for one in components for name in (one["props"].get("server_fns") or ())}
    assert events.keys() | scripts == FUNCTIONS.keys()


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_each_event_is_carried_out_for_every_role_and_for_nobody_without_one(
    served: Site, events: dict[str, tuple[int, int]], role: Role | None
) -> None:
    with served.web(role) as web:
        for name, (number, inputs) in events.items():
            said = carried_out(web, number, inputs, f"{role}{name}"[:40])
            if role is None:
                assert said == ["401"], name
            else:
                assert "process_starts" in said, name
                assert said[-1] == "process_completed", name


def test_a_reader_asks_and_another_finds_nothing_of_it(served: Site) -> None:
    with PagePerson(served.url, cookies=served.cookies[Role.READER]) as rita:
        seen = rita.ask(QUESTION)
        assert seen.is_answered
        assert "12 GB" in seen.text
        assert QUESTION in rita.open(seen.conversation)
    for role in (Role.EDITOR, Role.ADMIN):
        with PagePerson(served.url, cookies=served.cookies[role]) as other:
            assert QUESTION not in other.open(seen.conversation)
    with served.web(None) as web:
        assert web.get("/config").status_code == 401


def upload(web: httpx.Client, name: str, content: bytes) -> tuple[int, str]:
    reply = web.post("/library/uploads", params={"name": name}, content=content)
    return reply.status_code, reply.text


def test_uploads_keep_to_the_settings_and_to_the_role(served: Site) -> None:
    with served.web(Role.READER) as web:
        assert upload(web, "a.md", b"# A")[0] == 403
    with served.web(None) as web:
        assert upload(web, "a.md", b"# A")[0] == 401
    with served.web(Role.EDITOR) as web:
        status, told = upload(web, "large.md", b"# Large\n\n" + b"x " * 10_000)
        assert (status, "raise upload_gb" in told) == (422, True)
        status, told = upload(web, "a.exe", b"MZ")
        assert (status, "files of this kind are not read" in told) == (422, True)
        assert upload(web, "a.md", b"# A\n\nOne small article.\n")[0] == 200
        status, told = upload(web, "b.md", b"# B\n\nOne too many.\n")
        assert (status, "raise upload_files" in told) == (422, True)
        assert upload(web, "a.md", b"# A\n\nThe same one again.\n")[0] == 200


def test_whoever_logs_in_takes_no_folder_or_file_of_this_machine(served: Site, tmp_path: Path) -> None:
    """Otherwise an editor could read through the library whatever Footnote's own user can."""
    (tmp_path / "secret.md").write_text("# A secret\n\nOf another.\n")
    for role in (Role.EDITOR, Role.ADMIN):
        with served.web(role) as web:
            for place in (
                tmp_path,
                tmp_path / "secret.md",
                "~",
                "/etc",
                "file:///etc/passwd",
                "starter/../..",
            ):
                for address in ("preview", "sources/add"):
                    reply = web.post(f"/library/{address}", json={"place": str(place)})
                    assert reply.status_code == 422, place
                    assert "Of another" not in reply.text


def test_questions_and_requests_of_one_person_keep_to_the_settings(tmp_path: Path) -> None:
    with site(tmp_path, questions_per_minute=2, requests_per_minute=40) as made:
        with PagePerson(made.url, cookies=made.cookies[Role.READER]) as rita:
            texts = [rita.ask(QUESTION).text for _ in range(3)]
        assert ["the most there may be" in text for text in texts] == [False, False, True]
        with made.web(Role.READER) as web:
            statuses = [web.get("/library/progress").status_code for _ in range(40)]
        assert statuses[-1] == 429
        # Others are not held up.
        with PagePerson(made.url, cookies=made.cookies[Role.EDITOR]) as edgar:
            assert edgar.ask(QUESTION).is_answered


def test_questions_at_once_keep_to_the_settings(home: Home, tiny_catalogue: None) -> None:
    """Seen where the page is made: to hold answers up over the network would take seconds."""
    heard: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ui.serving.serving.create_app", lambda *_, **given: heard.update(given))
        set_up(home, questions_at_once=2)
        made = workshop(home)
        build_app(made, LocalDesk(made), ServerAddress("http://127.0.0.1:1", TOKEN, 1))
    limits = heard["checks"].questions
    limits.take("rita", running=1)
    with pytest.raises(Exception, match="the most at once"):
        limits.take("rita", running=2)


@pytest.mark.parametrize(("idle", "hours"), [(30, 12), (600, 0.5)])
def test_a_session_lasts_as_long_as_the_settings_say(home: Home, idle: float, hours: float) -> None:
    set_up(home, session_idle_minutes=idle, session_hours=hours)
    ada = AccountFile(home.accounts).add("ada", Role.ADMIN, "no hash")
    for minutes, is_in in ((25, True), (35, False)):
        ago = Clock(time() - 60 * minutes)
        begun = Sessions(home.sessions, idle=timedelta(days=1), longest=timedelta(days=1), clock=ago)
        cookie = f"{COOKIE}={begun.begin(ada)}".encode()
        access = Access.of(home, load_settings(home.settings_file))
        scope = {
            "type": "http",
            "headers": [(b"cookie", cookie)],
            "client": ("127.0.0.1", 1),
            "scheme": "http",
        }
        assert (access.logged_in(scope) is not None) == is_in


def test_no_address_is_believed_that_a_request_names_itself(
    home: Home, articles: Path, tiny_catalogue: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server below would take the sender from a header, were it told to by this variable."""
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    monkeypatch.setattr(server, "Workshop", TinyWorkshop)
    install_models(home)
    set_up(
        home,
        sources=[str(articles)],
        warming=False,
        proxy_addresses=["10.9.9.9"],
        proxy_header="X-Remote-User",
    )
    AccountFile(home.accounts).add("ada", Role.ADMIN, None)
    session = Session(home, load_settings(home.settings_file, port=free_port()), Terminal())
    statuses: list[int] = []

    def visit() -> None:
        wait_until(lambda: serving_process(home.server_file), 60)
        spoofed = {"X-Forwarded-For": "10.9.9.9", "X-Remote-User": "ada"}
        with httpx.Client(base_url=f"http://127.0.0.1:{session.settings.port}", trust_env=False) as web:
            statuses.extend(
                web.get(path, headers=spoofed).status_code for path in ("/library", "/", "/config")
            )
        os.kill(os.getpid(), signal.SIGTERM)

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    visitor = Thread(target=visit)
    visitor.start()
    try:
        serve_until_stopped(session, sync=True)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        visitor.join()
    # Who it is, nobody has said: no password is there to log in with either.
    assert statuses == [403, 403, 403]
