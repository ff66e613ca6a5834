"""The way out: connections to checked addresses alone, each with an end in time."""

import ssl
import urllib.request
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any

import httpcore
import httpx

from index_store.authorities import trusted_authorities
from index_store.errors import RunError
from ingest.errors import AddressRefused, FetchFailed
from ingest.web.address_guard import AddressGuard

ProxyFor = Callable[[str, str], str | None]
"""The address of the proxy for a scheme and a host; None where there is none between."""


def environment_proxy(scheme: str, host: str) -> str | None:
    """The proxy that the usual variables name (HTTPS_PROXY, ALL_PROXY ..., NO_PROXY), if any."""
    proxies = urllib.request.getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    if not proxy or urllib.request.proxy_bypass(host):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


class GuardedTransport(httpx.BaseTransport):
    """Sends requests to addresses that the guard lets through, straight or by way of a proxy.

    Behind a proxy it is the proxy that connects: then the name is checked before the request, where it can
    be looked up here, and the proxy's own host is not. A connection serves one request and ends after
    `total_seconds` whatever the other side does. Raises httpx.TransportError, AddressRefused, FetchFailed.
    """

    def __init__(
        self,
        guard: AddressGuard,
        *,
        total_seconds: float = 90.0,
        proxy_for: ProxyFor = environment_proxy,
        authorities: Callable[[], ssl.SSLContext] = trusted_authorities,
    ) -> None:
        """`authorities` makes what certificates are checked with; by default as the usual variables say."""
        self._guard = guard
        self._total_seconds = total_seconds
        self._proxy_for = proxy_for
        self._make_authorities = authorities
        self._authorities: ssl.SSLContext | None = None
        self._ways: dict[tuple[str, str | None], httpx.HTTPTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """See httpx.BaseTransport."""
        scheme, host = request.url.scheme, request.url.host
        proxy = self._proxy_for(scheme, host)
        if proxy is not None:
            self._check_before(host, request.url.port or (443 if scheme == "https" else 80))
        way = self._ways.get((scheme, proxy))
        if way is None:
            way = self._ways[scheme, proxy] = _Way(self._pool(scheme, proxy))
        return way.handle_request(request)

    def close(self) -> None:
        """See httpx.BaseTransport."""
        for way in self._ways.values():
            way.close()
        self._ways.clear()

    def _check_before(self, host: str, port: int) -> None:
        try:
            self._guard.addresses(host, port)
        except AddressRefused:
            raise
        except FetchFailed:
            # In many firms only the proxy can look up names of the world outside.
            return

    def _pool(self, scheme: str, proxy: str | None) -> httpcore.ConnectionPool:
        if self._authorities is None and (scheme == "https" or (proxy or "").startswith("https:")):
            # Read when first needed: it takes longer than most requests.
            try:
                self._authorities = self._make_authorities()
            except RunError as error:
                raise FetchFailed(scheme, str(error)) from error
        if proxy is None:
            return httpcore.ConnectionPool(
                ssl_context=self._authorities,
                max_keepalive_connections=0,
                network_backend=_TimedBackend(self._total_seconds, self._guard),
            )
        address = httpx.URL(proxy)
        if address.scheme not in ("http", "https"):
            raise FetchFailed(
                f"{address.scheme}://{address.host}",
                "no proxy of this kind can be used; name an http one",
            )
        auth = (address.username, address.password) if address.username else None
        return httpcore.HTTPProxy(
            proxy_url=str(address.copy_with(username=None, password=None)),
            proxy_auth=auth,
            ssl_context=self._authorities,
            max_keepalive_connections=0,
            network_backend=_TimedBackend(self._total_seconds, None),
        )


class _Way(httpx.HTTPTransport):
    """httpx's own transport over a pool that is made here, with a backend of ours."""

    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._pool = pool


class _TimedBackend(httpcore.NetworkBackend):
    """Connects to checked addresses (`guard` is None towards a proxy) and counts the time from there."""

    def __init__(self, total_seconds: float, guard: AddressGuard | None) -> None:
        self._total_seconds = total_seconds
        self._guard = guard
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that answers. TLS asks for the name, not for it."""
        end = monotonic() + self._total_seconds
        addresses = (host,) if self._guard is None else self._guard.addresses(host, port)
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            left = end - monotonic()
            if left <= 0:
                break
            try:
                stream = self._plain.connect_tcp(
                    address, port, min(left, timeout or left), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _TimedStream(stream, end)
        raise failed

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Never: a page is at no file of this machine."""
        raise httpcore.ConnectError("no socket file is connected to")


class _TimedStream(httpcore.NetworkStream):
    """A connection that ends at a point in time, however slowly it trickles."""

    def __init__(self, stream: httpcore.NetworkStream, end: float) -> None:
        self._stream = stream
        self._end = end

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._left(timeout, httpcore.ConnectTimeout)
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, left), self._end)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _left(self, timeout: float | None, too_late: type[Exception]) -> float:
        left = self._end - monotonic()
        if left <= 0:
            raise too_late("it took longer than a page may take")
        return left if timeout is None else min(left, timeout)
