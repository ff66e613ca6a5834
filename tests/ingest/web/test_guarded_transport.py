"""The way out: to checked addresses alone, straight or through a proxy, and never for long."""

import ssl
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler

import httpx
import pytest
from tiny_site import HERE, Answer, TinySite, no_proxy, only_here

from ingest.errors import AddressRefused, FetchFailed
from ingest.web.address_guard import AddressGuard
from ingest.web.guarded_transport import GuardedTransport, environment_proxy


def get(transport: GuardedTransport, url: str) -> httpx.Response:
    timeout = httpx.Timeout(5.0).as_dict()
    answer = transport.handle_request(httpx.Request("GET", url, extensions={"timeout": timeout}))
    answer.read()
    answer.close()
    return answer


def straight(
    resolve: object = only_here, allowed: Sequence[str] = (HERE,), **rest: float
) -> GuardedTransport:
    return GuardedTransport(AddressGuard(allowed, resolve=resolve), proxy_for=no_proxy, **rest)  # type: ignore[arg-type]


def test_the_connection_goes_to_the_checked_address_and_the_name_stays_in_the_request(site: TinySite) -> None:
    site.put("/a", "here")
    transport = straight(lambda host, port: ["127.0.0.1"])
    answer = get(transport, f"http://news.example:{site.port}/a")
    assert answer.content == b"here"
    assert site.asked[0].headers["host"] == f"news.example:{site.port}"


def test_a_name_is_looked_up_once_so_that_it_cannot_lead_elsewhere_after_the_check(
    site: TinySite,
) -> None:
    site.put("/a", "secret of this machine")
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers.pop(0)

    transport = straight(rebinding, allowed=(), total_seconds=0.2)
    # The public address is what is connected to: not allowed in a test, not there anyway, but never here.
    with pytest.raises(BaseException, match=r"93\.184\.216\.34|time"):
        get(transport, f"http://news.example:{site.port}/a")
    assert asked == ["news.example"]
    with pytest.raises(AddressRefused):
        get(transport, f"http://news.example:{site.port}/a")
    assert site.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_is_refused_however_it_is_written(site: TinySite, host: str) -> None:
    transport = GuardedTransport(AddressGuard(), proxy_for=no_proxy)
    with pytest.raises(AddressRefused):
        get(transport, f"http://{host}:{site.port}/a")
    assert site.asked == []


def test_the_next_address_is_tried_when_one_does_not_answer(site: TinySite) -> None:
    site.put("/a", "here")
    transport = straight(lambda host, port: ["127.0.0.2", "127.0.0.1"])
    assert get(transport, f"http://news.example:{site.port}/a").content == b"here"


def test_a_trickle_ends_when_its_time_is_up(site: TinySite) -> None:
    stop = threading.Event()

    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n")
        while not stop.wait(0.02):
            handler.wfile.write(b"X-More: 1\r\n")
            handler.wfile.flush()

    url = site.put_in_turn("/slow", Answer(write=trickle))
    began = time.monotonic()
    with pytest.raises(httpx.ReadTimeout):
        get(straight(total_seconds=0.2), url)
    stop.set()
    assert time.monotonic() - began < 20


def test_tls_is_asked_for_the_name_and_not_for_the_address(site: TinySite) -> None:
    asked: list[str | None] = []

    class Watched(ssl.SSLContext):
        def wrap_socket(self, *_: object, server_hostname: str | None = None, **__: object) -> ssl.SSLSocket:  # type: ignore[override]
            asked.append(server_hostname)
            raise OSError("far enough")

    transport = GuardedTransport(
        AddressGuard([HERE], resolve=lambda host, port: ["127.0.0.1"]),
        proxy_for=no_proxy,
        authorities=lambda: Watched(ssl.PROTOCOL_TLS_CLIENT),
    )
    with pytest.raises(httpx.ConnectError):
        get(transport, f"https://news.example:{site.port}/a")
    assert asked == ["news.example"]


def through(site: TinySite, resolve: object) -> GuardedTransport:
    return GuardedTransport(
        AddressGuard(resolve=resolve),  # type: ignore[arg-type]
        proxy_for=lambda scheme, host: f"http://ann:word@127.0.0.1:{site.port}",
    )


def test_behind_a_proxy_its_own_host_is_not_checked_and_the_target_is(site: TinySite) -> None:
    site.put("http://news.example/a", "by proxy")
    answer = get(through(site, lambda host, port: ["93.184.216.34"]), "http://news.example/a")
    assert answer.content == b"by proxy"
    assert site.asked[0].headers["proxy-authorization"].startswith("Basic ")
    site.asked.clear()
    with pytest.raises(AddressRefused):
        get(through(site, lambda host, port: ["10.0.0.1"]), "http://inner.example/a")
    with pytest.raises(AddressRefused):
        get(through(site, only_here), "http://127.0.0.1/a")
    assert site.asked == []


def test_a_name_that_only_the_proxy_can_look_up_is_left_to_it(site: TinySite) -> None:
    site.put("http://news.example/a", "by proxy")
    assert get(through(site, only_here), "http://news.example/a").content == b"by proxy"


def test_a_proxy_of_another_kind_is_told() -> None:
    transport = GuardedTransport(
        AddressGuard(resolve=lambda host, port: ["93.184.216.34"]),
        proxy_for=lambda scheme, host: "socks5://ann:word@proxy.example:1080",
    )
    with pytest.raises(FetchFailed, match=r"socks5://proxy\.example: no proxy of this kind") as caught:
        get(transport, "http://news.example/a")
    assert "word" not in str(caught.value)


def test_the_usual_variables_name_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    assert environment_proxy("https", "a.example") is None
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "inner.example")
    assert environment_proxy("https", "a.example") == "http://proxy.example:3128"
    assert environment_proxy("https", "inner.example") is None
    assert environment_proxy("http", "a.example") is None
    monkeypatch.setenv("ALL_PROXY", "http://other.example:1")
    assert environment_proxy("http", "a.example") == "http://other.example:1"
