"""The hub source against a real server on this machine that behaves like a model hub, well or badly."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from tiny_models import FACTS

from assistant.models.catalogue import EmbedderEntry, HubPlace, ModelEntry, PinnedFile
from assistant.models.hub_source import HubSource
from assistant.models.model_sources import FetchProgress, SourceFailed, unwatched

WEIGHTS = bytes(range(256)) * 400
PATH = "/org/tiny-GGUF/resolve/c0ffee/tiny.gguf"
TINY = ModelEntry(
    id="tiny",
    files=(PinnedFile("tiny.gguf", len(WEIGHTS)),),
    hub=HubPlace("org/tiny-GGUF", "c0ffee"),
    **FACTS,
)


class FakeHub:
    """Serves `files` by path; the other fields make it misbehave. `asked` keeps (path, range, token)."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {PATH: WEIGHTS}
        self.asked: list[tuple[str, str | None, str | None]] = []
        self.status: int | None = None
        self.redirect_to: str | None = None
        self.cut_after: list[int] = []
        self.knows_ranges = True
        self.range_shift = 0
        self.delay = 0.0
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hub.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def downloads(self) -> list[str | None]:
        """The ranges asked for, without the probes for one byte."""
        return [span for _, span, _ in self.asked if span != "bytes=0-0"]

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        span = request.headers.get("Range")
        self.asked.append((request.path, span, request.headers.get("Authorization")))
        probe = span == "bytes=0-0"
        time.sleep(self.delay)
        if self.redirect_to:
            request.send_response(302)
            request.send_header("Location", self.redirect_to + request.path)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        body = self.files.get(request.path)
        status = self.status or (404 if body is None else 200)
        if status != 200 or body is None:
            request.send_response(status)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        start = 0
        if span and self.knows_ranges:
            start = int(re.findall(r"\d+", span)[0]) + (0 if probe else self.range_shift)
            if start >= len(body):
                request.send_response(416)
                request.send_header("Content-Range", f"bytes */{len(body)}")
                request.send_header("Content-Length", "0")
                request.end_headers()
                return
            request.send_response(206)
            request.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        else:
            request.send_response(200)
        request.send_header("Content-Length", str(len(body) - start))
        request.end_headers()
        end = len(body)
        if not probe and self.cut_after:
            end = start + self.cut_after.pop(0)
        # A probe hangs up as soon as it has seen the head of the answer.
        with suppress(BrokenPipeError, ConnectionResetError):
            request.wfile.write(body[start:end])
        request.close_connection = True


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    fake = FakeHub()
    yield fake
    fake.close()


def source(hub: FakeHub, **settings: Any) -> HubSource:
    return HubSource(hub.url, pause_seconds=0, **settings)


def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_the_file_comes_from_the_pinned_commit(hub: FakeHub, tmp_path: Path) -> None:
    told: list[FetchProgress] = []
    source(hub).deliver(TINY, tmp_path, told.append)
    assert (tmp_path / "tiny.gguf").read_bytes() == WEIGHTS
    assert {path for path, _, _ in hub.asked} == {PATH}
    assert told[-1] == FetchProgress("tiny", "hub", len(WEIGHTS), len(WEIGHTS))
    assert [step.bytes_done for step in told] == sorted(step.bytes_done for step in told)


def test_an_embedder_is_fetched_file_by_file_into_its_folders(hub: FakeHub, tmp_path: Path) -> None:
    base = "/org/embed/resolve/beef/"
    hub.files = {base + "model.safetensors": b"weights", base + "1_Pooling/config.json": b"{}"}
    files = (PinnedFile("model.safetensors", 7), PinnedFile("1_Pooling/config.json"))
    entry = EmbedderEntry(
        id="embed", dimensions=2, max_tokens=8, files=files, hub=HubPlace("org/embed", "beef"), **FACTS
    )
    source(hub).deliver(entry, tmp_path, unwatched)
    assert (tmp_path / "model.safetensors").read_bytes() == b"weights"
    assert (tmp_path / "1_Pooling" / "config.json").read_bytes() == b"{}"


def test_a_cut_off_download_goes_on_where_it_stopped(hub: FakeHub, tmp_path: Path) -> None:
    hub.cut_after = [70_000]
    source(hub).deliver(TINY, tmp_path, unwatched)
    assert (tmp_path / "tiny.gguf").read_bytes() == WEIGHTS
    assert hub.downloads() == [None, "bytes=70000-"]


