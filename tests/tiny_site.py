"""A web site on this machine, made of what a test puts there, and time that takes none."""

import gzip
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ingest.web.address_guard import AddressGuard
from ingest.web.guarded_transport import GuardedTransport
from ingest.web.web_fetcher import FetchLimits, WebFetcher

HERE = "127.0.0.0/8"
Write = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Answer:
    """What one path answers; `write` sends the answer by itself, byte by byte if it likes."""

    body: bytes = b""
    media_type: str = "text/html"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    write: Write | None = None


@dataclass
class Asked:
    """A request that came."""

    path: str
    headers: dict[str, str]


class TinySite:
    """Serves `answers` by path; several for one path are given in turn, the last one from then on."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[Asked] = []

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def put(self, path: str, body: bytes | str = b"", *rest: str, status: int = 200, **headers: str) -> str:
        """Serve `body`, with a media type if one is named; gives its address."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        data = body.encode() if isinstance(body, str) else body
        self.answers[path] = [Answer(data, *rest, status=status, headers=named)]
        return self.root + path

    def put_in_turn(self, path: str, *answers: Answer) -> str:
        self.answers[path] = list(answers)
        return self.root + path

    def remove(self, path: str) -> None:
        self.answers.pop(path, None)

    def paths(self) -> list[str]:
        """What was asked for since the last look, robots.txt left out."""
        found = [one.path for one in self.asked if one.path != "/robots.txt"]
        self.asked.clear()
        return found

    def answer(self, path: str) -> Answer:
        answers = self.answers.get(path)
        if not answers:
            return Answer(b"not here", status=404)
        return answers.pop(0) if len(answers) > 1 else answers[0]


@contextmanager
def tiny_site() -> Iterator[TinySite]:
    """A site that listens while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(Asked(self.path, {name.lower(): value for name, value in self.headers.items()}))
            answer = site.answer(self.path)
            if answer.write is not None:
                answer.write(self)
                return
            etag = answer.headers.get("ETag")
            if etag and self.headers.get("If-None-Match") == etag:
                self.send_response(304)
                self.end_headers()
                return
            self.send_response(answer.status)
            if answer.media_type:
                self.send_header("Content-Type", answer.media_type)
            self.send_header("Content-Length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """The other side went away, as some tests want it to."""

    server = Server(("127.0.0.1", 0), Handler)
    site = TinySite(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class StillTime:
    """A clock that only sleeping moves; `slept` is what was slept, in order."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


def no_proxy(scheme: str, host: str) -> None:
    """Nothing between."""


def only_here(host: str, port: int) -> list[str]:
    """A look-up that knows this machine alone."""
    if not re.fullmatch(r"[0-9.]+|[0-9a-f:]+", host):
        raise OSError(f"no such host in a test: {host}")
    return [host]


def fetcher(
    time: StillTime | None = None,
    *,
    allowed: tuple[str, ...] = (HERE,),
    resolve: Any = only_here,
    total_seconds: float = 10.0,
    offline: bool = False,
    **limits: Any,
) -> WebFetcher:
    """A fetcher for this machine, whose pauses take no time."""
    still = time or StillTime()
    transport = GuardedTransport(
        AddressGuard(allowed, resolve=resolve), total_seconds=total_seconds, proxy_for=no_proxy
    )
    return WebFetcher(
        transport,
        limits=FetchLimits(**limits) if limits else None,
        offline=offline,
        clock=still.clock,
        sleep=still.sleep,
    )


def web_page(title: str, text: str, head: str = "") -> str:
    """A page as they are, with a menu and a footer around its text."""
    paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n"))
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title>{head}</head><body>"
        f"<nav><a href='/'>Home</a> <a href='/about'>About</a></nav>"
        f"<article><h1>{title}</h1>{paragraphs}</article><footer>All rights reserved</footer></body></html>"
    )


def packed(text: str | bytes) -> bytes:
    return gzip.compress(text.encode() if isinstance(text, str) else text, mtime=0)
