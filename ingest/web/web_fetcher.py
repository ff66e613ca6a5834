"""Fetches what is at a web address, with limits to everything and manners towards its host."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urljoin

import httpx

from ingest.errors import AddressRefused, AddressUnusable, FetchFailed, FetchRefused
from ingest.web.politeness import PolitePauses, retry_after
from ingest.web.response_body import body_of, content_type
from ingest.web.robots import LARGEST, RobotsRules
from ingest.web.web_address import host_of, port_of, web_address

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# As sites under repair, and those that want a log-in, send everybody to one page.
_FOR_NOW = frozenset({302, 303, 307})
_COME_AGAIN = frozenset({429, 500, 502, 503, 504})
# Of the answers that blame who asks, those that pass on their own.
_PASSING = frozenset({408, 425, 429})
_USUAL_PORTS = frozenset({80, 443})
_BROKEN: dict[type[Exception], str] = {
    httpx.ConnectError: "no connection",
    httpx.ConnectTimeout: "no connection in time",
    httpx.ReadTimeout: "no answer in time",
}
_NOT_TRUSTED = "CERTIFICATE_VERIFY_FAILED"
_ADVICE_ON_TRUST = (
    "its certificate is not trusted here; a network with authorities of its own names them in SSL_CERT_FILE"
)
# Of a host that fails this often in a row, nothing more is asked in the same run.
_FAILURES_IN_A_ROW = 3
_LONGEST_VALIDATOR = 1_000


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How much a fetch may take: of time (in seconds), of bytes (unpacked), of requests."""

    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    redirects: int = 5
    bytes: int = 50 * 2**20
    tries: int = 3
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 60.0
    pause_seconds: float = 1.0
    longest_pause_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said by which it can tell later whether the page at `url` has changed."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered; `url` is where it was in the end, after redirects.

    With `is_unchanged` it is as it was when `validators` were given, and `data` is empty. `is_for_now` tells
    that a redirect on the way holds for now alone.
    """

    url: str
    data: bytes = field(default=b"", repr=False)
    media_type: str = ""
    charset: str | None = None
    validators: Validators | None = None
    is_unchanged: bool = False
    is_for_now: bool = False


@dataclass(frozen=True, slots=True)
class _Redirect:
    to: str
    is_for_now: bool


class WebFetcher:
    """One run's fetches, one at a time. Make a new one for each run: robots.txt is asked once in its life.

    Only what may pass on its own is tried again: broken connections, timeouts, 429 and 5xx.
    """

    def __init__(
        self,
        transport: httpx.BaseTransport,
        *,
        limits: FetchLimits | None = None,
        offline: bool = False,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`offline` refuses every fetch, before anything is looked up or sent."""
        self._transport = transport
        self._limits = limits or FetchLimits()
        self._offline = offline
        self._sleep = sleep
        self._pauses = PolitePauses(
            clock, sleep, pause=self._limits.pause_seconds, longest=self._limits.longest_pause_seconds
        )
        self._robots = RobotsRules(self._robots_file)
        self._failures: dict[str, int] = {}
        self._down: dict[str, str] = {}
        self._agent = f"Footnote/{_version()} (+library of articles on a user's own machine)"

    def fetch(
        self, url: str, *, known: Validators | None = None, ports: frozenset[int] = frozenset()
    ) -> Fetched:
        """What is at `url`. With `known`, the server may say that it is as it was.

        Ports other than 80 and 443 are asked only when they are among `ports`. Raises FetchFailed, with the
        HTTP status where there was one.
        """
        return self._follow(url, known, _USUAL_PORTS | ports)

    def _robots_file(self, url: str) -> bytes:
        return self._follow(url, None, _USUAL_PORTS | {port_of(url)}, of_robots=True).data

    def _follow(
        self, url: str, known: Validators | None, ports: frozenset[int], *, of_robots: bool = False
    ) -> Fetched:
        if self._offline:
            raise FetchRefused(
                url, "the setting offline = true refuses all fetching; set it to false to fetch"
            )
        here, is_for_now = url, False
        try:
            for _ in range(self._limits.redirects + 1):
                here = _checked(here, ports)
                if not of_robots:
                    self._pauses.ask_for(host_of(here), self._robots.check(here))
                answer = self._ask(here, known if known and known.url == here else None, cut=of_robots)
                if isinstance(answer, Fetched):
                    return replace(answer, is_for_now=is_for_now)
                here, is_for_now = _joined(here, answer.to), is_for_now or answer.is_for_now
        except FetchFailed as error:
            led = f" (it led to {here})" if here != url else ""
            raise type(error)(url, f"{error.reason}{led}", status=error.status) from error
        raise FetchFailed(url, f"it leads on over {self._limits.redirects} times, last to {here}; check it")

    def _ask(self, url: str, known: Validators | None, *, cut: bool) -> Fetched | _Redirect:
        """What one address answers: a page, or where it leads. Tried again where that may help."""
        host = host_of(url)
        if host in self._down:
            raise FetchFailed(url, self._down[host])
        wait = self._limits.first_wait_seconds
        for tries_left in reversed(range(self._limits.tries)):
            self._pauses.before(host)
            status: int | None = None
            asked: float | None = None
            try:
                with self._open(url, known) as answer:
                    if answer.status_code not in _COME_AGAIN:
                        result = self._read(url, answer, known, cut=cut)
                        self._failures.pop(host, None)
                        return result
                    status = answer.status_code
                    asked = retry_after(answer.headers.get("Retry-After"))
                reason = f"it answers {_status(status)}"
            except (httpx.TransportError, httpx.InvalidURL) as error:
                if _NOT_TRUSTED in str(error):
                    self._down[host] = _ADVICE_ON_TRUST
                    raise FetchFailed(url, f"{_ADVICE_ON_TRUST} ({_told(error)})") from error
                reason = _words(error)
            finally:
                self._pauses.after(host)
            pause = wait if asked is None else asked
            if not tries_left or pause > self._limits.longest_wait_seconds:
                break
            self._sleep(pause)
            wait *= 2
        self._note_failure(host, status, reason)
        raise FetchFailed(url, f"{reason}; the next sync tries again", status=status)

    def _note_failure(self, host: str, status: int | None, reason: str) -> None:
        self._failures[host] = self._failures.get(host, 0) + 1
        if status in (None, 429, 503) or self._failures[host] >= _FAILURES_IN_A_ROW:
            self._down[host] = (
                f"not asked, since its host failed before ({reason}); the next sync tries again"
            )

    @contextmanager
    def _open(self, url: str, known: Validators | None) -> Iterator[httpx.Response]:
        headers = {
            "User-Agent": self._agent,
            "Accept": "*/*",
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }
        if known is not None and (etag := _sendable(known.etag)):
            headers["If-None-Match"] = etag
        if known is not None and (last_modified := _sendable(known.last_modified)):
            headers["If-Modified-Since"] = last_modified
        timeout = httpx.Timeout(self._limits.read_seconds, connect=self._limits.connect_seconds)
        request = httpx.Request("GET", url, headers=headers, extensions={"timeout": timeout.as_dict()})
        try:
            answer = self._transport.handle_request(request)
        except AddressRefused:
            raise
        except FetchFailed as error:
            self._down[host_of(url)] = error.reason
            raise
        try:
            yield answer
        finally:
            answer.close()

    def _read(
        self, url: str, answer: httpx.Response, known: Validators | None, *, cut: bool
    ) -> Fetched | _Redirect:
        status = answer.status_code
        if status in _REDIRECTS and answer.headers.get("Location"):
            return _Redirect(str(answer.headers["Location"]), status in _FOR_NOW)
        if status == 304 and known is not None:
            return Fetched(url, validators=known, is_unchanged=True)
        if status != 200:
            failed = FetchRefused if 400 <= status < 500 and status not in _PASSING else FetchFailed
            advice = "check the address" if status in (404, 410) else "see it in a browser"
            raise failed(url, f"it answers {_status(status)}; {advice}", status=status)
        media_type, charset = content_type(answer.headers.get("Content-Type", ""))
        return Fetched(
            url,
            body_of(url, answer, LARGEST if cut else self._limits.bytes, cut=cut),
            media_type,
            charset,
            Validators(
                url, _sendable(answer.headers.get("ETag")), _sendable(answer.headers.get("Last-Modified"))
            ),
        )


