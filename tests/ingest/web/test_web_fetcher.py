"""Fetching: within limits, by the site's rules, and tried again only where that may help."""

import time as real_time
import zlib
from http.server import BaseHTTPRequestHandler

import httpx
import pytest
from tiny_site import Answer, StillTime, TinySite, fetcher, no_proxy, packed

from ingest.errors import AddressRefused, FetchFailed, FetchRefused
from ingest.web.address_guard import AddressGuard
from ingest.web.guarded_transport import GuardedTransport
from ingest.web.response_body import content_type
from ingest.web.web_fetcher import Fetched, FetchLimits, Validators, WebFetcher


def fetched(site: TinySite, url: str, **limits: object) -> Fetched:
    return fetcher(**limits).fetch(url, ports=frozenset({site.port}))  # type: ignore[arg-type]


def failure(site: TinySite, url: str, time: StillTime | None = None, **limits: object) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        fetcher(time, **limits).fetch(url, ports=frozenset({site.port}))  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(f"{url}: ")
    return caught.value


def test_what_is_there_comes_with_its_kind_and_what_it_can_be_told_by(site: TinySite) -> None:
    url = site.put("/a", "text", "text/html; Charset=ISO-8859-1", ETag='"1"', Last_Modified="yesterday")
    assert fetched(site, url) == Fetched(
        url, b"text", "text/html", "iso-8859-1", Validators(url, '"1"', "yesterday")
    )


def test_it_says_who_asks_and_sends_no_more_than_that(site: TinySite) -> None:
    fetched(site, site.put("/a", "text"))
    headers = site.asked[-1].headers
    assert headers["user-agent"].startswith("Footnote/")
    assert set(headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}


def test_cookies_are_not_kept(site: TinySite) -> None:
    url = site.put("/a", "text", Set_Cookie="id=1; Path=/")
    one = fetcher()
    for _ in range(2):
        one.fetch(url, ports=frozenset({site.port}))
    assert not any("cookie" in asked.headers for asked in site.asked)


def test_what_has_not_changed_is_not_sent_again(site: TinySite) -> None:
    url = site.put("/a", "text", ETag='"1"')
    known = fetched(site, url).validators
    again = fetcher().fetch(url, known=known, ports=frozenset({site.port}))
    assert again.is_unchanged
    assert (again.data, again.validators) == (b"", known)
    site.put("/a", "changed", ETag='"2"')
    assert fetcher().fetch(url, known=known, ports=frozenset({site.port})).data == b"changed"


def test_validators_are_for_the_page_that_gave_them(site: TinySite) -> None:
    first = site.put("/first", "text", Last_Modified="yesterday")
    moved = site.put("/a", status=302, Location="/first")
    known = fetcher().fetch(moved, ports=frozenset({site.port})).validators
    assert known == Validators(first, None, "yesterday")
    site.put("/second", "other")
    site.put("/a", status=302, Location="/second")
    site.asked.clear()
    fetcher().fetch(moved, known=known, ports=frozenset({site.port}))
    assert not any("if-modified-since" in asked.headers for asked in site.asked)


def test_redirects_are_followed_up_to_a_number(site: TinySite) -> None:
    for step in range(6):
        site.put(f"/{step}", status=(301, 302, 303, 307, 308, 301)[step], Location=f"{step + 1}")
    end = site.put("/6", "text")
    assert fetched(site, f"{site.root}/1").url == end
    told = failure(site, f"{site.root}/0")
    assert "over 5 times" in str(told)


def test_a_redirect_in_a_circle_ends(site: TinySite) -> None:
    url = site.put("/a", status=302, Location="/a")
    assert "over 5 times" in str(failure(site, url))
    assert len(site.paths()) == 6


@pytest.mark.parametrize(
    "to",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/a",
        "javascript:0",
        "http://ann:word@127.0.0.1/",
        "http://[/",
    ],
)
def test_a_redirect_to_what_is_no_web_address_is_refused(site: TinySite, to: str) -> None:
    told = failure(site, site.put("/a", status=302, Location=to))
    assert isinstance(told, AddressRefused)


