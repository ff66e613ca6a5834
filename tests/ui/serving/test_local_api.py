import json
import socket
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn, cast

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tiny_footnote import QUESTION, TOKEN, install_models, serving, set_up, wait_until, workshop

from assistant.answer import Answer
from assistant.events import Turn
from index_store.errors import RunError
from index_store.passage import ScoredPassage
from ui.desk import Desk, OnSync, OnWait, Stopped, SyncSummary, ignored, never
from ui.home import Home
from ui.local_desk import LocalDesk
from ui.serving.local_api import TOKEN_HEADER, local_api
from ui.serving.server_file import serving_process

pytestmark = pytest.mark.usefixtures("tiny_catalogue")

CALLS: tuple[tuple[str, str, object], ...] = (
    ("GET", "/api/alive", None),
    ("POST", "/api/ask", {"question": "x"}),
    ("POST", "/api/search", {"question": "x"}),
    ("GET", "/api/articles", None),
    ("GET", "/api/article?path=x", None),
    ("POST", "/api/sync", {}),
    ("POST", "/api/sources/remove", {"place": "x"}),
)


@pytest.fixture
def desk(home: Home, articles: Path) -> Iterator[LocalDesk]:
    install_models(home)
    set_up(home, sources=[str(articles)])
    made = LocalDesk(workshop(home))
    yield made
    made.close()


def calling(app: FastAPI, token: str | None) -> TestClient:
    web = TestClient(app)
    if token is not None:
        web.headers = {TOKEN_HEADER.encode(): token.encode()}
    return web


def client(desk: Desk, token: str | None = TOKEN) -> TestClient:
    app = FastAPI()
    app.include_router(local_api(desk, TOKEN))
    return calling(app, token)


class NobodyComesToIt:
    """A desk that no call may reach."""

    def __getattr__(self, name: str) -> NoReturn:
        raise AssertionError(f"a stranger came as far as the desk's {name}")


@pytest.fixture(scope="module")
def guarded() -> FastAPI:
    """The local API for those who have no token: to build one takes longer than to be refused by it."""
    app = FastAPI()
    app.include_router(local_api(cast(Desk, NobodyComesToIt()), TOKEN))
    return app


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
@pytest.mark.parametrize("token", [None, "", "wrong", f"{TOKEN} ", TOKEN.upper(), "é"])
def test_every_call_needs_the_token(
    guarded: FastAPI, method: str, path: str, body: object, token: str | None
) -> None:
    response = calling(guarded, token).request(method, path, json=body)
    assert response.status_code == 403
    assert "token" in response.json()["detail"]


@pytest.mark.whole
def test_the_token_is_looked_at_before_the_work(desk: LocalDesk) -> None:
    # A body that is wrong, too, must not tell a stranger anything.
    assert client(desk, "wrong").post("/api/ask", json={"nonsense": 1}).status_code in (403, 422)
    client(desk, "wrong").post("/api/sync", json={})
    assert desk.articles() == []


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_the_token_in_the_address_does_not_count(
    guarded: FastAPI, method: str, path: str, body: object
) -> None:
    sign = "&" if "?" in path else "?"
    address = f"{path}{sign}token={TOKEN}&{TOKEN_HEADER}={TOKEN}"
    assert calling(guarded, None).request(method, address, json=body).status_code == 403


@pytest.mark.whole
def test_a_sync_tells_each_step_and_ends_with_the_summary(desk: LocalDesk) -> None:
    response = client(desk).post("/api/sync", json={})
    lines = [line for line in response.text.split("\n") if line]
    assert len(lines) == 3
    assert '"step"' in lines[0]
    assert '"summary"' in lines[2]


@pytest.mark.whole
@pytest.mark.parametrize(
    ("path", "body", "usage"),
    [
        ("/api/ask", {"question": " "}, True),
        ("/api/ask", {"question": "x" * 20_000}, True),
        ("/api/ask", {"question": "x", "model": "nonsense"}, True),
        ("/api/ask", {"question": "x", "model": "second-writer"}, False),
        ("/api/search", {"question": " "}, True),
    ],
)
def test_errors_travel_with_their_kind(desk: LocalDesk, path: str, body: object, usage: bool) -> None:
    response = client(desk).post(path, json=body)
    assert response.status_code == 422
    assert response.json()["usage"] is usage
    assert response.json()["error"]


def test_an_error_of_a_sync_is_its_last_line(desk: LocalDesk) -> None:
    lines = client(desk).post("/api/sync", json={"places": ["/nowhere"]}).text.splitlines()
    assert len(lines) == 1
    assert "'/nowhere'" in lines[0]
    assert '"usage": true' in lines[0]


class BrokenDesk(LocalDesk):
    """Fails in a way that nobody foresaw."""

    def __init__(self) -> None:
        pass

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        model: str | None = None,
        stopped: Stopped = never,
    ) -> Answer:
        raise KeyError("inner secret")

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        raise KeyError("inner secret")

    def sync(
        self, places: Sequence[str], *, dry_run: bool, on_step: OnSync, on_wait: OnWait = ignored
    ) -> SyncSummary:
        raise KeyError("inner secret")