def _sendable(validator: str | None) -> str | None:
    """What a server said, where it can be said to it again: a short line of ASCII."""
    if validator is None or len(validator) > _LONGEST_VALIDATOR:
        return None
    return validator if validator.isascii() and validator.isprintable() else None


def _joined(url: str, to: str) -> str:
    try:
        return urljoin(url, to)
    except ValueError:
        return to


def _checked(url: str, ports: frozenset[int]) -> str:
    """The address in its one spelling. Raises AddressRefused for what must not be asked."""
    try:
        address = web_address(url)
    except AddressUnusable as error:
        raise AddressRefused(url, "it leads to what is no web address that can be read; check it") from error
    if port_of(address) not in ports:
        raise AddressRefused(
            url, f"port {port_of(address)} is not asked; only 80, 443 and that of the named address are"
        )
    return address


def _status(status: int) -> str:
    try:
        return f"HTTP {status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return f"HTTP {status}"


def _words(error: Exception) -> str:
    kind = _BROKEN.get(type(error), "the connection broke")
    detail = _told(error)
    return f"{kind} ({detail})" if detail else kind


def _told(error: Exception) -> str:
    return " ".join(str(error).split())


@cache
def _version() -> str:
    try:
        return version("footnote")
    except PackageNotFoundError:
        return "0"