def test_what_an_earlier_run_left_is_gone_on_with(hub: FakeHub, tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").write_bytes(WEIGHTS[:1000])
    source(hub).deliver(TINY, tmp_path, unwatched)
    assert (tmp_path / "tiny.gguf").read_bytes() == WEIGHTS
    assert hub.downloads() == ["bytes=1000-"]


def test_a_whole_file_is_not_asked_for_again(hub: FakeHub, tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").write_bytes(WEIGHTS)
    source(hub).deliver(TINY, tmp_path, unwatched)
    assert hub.downloads() == []


def test_a_server_that_knows_no_ranges_makes_the_download_start_over(hub: FakeHub, tmp_path: Path) -> None:
    hub.knows_ranges = False
    (tmp_path / "tiny.gguf").write_bytes(b"x" * 1000)
    source(hub).deliver(TINY, tmp_path, unwatched)
    assert (tmp_path / "tiny.gguf").read_bytes() == WEIGHTS


def test_an_answer_from_another_place_in_the_file_is_not_appended(hub: FakeHub, tmp_path: Path) -> None:
    hub.range_shift = -10
    (tmp_path / "tiny.gguf").write_bytes(WEIGHTS[:1000])
    source(hub).deliver(TINY, tmp_path, unwatched)
    assert (tmp_path / "tiny.gguf").read_bytes() == WEIGHTS
    assert hub.downloads() == ["bytes=1000-", None]


def test_leftovers_longer_than_the_file_are_thrown_away(hub: FakeHub, tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").write_bytes(b"x" * (len(WEIGHTS) + 1))
    source(hub).deliver(TINY, tmp_path, unwatched)
    assert (tmp_path / "tiny.gguf").read_bytes() == WEIGHTS


def test_leftovers_of_unknown_length_that_the_server_cannot_go_on_with_are_fetched_anew(
    hub: FakeHub, tmp_path: Path
) -> None:
    (tmp_path / "tiny.gguf").write_bytes(b"x" * (len(WEIGHTS) + 1))
    entry = ModelEntry(id="tiny", files=(PinnedFile("tiny.gguf"),), hub=TINY.hub, **FACTS)
    source(hub).deliver(entry, tmp_path, unwatched)
    assert (tmp_path / "tiny.gguf").read_bytes() == WEIGHTS


def test_a_line_that_breaks_each_time_gives_up_and_keeps_what_came(hub: FakeHub, tmp_path: Path) -> None:
    hub.cut_after = [100, 100, 100, 100]
    with pytest.raises(SourceFailed, match="broke off 3 times"):
        source(hub).deliver(TINY, tmp_path, unwatched)
    assert (tmp_path / "tiny.gguf").read_bytes() == WEIGHTS[:300]


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "HTTP 404 Not Found"), (500, "HTTP 500"), (401, "wants a token"), (403, "terms accepted")],
)
def test_an_error_of_the_hub_is_told_and_not_repeated(
    hub: FakeHub, tmp_path: Path, status: int, words: str
) -> None:
    hub.status = status
    with pytest.raises(SourceFailed, match=words):
        source(hub).deliver(TINY, tmp_path, unwatched)
    assert len(hub.downloads()) == 1
    assert not list(tmp_path.iterdir())


def test_an_error_does_not_cost_what_came_before(hub: FakeHub, tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").write_bytes(WEIGHTS[:1000])
    hub.status = 503
    with pytest.raises(SourceFailed, match="HTTP 503"):
        source(hub).deliver(TINY, tmp_path, unwatched)
    assert (tmp_path / "tiny.gguf").read_bytes() == WEIGHTS[:1000]


@pytest.mark.parametrize("body", [WEIGHTS + b"more", WEIGHTS[:-1]])
def test_a_file_of_another_size_is_refused_before_it_is_downloaded(
    hub: FakeHub, tmp_path: Path, body: bytes
) -> None:
    hub.files[PATH] = body
    with pytest.raises(SourceFailed, match=f"has {len(body)} bytes, expected {len(WEIGHTS)}"):
        source(hub).deliver(TINY, tmp_path, unwatched)
    assert not list(tmp_path.iterdir())


def test_a_redirect_is_followed_and_the_token_stays_with_the_hub(hub: FakeHub, tmp_path: Path) -> None:
    store = FakeHub()
    try:
        # Another name for the same machine is another host to the client.
        hub.redirect_to = store.url.replace("127.0.0.1", "localhost")
        source(hub, token="secret").deliver(TINY, tmp_path, unwatched)
    finally:
        store.close()
    assert (tmp_path / "tiny.gguf").read_bytes() == WEIGHTS
    assert {token for _, _, token in hub.asked} == {"Bearer secret"}
    assert {token for _, _, token in store.asked} == {None}


def test_without_a_repository_the_hub_is_not_asked(hub: FakeHub, tmp_path: Path) -> None:
    entry = ModelEntry(id="tiny", files=TINY.files, **FACTS)
    with pytest.raises(SourceFailed, match="names no repository"):
        source(hub).deliver(entry, tmp_path, unwatched)
    assert hub.asked == []


def test_a_hub_that_refuses_connections_fails_at_once(tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match="cannot be reached"):
        HubSource(f"http://127.0.0.1:{closed_port()}").deliver(TINY, tmp_path, unwatched)


def test_a_silent_hub_costs_its_time_once_for_all_models(hub: FakeHub, tmp_path: Path) -> None:
    hub.delay = 0.4
    silent = source(hub, reach_seconds=0.1)
    for _ in range(3):
        with pytest.raises(SourceFailed, match=r"no answer in 0\.1 seconds|timed out"):
            silent.deliver(TINY, tmp_path, unwatched)
    # It hears of a request when it comes to it, on a busy machine after the asker has given up.
    deadline = time.monotonic() + 60
    while not hub.asked and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.05)
    assert len(hub.asked) == 1


def test_a_name_that_takes_for_ever_to_look_up_costs_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()

    def stuck(*_: object, **__: object) -> None:
        released.wait(60)
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", stuck)
    started = time.monotonic()
    with pytest.raises(SourceFailed, match=r"no answer in 0\.1 seconds"):
        HubSource("http://hub.example", reach_seconds=0.1).deliver(TINY, tmp_path, unwatched)
    assert time.monotonic() - started < 30
    released.set()
    for thread in threading.enumerate():
        if thread.name == "hub-probe":
            thread.join()


def test_the_default_leaves_a_second_of_the_five_that_an_unreachable_hub_may_cost() -> None:
    assert signature(HubSource).parameters["reach_seconds"].default == 4.0