@pytest.mark.parametrize("host", ["127.0.0.2", "inner.example", "rebound.example"])
def test_a_redirect_to_this_machine_or_an_inner_network_is_refused(site: TinySite, host: str) -> None:
    # 127.0.0.1 stands for a public address here, and nothing else does.
    hosts = {"inner.example": "10.0.0.1", "rebound.example": "::ffff:127.0.0.2"}
    site.put("/secret", "secret")
    url = site.put("/a", status=302, Location=f"http://{host}:{site.port}/secret")
    one = fetcher(allowed=("127.0.0.1/32",), resolve=lambda name, port: [hosts.get(name, name)])
    with pytest.raises(AddressRefused, match=rf"^{url}: .*not public.*it led to http://{host}"):
        one.fetch(url, ports=frozenset({site.port}))
    assert site.paths() == ["/a"]


def test_other_ports_than_the_usual_and_the_named_one_are_not_asked(site: TinySite) -> None:
    url = site.put("/a", "text")
    with pytest.raises(AddressRefused, match=f"port {site.port} is not asked"):
        fetcher().fetch(url)
    away = site.put("/b", status=302, Location="http://127.0.0.1:22/")
    assert "port 22" in str(failure(site, away))


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_not_there_is_told_at_once(site: TinySite, time: StillTime, status: int) -> None:
    told = failure(site, site.put("/a", "no", status=status), time)
    assert told.status == status
    assert f"HTTP {status}" in told.reason
    assert site.paths() == ["/a"]


@pytest.mark.parametrize("status", [400, 401, 403, 418, 451, 206, 300, 999])
def test_other_answers_are_told_at_once_too(site: TinySite, status: int) -> None:
    told = failure(site, site.put("/a", "no", status=status))
    assert f"HTTP {status}" in told.reason
    assert site.paths() == ["/a"]


@pytest.mark.parametrize(
    ("status", "is_refused"),
    [
        (400, True),
        (403, True),
        (404, True),
        (410, True),
        (408, False),
        (429, False),
        (501, False),
        (503, False),
    ],
)
def test_what_is_refused_for_good_is_told_from_what_may_pass(
    site: TinySite, status: int, is_refused: bool
) -> None:
    assert isinstance(failure(site, site.put("/a", "no", status=status)), FetchRefused) is is_refused


def test_a_304_that_nobody_asked_for_is_a_failure(site: TinySite) -> None:
    assert failure(site, site.put("/a", "", status=304)).status == 304


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again_with_longer_waits(site: TinySite, time: StillTime, status: int) -> None:
    bad = Answer(status=status)
    url = site.put_in_turn("/a", bad, bad, Answer(b"text"))
    assert fetcher(time, pause_seconds=0.0).fetch(url, ports=frozenset({site.port})).data == b"text"
    assert time.slept == [1.0, 2.0]
    site.put("/a", status=status)
    told = failure(site, url)
    assert told.status == status
    assert "the next sync tries again" in told.reason


def test_a_wait_that_is_asked_for_is_kept_up_to_a_bound(site: TinySite, time: StillTime) -> None:
    url = site.put_in_turn("/a", Answer(status=503, headers={"Retry-After": "17"}), Answer(b"text"))
    assert fetcher(time, pause_seconds=0.0).fetch(url, ports=frozenset({site.port})).data == b"text"
    assert time.slept == [17.0]
    site.put("/a", status=429, Retry_After="3600")
    site.asked.clear()
    assert failure(site, url).status == 429
    assert site.paths() == ["/a"]


def test_a_host_that_does_not_serve_is_not_asked_for_each_of_its_pages(site: TinySite) -> None:
    one = fetcher()
    ports = frozenset({site.port})
    site.put("/a", status=503)
    with pytest.raises(FetchFailed):
        one.fetch(f"{site.root}/a", ports=ports)
    site.paths()
    with pytest.raises(FetchFailed, match=r"host failed before .*503"):
        one.fetch(f"{site.root}/b", ports=ports)
    assert site.paths() == []


