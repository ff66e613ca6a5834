"""Every address of the application and every function of its page: without, with too little, with enough."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import gradio as gr
import pytest
from door_steps import NAMES, filled, routes_of
from fastapi import FastAPI
from tiny_footnote import (
    CATALOGUE,
    TOKEN,
    TinyWorkshop,
    install_models,
    set_up,
    workshop,
)

from assistant.models.catalogue import Catalogue
from ui.accounts.access import COOKIE
from ui.accounts.account_file import AccountFile
from ui.accounts.doors import FUNCTIONS, Need, need_of
from ui.accounts.person import Role
from ui.accounts.sessions import Sessions
from ui.home import Home
from ui.local_desk import LocalDesk
from ui.metrics.metrics_routes import METRICS
from ui.serving.local_api import TOKEN_HEADER
from ui.serving.server_file import ServerAddress
from ui.serving.serving import build_app

Headers = Mapping[str, str]

pytestmark = pytest.mark.whole

OPEN = ("/healthz", "/readyz", "/login", "/page/{path:path}")
READS = {
    "/",
    "/config",
    "/theme.css",
    "/favicon.ico",
    "/manifest.json",
    "/robots.txt",
    "/assets/{path:path}",
    "/static/{path:path}",
    "/gradio_api/app_id",
    "/gradio_api/info",
    "/gradio_api/startup-events",
    "/gradio_api/theme.css",
    "/gradio_api/queue/data",
    "/gradio_api/heartbeat/{session_hash}",
    "/library",
    "/library/parts",
    "/library/progress",
    "/library/article",
}
ASKS = {
    "/gradio_api/queue/join",
    "/gradio_api/component_server",
    "/gradio_api/component_server/",
    "/gradio_api/cancel",
    "/gradio_api/reset",
}
KEEPS = {
    "/library/sync",
    "/library/preview",
    "/library/sources/add",
    "/library/sources/remove",
    "/library/sources/schedule",
    "/library/uploads",
    "/library/uploads/check",
    "/library/uploads/read",
    "/library/uploads/remove",
}
RULES = {
    "/models",
    "/models/parts",
    "/models/progress",
    "/users",
    "/users/parts",
}
"""What admins look at, and below what they change."""
CHANGES = {
    "/models/fetch",
    "/models/verify",
    "/models/stop",
    "/models/use",
    "/users/add",
    "/users/password",
    "/users/role",
    "/users/remove",
}
API = {
    "/api/alive",
    "/api/ask",
    "/api/search",
    "/api/articles",
    "/api/article",
    "/api/embedding",
    "/api/sync",
    "/api/sources/remove",
}
HARMFUL = {
    "model": "second-writer",
    "name": "rita",
    "role": "admin",
    "way": "type",
    "first": "correct horse",
    "second": "correct horse",
}
STREAMS = {"/gradio_api/queue/data", "/gradio_api/heartbeat/{session_hash}"}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class House:
    """A whole application with three people who are logged in."""

    app: FastAPI
    home: Home
    cookies: Mapping[Role | None, str]

    def ask(
        self,
        method: str,
        path: str,
        role: Role | None = None,
        *,
        query: str = "",
        body: bytes = b"",
        headers: Headers | None = None,
        raw_path: bytes | None = None,
        kind: str = "http",
    ) -> Reply:
        """One request, whose sender leaves once the answer has begun, so that no stream is waited for."""
        sent = {"host": "127.0.0.1", "sec-fetch-site": "same-origin", "accept": "text/html"}
        sent |= {"content-type": "application/json", "content-length": str(len(body)), **(headers or {})}
        if role is not None:
            sent["cookie"] = f"{COOKIE}={self.cookies[role]}"
        scope = {
            "type": kind,
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": raw_path if raw_path is not None else path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 80),
            "state": {},
        }
        return asyncio.run(asyncio.wait_for(_asked(self.app, scope, body), 20))


async def _asked(app: FastAPI, scope: dict[str, Any], body: bytes) -> Reply:
    incoming = [{"type": "http.request", "body": body, "more_body": False}]
    began = asyncio.Event()
    start: dict[str, Any] = {}
    pieces: list[bytes] = []

    async def receive() -> dict[str, Any]:
        if incoming:
            return incoming.pop()
        await began.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        elif message["type"] == "http.response.body":
            pieces.append(bytes(message.get("body", b"")))
            began.set()
        else:
            start.update(status=-1, kind=message["type"])

    with suppress(RuntimeError):  # Gradio's own, of a stream to which nothing has been put yet
        await app(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in start.get("headers", [])}
    return Reply(start["status"], headers, b"".join(pieces))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = Home(tmp_path_factory.mktemp("house"))
    file = AccountFile(home.accounts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTNOTE_HOME", str(home.root))
        patch.setattr(Catalogue, "load", lambda: CATALOGUE)
        install_models(home)
        set_up(home, sources=[], requests_per_minute=0)
        made: TinyWorkshop = workshop(home)
        accounts = [file.add(NAMES[role], role, "no hash") for role in reversed(Role)]
        sessions = Sessions(home.sessions, idle=timedelta(hours=1), longest=timedelta(hours=1))
        cookies = {account.role: sessions.begin(account) for account in accounts}
        desk = LocalDesk(made)
        app = build_app(made, desk, ServerAddress("http://127.0.0.1:7860", TOKEN, 1))
        yield House(app, home, cookies)
        desk.close()


@pytest.fixture(scope="module")
def page(house: House) -> gr.Blocks:
    return blocks_of(house.app)


def blocks_of(app: FastAPI) -> gr.Blocks:
    (mounted,) = (route.app for route in app.routes if hasattr(getattr(route, "app", None), "get_blocks"))
    found: gr.Blocks = mounted.get_blocks()
    return found


def test_every_address_is_known_and_all_that_is_not_needed_is_closed(house: House) -> None:
    """Whoever adds an address has to say here and in the doors who may use it."""
    found: dict[str, set[Need]] = {}
    for method, path in routes_of(house.app.routes):
        found.setdefault(path, set()).add(need_of(method, filled(path)))
    expected = {
        **dict.fromkeys((*OPEN, "/logout"), Need.NOTHING),
        **dict.fromkeys(READS, Need.READER),
        **dict.fromkeys(ASKS, Need.FUNCTION),
        "/gradio_api/cancel": Need.READER,
        "/gradio_api/reset": Need.READER,
        **dict.fromkeys(KEEPS, Need.EDITOR),
        **dict.fromkeys((*RULES, *CHANGES), Need.ADMIN),
        **dict.fromkeys(API, Need.TOKEN),
        METRICS: Need.ADMIN_OR_LOOPBACK,
    }
    assert len(found) > 90
    assert {path for path in expected if path not in found} == set()
    for path, needs in found.items():
        assert needs <= {expected.get(path, Need.CLOSED), Need.CLOSED}, path
        assert path not in expected or expected[path] in needs, path


def test_without_logging_in_nothing_answers_but_health_and_the_way_in(house: House) -> None:
    for method, path in routes_of(house.app.routes):
        reply = house.ask(method, filled(path))
        if path in OPEN or (method, path) == ("POST", "/logout"):
            assert reply.status in (200, 204, 303, 403, 404, 503), path
            continue
        if path in API:
            assert reply.status == 403, path
            continue
        if path == METRICS:
            # Asked here on this machine; whoever is let through by a proxy comes from elsewhere.
            assert reply.status == (200 if method == "GET" else 405), method
            passed_on = house.ask(method, path, headers={"x-forwarded-for": "10.1.2.3"})
            assert passed_on.status in (303, 401, 403, 404)
            continue
        # 404: closed before anybody is asked who they are.
        assert reply.status in (401, 403, 303, 404), (method, path)
        assert reply.status != 303 or reply.headers["location"].startswith("/login"), path
        assert b"Footnote" not in reply.body


def test_who_reads_may_look_and_ask_and_change_nothing(house: House) -> None:
    for path in READS - {"/gradio_api/queue/data"}:
        assert house.ask("GET", filled(path, lambda _: "r1"), Role.READER).status not in (401, 403), path
    for path in KEEPS:
        reply = house.ask("POST", path, Role.READER, query="name=a.md&size=1", body=b"{}")
        assert reply.status == 403, path
        assert reply.body == b"This needs the role editor; ask an admin for it"
    assert not house.home.uploads.exists()


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMIN])
def test_who_keeps_the_library_may_change_it(house: House, role: Role) -> None:
    for path in sorted(KEEPS):
        reply = house.ask("POST", path, role, query="name=a.exe&size=1", body=b"{}")
        # 400 and 422: it was let in, and there was nothing to do.
        assert reply.status in (200, 400, 422), (path, reply.body)


@pytest.mark.parametrize("role", [Role.READER, Role.EDITOR])
def test_who_is_no_admin_neither_sees_nor_changes_models_and_users(house: House, role: Role) -> None:
    before = house.home.accounts.read_bytes()
    for method, paths in (("GET", RULES), ("POST", CHANGES)):
        for path in paths:
            reply = house.ask(method, path, role, body=json.dumps(HARMFUL).encode())
            assert reply.status == 403, path
            assert reply.body == b"This needs the role admin; ask an admin for it"
    assert house.home.accounts.read_bytes() == before
    assert "second-writer" not in house.home.settings_file.read_text()


def test_an_admin_keeps_models_and_users(house: House) -> None:
    for path in RULES:
        reply = house.ask("GET", path, Role.ADMIN)
        assert reply.status == 200, path
        # Nothing of it is kept on the way, or shown again after logging out.
        assert reply.headers["cache-control"] == "no-store"
    for path in CHANGES:
        # 400: it was let in, and there was nothing to do.
        assert house.ask("POST", path, Role.ADMIN, body=b"{}").status in (200, 400), path
        assert house.ask("GET", path, Role.ADMIN).status == 404


def test_a_page_elsewhere_changes_neither_models_nor_users(house: House) -> None:
    body = json.dumps(HARMFUL).encode()
    for path in CHANGES:
        for headers in (
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"sec-fetch-site": "none"},
            {"sec-fetch-site": "same-origin", "origin": "http://evil.example"},
        ):
            assert house.ask("POST", path, Role.ADMIN, body=body, headers=headers).status == 403, path


def test_what_is_closed_is_so_for_everybody(house: House) -> None:
    closed = [
        (method, path)
        for method, path in routes_of(house.app.routes)
        if need_of(method, filled(path)) is Need.CLOSED
    ]
    assert len(closed) > 55
    for method, path in closed:
        assert house.ask(method, filled(path), Role.ADMIN).status == 404, (method, path)
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert house.ask(method, "/library", Role.ADMIN).status == 404


def test_an_address_that_nobody_has_thought_of_is_closed(house: House) -> None:
    @house.app.get("/new-thing")
    def new_thing() -> str:
        return "secret"

    house.app.router.routes.insert(0, house.app.router.routes.pop())
    for role in (None, *Role):
        assert b"secret" not in house.ask("GET", "/new-thing", role).body


def test_the_local_api_opens_by_its_token_alone(house: House) -> None:
    for role in (None, *Role):
        assert house.ask("GET", "/api/articles", role).status == 403
        assert house.ask("GET", "/api/articles", role, headers={TOKEN_HEADER: "wrong"}).status == 403
    reply = house.ask("GET", "/api/articles", headers={TOKEN_HEADER: TOKEN})
    assert (reply.status, json.loads(reply.body)) == (200, [])


def test_no_websocket_is_opened(house: House) -> None:
    for path in ("/", "/gradio_api/queue/join", "/queue/join", "/api/ask"):
        assert house.ask("GET", path, Role.ADMIN, kind="websocket").status == -1


def test_every_function_of_the_page_has_a_role(page: gr.Blocks) -> None:
    config = page.config
    events = {one["api_name"] for one in config["dependencies"] if one["backend_fn"]}
    scripts = {name for one in config["components"] for name in (one["props"].get("server_fns") or ())}
    assert len(events) >= 11
    assert scripts == {"source", "copy_text", "judge", "discard"}
    assert events | scripts == set(FUNCTIONS)
    assert not any(one["api_visibility"] == "public" for one in config["dependencies"])


def events_of(page: gr.Blocks) -> dict[str, int]:
    return {str(one.api_name): index for index, one in page.fns.items() if one.fn is not None}


def test_each_event_is_refused_without_and_taken_with_a_login(house: House, page: gr.Blocks) -> None:
    for name, index in events_of(page).items():
        body = json.dumps({"fn_index": index, "data": ["", ""], "session_hash": "t"}).encode()
        assert house.ask("POST", "/gradio_api/queue/join", body=body).status == 401, name
        # Its own queue refuses what is no call of it; that is behind the door.
        assert house.ask("POST", "/gradio_api/queue/join", Role.READER, body=body).status in (200, 503), name


def test_each_event_is_closed_by_every_other_way_to_call_it(house: House, page: gr.Blocks) -> None:
    body = json.dumps({"data": ["", ""], "session_hash": "t"}).encode()
    for name, index in events_of(page).items():
        for way in ("run", "api", "call", "call/v2"):
            for called in (name, f"{name}/", str(index)):
                path = f"/gradio_api/{way}/{called}"
                assert house.ask("POST", path, Role.ADMIN, body=body).status == 404, path


def test_each_function_of_the_scripts_is_refused_without_and_taken_with_a_login(
    house: House, page: gr.Blocks
) -> None:
    (hub,) = (index for index, one in page.blocks.items() if getattr(one, "server_fns", None))
    for name in ("source", "copy_text", "judge", "discard"):
        path = "/gradio_api/component_server/"
        body = json.dumps(
            {"component_id": hub, "fn_name": name, "data": {"turn": "x"}, "session_hash": "t"}
        ).encode()
        for slash in (path, path.rstrip("/")):
            assert house.ask("POST", slash, body=body).status == 401
            assert house.ask("POST", slash, Role.READER, body=body).status == 200, name
        for component, other in ((hub, "postprocess"), (hub, "__init__"), (hub + 1, name), (str(hub), name)):
            odd = json.dumps({"component_id": component, "fn_name": other, "data": {}, "session_hash": "t"})
            reply = house.ask("POST", path, Role.ADMIN, body=odd.encode())
            assert reply.status == 422, (component, other)


@pytest.mark.parametrize(
    "sent",
    [
        b'{"fn_index": true, "data": [], "session_hash": "t"}',
        b'{"fn_index": 1.0, "data": [], "session_hash": "t"}',
        b'{"fn_index": "1", "data": [], "session_hash": "t"}',
        b'{"fn_index": null, "data": [], "session_hash": "t"}',
        b'{"fn_index": -1, "data": [], "session_hash": "t"}',
        b'{"fn_index": 9999, "data": [], "session_hash": "t"}',
        # The browser's own event: there is no function behind it.
        b'{"fn_index": 2, "data": [], "session_hash": "t"}',
        b'{"data": [], "session_hash": "t"}',
        b'{"fn_index": 1, "data": []}',
        b'{"fn_index": 1, "data": "x", "session_hash": "t"}',
        b'{"fn_index": 1, "data": [["x"]], "session_hash": "t"}',
        b'{"fn_index": 1, "data": [{"path": "http://192.0.2.1/", "meta": {"_type": "gradio.FileData"}}],'
        b' "session_hash": "t"}',
        b'{"fn_index": 1, "data": [], "session_hash": ""}',
        b'{"fn_index": 1, "data": [], "session_hash": 5}',
        b"[1]",
        b"fn_index=1",
        b"\xff\xfe",
        b"[" * 100_000,
        b"",
    ],
)
def test_a_call_that_names_no_function_is_none(house: House, sent: bytes) -> None:
    assert house.ask("POST", "/gradio_api/queue/join", Role.ADMIN, body=sent).status == 422


def test_a_call_may_not_be_endless(house: House) -> None:
    sent = json.dumps({"fn_index": 1, "data": ["x" * 300_000], "session_hash": "t"}).encode()
    assert house.ask("POST", "/gradio_api/queue/join", Role.ADMIN, body=sent).status == 413


def test_figures_are_refused_to_a_page_whose_own_name_leads_here(house: House) -> None:
    for role, status in ((None, 403), (Role.READER, 403)):
        reply = house.ask("GET", METRICS, role, headers={"host": "localhost.evil.example"})
        assert reply.status in (400, status)
    reply = house.ask("GET", METRICS, headers={"host": "127.0.0.1", "via": "1.1 proxy"})
    assert reply.status == 303


def test_no_call_makes_footnote_fetch_an_address(
    house: House, page: gr.Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gradio fetches what stands in a field's value in the form of one of its files."""
    from gradio import processing_utils

    fetched: list[str] = []

    async def fetch(url: str, **_: object) -> str:
        fetched.append(url)
        raise ValueError(url)

    monkeypatch.setattr(processing_utils, "async_ssrf_protected_download", fetch)
    for name, index in events_of(page).items():
        value = {"path": "http://192.0.2.1/a.txt", "meta": {"_type": "gradio.FileData"}}
        count = len(page.fns[index].inputs)
        for data in ([value] * count, [[value]] * count, [{"value": value}] * count):
            call = {"fn_index": index, "data": data, "session_hash": "f", "event_data": value}
            sent = json.dumps(call).encode()
            reply = house.ask("POST", "/gradio_api/queue/join", Role.READER, body=sent)
            assert reply.status in ((422,) if count else (200, 503)), name
            assert count == 0 or b"something else than text" in reply.body
    # What would have been done with it.
    block = page.fns[events_of(page)["load"]].inputs[0]
    with pytest.raises(ValueError, match=r"192\.0\.2\.1"):
        asyncio.run(processing_utils.async_move_files_to_cache(value, block, check_in_upload_folder=True))
    assert fetched == ["http://192.0.2.1/a.txt"]


