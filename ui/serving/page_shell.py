"""What surrounds the page on its way out: its own head, and headers that keep other hosts away."""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Gradio compiles its HTML templates in the browser, hence 'unsafe-eval'; scripts still come from here only.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

UNUSED = (
    "/gradio_api/upload",
    "/gradio_api/file",
    "/gradio_api/proxy",
    "/gradio_api/stream",
    "/gradio_api/process_recording",
    "/gradio_api/vibe",
    "/gradio_api/deep_link",
    "/monitoring",
    "/svelte",
)
"""Doors of Gradio that the page has no use for: files in and out, proxying, recording."""

_FOREIGN = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link rel="manifest"[^>]*>')


class PageShell:
    """ASGI middleware: puts `head` into the page, takes Gradio's own metadata out, and closes what the
    page has no use for: unused paths, and requests that other web pages send.
    """

    def __init__(self, app: ASGIApp, *, head: str) -> None:
        self._app = app
        self._head = head.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"].startswith(UNUSED):
            await PlainTextResponse("Not found", status_code=404)(scope, receive, send)
        elif _sent_by_another_page(scope):
            await PlainTextResponse("Forbidden", status_code=403)(scope, receive, send)
        elif scope["path"] == "/" and scope["method"] == "GET":
            await self._app(_uncompressed(scope), receive, _Rewriting(send, self._head))
        else:
            await self._app(scope, receive, _Guarding(send))


class _Guarding:
    """Adds the security headers to a response and passes the rest on untouched, streams included.

    A page that can do with less than Gradio names its own policy.
    """

    def __init__(self, send: Send) -> None:
        self._send = send

    async def __call__(self, message: Message) -> None:
        """Send one message."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("content-security-policy", POLICY)
            headers["x-content-type-options"] = "nosniff"
            headers["referrer-policy"] = "no-referrer"
        await self._send(message)


class _Rewriting:
    """Holds the page back until it is whole, then sends it with its own head."""

    def __init__(self, send: Send, head: bytes) -> None:
        self._send = _Guarding(send)
        self._head = head
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        """Take one message; send when it was the last."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = self._body
        if Headers(scope=self._start).get("content-type", "").startswith("text/html"):
            body = _FOREIGN.sub(b"", body).replace(b"<head>", b"<head>" + self._head, 1)
        headers = MutableHeaders(scope=self._start)
        headers["content-length"] = str(len(body))
        headers["cache-control"] = "no-cache"
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})


def _sent_by_another_page(scope: Scope) -> bool:
    """Whether a browser says that a page from elsewhere sends this; looking (GET, HEAD) is harmless."""
    if scope["method"] in {"GET", "HEAD", "OPTIONS"}:
        return False
    return Headers(scope=scope).get("sec-fetch-site") in {"cross-site", "same-site"}


def _uncompressed(scope: Scope) -> Scope:
    headers = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
    return {**scope, "headers": headers}
