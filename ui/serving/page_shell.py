"""What surrounds the page on its way out: its own head, and headers that keep others away."""

import re
from secrets import token_urlsafe

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.serving.page_policy import HEADERS, OWN_PAGE, chat_policy

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
_INLINE = re.compile(rb"<(script|style)(?=[\s>])")
# Gradio styles three elements of the page by attributes, which no nonce can allow: the stylesheet does it.
_STYLED = re.compile(rb'(?<=\s)style="[^"]*"')


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
            await PlainTextResponse("Not found", status_code=404)(scope, receive, _Guarding(send))
        elif _sent_by_another_page(scope):
            await PlainTextResponse("Forbidden", status_code=403)(scope, receive, _Guarding(send))
        elif scope["path"] == "/" and scope["method"] == "GET":
            await self._app(_uncompressed(scope), receive, _Rewriting(send, self._head))
        else:
            await self._app(scope, receive, _Guarding(send))


class _Guarding:
    """Adds the security headers to a response and passes the rest on untouched, streams included."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def __call__(self, message: Message) -> None:
        """Send one message."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("content-security-policy", OWN_PAGE)
            for name, value in HEADERS.items():
                headers[name] = value
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
        headers = MutableHeaders(scope=self._start)
        if headers.get("content-type", "").startswith("text/html"):
            nonce = token_urlsafe(16)
            body = _INLINE.sub(rb'<\1 nonce="%s"' % nonce.encode(), _STYLED.sub(b"", _FOREIGN.sub(b"", body)))
            body = body.replace(b"<head>", b"<head>" + self._head, 1)
            headers["content-security-policy"] = chat_policy(nonce)
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