@pytest.mark.parametrize(
    "path", sorted({"/gradio_api/reset", *KEEPS, *CHANGES} - {"/library/uploads"}), ids=lambda path: path[1:]
)
def test_no_request_but_an_upload_may_be_endless(house: House, path: str) -> None:
    sent = b'"' + b"x" * 300_000 + b'"'
    assert house.ask("POST", path, Role.ADMIN, query="name=a.md&size=1", body=sent).status == 413


@pytest.mark.parametrize("path", sorted(API))
def test_nothing_is_read_of_what_a_stranger_sends_to_the_local_api(house: House, path: str) -> None:
    async def receive() -> dict[str, Any]:
        pytest.fail("it was read")

    statuses: list[int] = []

    async def send(message: Any) -> None:
        statuses.append(message.get("status"))

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"path=x", "root_path": "", "state": {},
        "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")],
        "client": ("10.0.0.9", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    asyncio.run(house.app(scope, receive, send))
    # Some take no POST, and are no address then.
    changing = ("/api/ask", "/api/search", "/api/sync", "/api/sources/remove")
    assert statuses[0] == (403 if path in changing else 404)


def test_nobody_listens_at_anothers_tab(house: House) -> None:
    body = json.dumps({"fn_index": 1, "data": [""], "session_hash": "edgars"}).encode()
    assert house.ask("POST", "/gradio_api/queue/join", Role.EDITOR, body=body).status in (200, 503)
    query = "session_hash=edgars"
    for role in (Role.READER, Role.ADMIN):
        assert house.ask("GET", "/gradio_api/queue/data", role, query=query).status == 403
        assert house.ask("GET", "/gradio_api/heartbeat/edgars", role).status == 403
        assert house.ask("POST", "/gradio_api/queue/join", role, body=body).status == 403
        cancel = json.dumps({"session_hash": "edgars", "fn_index": 1, "event_id": "e"}).encode()
        assert house.ask("POST", "/gradio_api/cancel", role, body=cancel).status == 403
    assert house.ask("GET", "/gradio_api/queue/data", Role.EDITOR, query=query).status == 200
    twice = "session_hash=own&session_hash=edgars"
    assert house.ask("GET", "/gradio_api/queue/data", Role.READER, query=twice).status == 403
    assert house.ask("GET", "/gradio_api/queue/data", Role.READER).status == 403


CLIMBS = (
    "../ ..%2f %2e%2e/ %2e%2e%2f ..%5c ..\\ ....// %252e%252e%252f ..%c0%af ..;/ ./../ %00../ / // file:///"
).split()


@pytest.mark.parametrize(
    "start", ["/page/", "/assets/", "/static/", "/static/img/", "/gradio_api/file=", "/"]
)
def test_no_file_outside_the_served_ones_can_be_fetched(house: House, start: str) -> None:
    secret = house.home.accounts
    for climb in CLIMBS:
        for target, depth in ((str(secret).lstrip("/"), 12), ("etc/passwd", 8), ("web_app.py", 1)):
            raw = f"{start}{climb * depth}{target}"
            # As a server decodes it, and as one would that decodes not at all.
            for path in {unquote(raw, errors="replace"), raw}:
                reply = house.ask("GET", path, Role.ADMIN, raw_path=raw.encode())
                assert reply.status in (400, 403, 404, 405), path


def test_no_file_can_be_fetched_as_an_article(house: House) -> None:
    secret = house.home.accounts
    for query in (
        f"source=/&path={secret}",
        f"source={secret.parent}&path=accounts.json",
        "source=..&path=..",
    ):
        assert house.ask("GET", "/library/article", Role.ADMIN, query=query).status == 404


def test_no_other_page_may_read_what_is_answered(house: House, page: gr.Blocks) -> None:
    for host in ("127.0.0.1", "localhost"):
        for origin in ("http://evil.example", f"http://{host}:8000", "null", f"http://{host}"):
            headers = {"host": host, "origin": origin}
            for path in ("/", "/config", "/library", "/gradio_api/info"):
                reply = house.ask("GET", path, Role.READER, headers=headers)
                assert reply.status == 200
                assert not [name for name in reply.headers if name.startswith("access-control-allow")]


def test_nothing_is_shared_with_the_outside(house: House, page: gr.Blocks) -> None:
    assert not page.share
    assert page.share_url is None
    for path in ("/gradio_api/deep_link", "/gradio_api/token", "/gradio_api/openapi.json"):
        assert house.ask("GET", path, Role.ADMIN).status == 404