@pytest.mark.parametrize("path", ["/api/ask", "/api/search", "/api/sync"])
def test_an_unforeseen_failure_goes_to_the_log_and_not_over_the_wire(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    response = client(BrokenDesk()).post(path, json={"question": "x"})
    assert "failed" in response.text
    assert "secret" not in response.text
    assert "inner secret" in caplog.text


class WaitingDesk(LocalDesk):
    """Lets every question and every sync wait until it is told to go on."""

    def __init__(self, inner: LocalDesk) -> None:
        self.inner = inner
        self.waiting = 0
        self.go_on = threading.Event()
        self.finished = threading.Event()

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        model: str | None = None,
        stopped: Stopped = never,
    ) -> Answer:
        self.waiting += 1
        self.go_on.wait(90)
        return self.inner.ask(question, history=history, model=model, stopped=stopped)

    def sync(
        self, places: Sequence[str], *, dry_run: bool, on_step: OnSync, on_wait: OnWait = ignored
    ) -> SyncSummary:
        def step(*told: object) -> None:
            on_step(*told)  # type: ignore[arg-type]
            self.waiting += 1
            self.go_on.wait(90)

        try:
            return self.inner.sync(places, dry_run=dry_run, on_step=step, on_wait=on_wait)
        finally:
            self.finished.set()


@pytest.mark.whole
def test_the_process_is_seen_to_live_under_more_questions_than_it_has_threads(
    desk: LocalDesk, home: Home, articles: Path
) -> None:
    desk.sync([str(articles)], dry_run=False, on_step=lambda *_: None)
    waiting = WaitingDesk(desk)
    with serving(home, waiting) as address:
        codes: list[int] = []

        web = httpx.Client(headers={TOKEN_HEADER: TOKEN}, timeout=120, trust_env=False, limits=httpx.Limits())

        def ask() -> None:
            body = {"question": QUESTION}
            codes.append(web.post(f"{address.url}/api/ask", json=body).status_code)

        threads = [threading.Thread(target=ask) for _ in range(48)]
        for thread in threads:
            thread.start()
        wait_until(lambda: waiting.waiting >= 40)
        assert serving_process(home.server_file) == address
        waiting.go_on.set()
        for thread in threads:
            thread.join()
        web.close()
        assert codes == [200] * 48


class EndlessDesk(LocalDesk):
    """Answers until it is stopped."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.stopped = threading.Event()

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        model: str | None = None,
        stopped: Stopped = never,
    ) -> Answer:
        self.begun.set()
        wait_until(stopped)
        self.stopped.set()
        raise RunError("given up")


@pytest.mark.parametrize("measuring", [False, True])
def test_an_answer_is_stopped_when_the_one_who_asked_is_gone(home: Home, measuring: bool) -> None:
    desk, other = EndlessDesk(), EndlessDesk()
    asked = other if measuring else desk
    body = json.dumps({"question": QUESTION, "measuring": measuring}).encode()
    with serving(home, desk, unrecorded=other) as address:
        host, port = address.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            head = f"POST /api/ask HTTP/1.1\r\nHost: {host}\r\n{TOKEN_HEADER}: {TOKEN}\r\n"
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            connection.sendall(head.encode() + body)
            assert asked.begun.wait(60)
            assert not asked.stopped.is_set()
        assert asked.stopped.wait(60)


@pytest.mark.whole
def test_a_sync_goes_on_when_the_one_who_asked_is_gone(desk: LocalDesk, home: Home) -> None:
    waiting = WaitingDesk(desk)
    with serving(home, waiting) as address:
        with (
            httpx.Client(headers={TOKEN_HEADER: TOKEN}, timeout=60, trust_env=False) as web,
            web.stream("POST", f"{address.url}/api/sync", json={}) as response,
        ):
            first = next(response.iter_lines())
            assert '"done":0,"total":2' in first
        waiting.go_on.set()
        assert waiting.finished.wait(60)
    assert len(desk.articles()) == 2


@pytest.mark.whole
def test_a_sync_behind_another_says_at_once_that_it_waits(desk: LocalDesk, home: Home) -> None:
    waiting = WaitingDesk(desk)
    with (
        serving(home, waiting) as address,
        httpx.Client(headers={TOKEN_HEADER: TOKEN}, timeout=60, trust_env=False) as web,
        web.stream("POST", f"{address.url}/api/sync", json={}) as first,
    ):
        next(first.iter_lines())
        with web.stream("POST", f"{address.url}/api/sync", json={}) as second:
            lines = second.iter_lines()
            assert next(lines) == '{"waiting": "another sync is running: waiting for it to end"}'
            waiting.go_on.set()
            assert '"kept":2' in list(lines)[-1]


def test_no_route_is_advertised(desk: LocalDesk) -> None:
    app = FastAPI()
    app.include_router(local_api(desk, TOKEN))
    assert app.openapi()["paths"] == {}


def test_a_failing_desk_says_so_in_a_line(home: Home) -> None:
    class Closed(BrokenDesk):
        def search(self, question: str, limit: int) -> list[ScoredPassage]:
            raise RunError("the library is away")

    response = client(Closed()).post("/api/search", json={"question": "x"})
    assert response.json() == {"error": "the library is away", "usage": False}