def test_a_page_that_fails_by_itself_keeps_no_other_from_being_asked(site: TinySite) -> None:
    one, ports = fetcher(), frozenset({site.port})
    site.put("/good", "text")
    site.put("/bad", status=500)
    for _ in range(3):
        with pytest.raises(FetchFailed, match="500"):
            one.fetch(f"{site.root}/bad", ports=ports)
        assert one.fetch(f"{site.root}/good", ports=ports).data == b"text"


def test_a_connection_that_breaks_is_tried_again(site: TinySite, time: StillTime) -> None:
    def half(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\nonly so much")

    url = site.put_in_turn("/a", Answer(write=half), Answer(write=lambda _: None), Answer(b"text"))
    assert fetcher(time, pause_seconds=0.0).fetch(url, ports=frozenset({site.port})).data == b"text"
    assert time.slept == [1.0, 2.0]


def test_nobody_there_is_told() -> None:
    with pytest.raises(FetchFailed, match="no connection"):
        fetcher().fetch("http://127.0.0.1:9/", ports=frozenset({9}))


def test_a_certificate_that_is_not_trusted_is_told_at_once(time: StillTime) -> None:
    class Untrusted(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate")

    one = WebFetcher(Untrusted(), clock=time.clock, sleep=time.sleep)
    for page in ("a", "b"):
        with pytest.raises(FetchFailed, match=rf"^https://a\.example/{page}: .*SSL_CERT_FILE"):
            one.fetch(f"https://a.example/{page}")
    assert time.slept == []


def test_an_unknown_host_is_told_at_once_and_not_looked_up_for_each_page(time: StillTime) -> None:
    asked: list[str] = []

    def nobody(host: str, port: int) -> list[str]:
        asked.append(host)
        raise OSError("not known")

    one = fetcher(time, resolve=nobody)
    for page in ("a", "b"):
        with pytest.raises(FetchFailed, match="cannot be found"):
            one.fetch(f"http://nowhere.example/{page}")
    assert asked == ["nowhere.example"]
    assert time.slept == []


def test_a_slow_server_costs_its_time_and_no_more(site: TinySite) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
        for _ in range(3000):
            handler.wfile.write(b"x")
            real_time.sleep(0.01)

    url = site.put_in_turn("/a", Answer(write=slow))
    began = real_time.monotonic()
    told = failure(site, url, total_seconds=0.1, tries=1)
    assert "in time" in told.reason
    assert real_time.monotonic() - began < 15


def test_too_much_is_refused_before_and_while_it_comes(site: TinySite) -> None:
    assert fetched(site, site.put("/a", b"x" * 1000), bytes=1000).data == b"x" * 1000
    assert "limit" in failure(site, site.put("/a", b"x" * 1001), bytes=1000).reason

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
        for _ in range(100_000):
            handler.wfile.write(b"x" * 65536)

    url = site.put_in_turn("/b", Answer(write=endless))
    assert "limit" in failure(site, url, bytes=200_000).reason
    assert site.paths().count("/b") == 1


def test_packed_content_is_unpacked_within_the_limit(site: TinySite) -> None:
    url = site.put("/a", packed("text " * 100), Content_Encoding="gzip")
    assert fetched(site, url, bytes=500).data == b"text " * 100
    assert "limit" in failure(site, url, bytes=499).reason


def test_a_bomb_takes_no_memory(site: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    most = 0
    make = zlib.decompressobj

    class Watched:
        def __init__(self, **options: int) -> None:
            self._real = make(**options)

        def decompress(self, data: bytes, length: int) -> bytes:
            nonlocal most
            block = self._real.decompress(data, length)
            most = max(most, len(block))
            return block

        def __getattr__(self, name: str) -> object:
            return getattr(self._real, name)

    monkeypatch.setattr(zlib, "decompressobj", Watched)
    bomb = packed(bytes(3 * 2**20))
    assert len(bomb) < 6_000
    url = site.put("/a", bomb, Content_Encoding="gzip")
    assert "limit" in failure(site, url, bytes=2**20).reason
    assert 0 < most <= 65_536


@pytest.mark.parametrize("body", [b"no gzip", packed("text" * 1000)[:-20], b""])
def test_damaged_packing_is_a_failure(site: TinySite, body: bytes) -> None:
    url = site.put("/a", body, Content_Encoding="gzip")
    assert "unpacked" in failure(site, url).reason


def test_a_packing_that_was_not_asked_for_is_told(site: TinySite) -> None:
    assert "'br'" in failure(site, site.put("/a", "x", Content_Encoding="br")).reason


def test_the_sites_rules_are_asked_first_and_kept_to(site: TinySite) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /private\n", "text/plain")
    one, ports = fetcher(), frozenset({site.port})
    url = site.put("/private/a", "text")
    with pytest.raises(FetchFailed, match=r"robots\.txt refuses"):
        one.fetch(url, ports=ports)
    away = site.put("/b", status=302, Location="/private/a")
    with pytest.raises(FetchFailed, match=r"^[^ ]*/b: .*robots\.txt refuses.*led to .*/private/a"):
        one.fetch(away, ports=ports)
    assert [asked.path for asked in site.asked] == ["/robots.txt", "/b"]


def test_rules_that_cannot_be_read_keep_everything_out_for_now(site: TinySite) -> None:
    site.put("/robots.txt", status=500)
    assert "robots.txt cannot be read now" in failure(site, site.put("/a", "text")).reason
    assert site.paths() == []


def test_rules_of_any_length_are_read_as_far_as_it_makes_sense(site: TinySite) -> None:
    site.put("/robots.txt", b"User-agent: *\nDisallow: /a\n" + b"# more\n" * 200_000, "text/plain")
    assert "refuses" in failure(site, site.put("/a", "text")).reason
    assert fetched(site, site.put("/b", "text")).data == b"text"


def test_between_two_pages_there_is_the_pause_that_their_host_asks_for(
    site: TinySite, time: StillTime
) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 4\n", "text/plain")
    one, ports = fetcher(time), frozenset({site.port})
    for page in ("/a", "/b"):
        one.fetch(site.put(page, "text"), ports=ports)
    assert time.slept == [4.0, 4.0]


def test_offline_refuses_all_before_anything_is_asked(site: TinySite) -> None:
    looked_up: list[str] = []
    one = WebFetcher(
        GuardedTransport(
            AddressGuard(resolve=lambda host, port: looked_up.append(host) or []), proxy_for=no_proxy
        ),
        limits=FetchLimits(),
        offline=True,
    )
    with pytest.raises(FetchRefused, match="offline = true"):
        one.fetch("https://a.example/")
    assert (site.asked, looked_up) == ([], [])


@pytest.mark.parametrize("said", ['"\xe9"', '"' + "1" * 2_000 + '"'])
def test_a_validator_that_cannot_be_sent_back_is_not_kept(site: TinySite, said: str) -> None:
    url = site.put("/a", "text", ETag=said, Last_Modified="yesterday")
    assert fetched(site, url).validators == Validators(url, None, "yesterday")
    # Kept from before.
    known = Validators(url, said, "yesterday")
    assert fetcher().fetch(url, known=known, ports=frozenset({site.port})).validators is not None
    assert "if-none-match" not in site.asked[-1].headers


@pytest.mark.parametrize(
    "said", ["charset*=utf-16''%00", "charset*=''", "charset=\xff", "charset=" + "a" * 900]
)
def test_a_charset_that_is_no_name_of_one_is_left_out(said: str) -> None:
    assert content_type(f"text/html; {said}") == ("text/html", None)


def test_a_content_type_without_end_takes_no_time() -> None:
    start = real_time.process_time()
    assert content_type('text/html;a="' + ";" * 90_000) == ("text/html", None)
    assert real_time.process_time() - start < 0.1
