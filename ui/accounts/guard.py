"""The one place where every request is checked: who sends it, and whether they may."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import ceil
from urllib.parse import parse_qs, quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.accounts.access import Access
from ui.accounts.account_file import AccountsUnusable
from ui.accounts.doors import (
    CANCEL,
    FUNCTIONS,
    HEARTBEAT,
    JOIN,
    LISTEN,
    UPLOAD,
    Need,
    is_by_itself,
    need_of,
)
from ui.accounts.page_functions import LARGEST_CALL, NoCall, PageCall, Tabs, calling, cancelling, joining
from ui.accounts.person import Person, Role, marked
from ui.accounts.proxies import Sender, is_of_this_machine
from ui.accounts.request_limits import PerMinute

_logger = logging.getLogger(__name__)
_SAFE = ("GET", "HEAD")
_PRIVATE = ("/library", "/models", "/users")


@dataclass(frozen=True, slots=True)
class GradioFunctions:
    """The page's functions as Gradio numbers them: events by index, script functions by component."""

    events: Mapping[int, str] = field(default_factory=dict)
    scripts: Mapping[int, frozenset[str]] = field(default_factory=dict)


class Guard:
    """ASGI middleware. It lets through what is listed and allowed, and marks it with who asks.

    Each refusal says what is missing: 401 or the log-in page where it is not known who asks, 403 where they
    may not, 404 where there is no door, 429 where they ask too often, 503 where accounts cannot be read.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        access: Access,
        functions: Callable[[], GradioFunctions],
        requests: PerMinute,
        roles: Mapping[str, Role] = FUNCTIONS,
    ) -> None:
        self._app = app
        self._access = access
        self._functions = functions
        self._requests = requests
        self._roles = roles
        self._tabs = Tabs()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve or refuse one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            # The pages speak over no WebSocket, so whoever opens one is refused: 403 before it is open.
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            try:
                await self._http(scope, receive, send)
            except AccountsUnusable as error:
                _logger.error("%s", error)
                await _plain("The accounts cannot be read; details are in the log", 503)(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        need = need_of(scope["method"], scope["path"])
        if need is Need.TOKEN:
            # Its own token is checked at the route; a session opens none of it.
            await self._app(scope, receive, send)
            return
        sender = self._access.proxies.sender(scope)
        if need is not Need.CLOSED and _sent_from_elsewhere(scope, sender):
            await _plain("Only the page itself may ask for this", 403)(scope, receive, send)
            return
        if need is Need.NOTHING:
            await self._app(scope, receive, send)
            return
        is_near = is_of_this_machine(sender.address) and not sender.through_proxy
        if need is Need.ADMIN_OR_LOOPBACK and is_near:
            await self._app(scope, receive, send)
            return
        person = self._access.person(scope, sender)
        refusal = _unknown(scope, self._access) if person is None else self._refused(need, person)
        if refusal is not None or person is None:
            await (refusal or _plain("Log in first", 401))(scope, receive, send)
            return
        body, function = None, None
        if need is Need.FUNCTION or scope["path"] == CANCEL:
            called = await self._called(scope, receive, person)
            if isinstance(called, Response):
                await called(scope, receive, send)
                return
            body, function = called
        elif not self._is_own_tab(scope, person):
            await _plain("This is another person's tab", 403)(scope, receive, send)
            return
        elif scope["method"] not in _SAFE and scope["path"] != UPLOAD:
            # Whoever answers may read all that is sent before looking at any of it.
            body = await _body(receive, LARGEST_CALL)
            if body is None:
                await _plain(f"A request may have {LARGEST_CALL} bytes", 413)(scope, receive, send)
                return
        if not is_by_itself(scope["path"], function):
            self._access.used(scope)
        await self._pass_on(marked(scope, person), receive, send, body)

    def _refused(self, need: Need, person: Person) -> Response | None:
        if need is Need.CLOSED:
            return _plain("Not found", 404)
        if isinstance(need.value, Role) and not person.role.covers(need.value):
            return _plain(f"This needs the role {need.value.value}; ask an admin for it", 403)
        if need is Need.ADMIN_OR_LOOPBACK and person.role is not Role.ADMIN:
            return _plain("This needs the role admin", 403)
        wait = self._requests.take(person.id) if person.id else 0.0
        if wait:
            seconds = str(ceil(wait))
            refusal = _plain(f"Too many requests; ask again in {seconds} seconds", 429)
            refusal.headers["Retry-After"] = seconds
            return refusal
        return None

    async def _called(
        self, scope: Scope, receive: Receive, person: Person
    ) -> tuple[bytes, str | None] | Response:
        """Body and function of a call that may be carried out, or why it may not."""
        sent = await _body(receive, LARGEST_CALL)
        if sent is None:
            return _plain(f"A call may have {LARGEST_CALL} bytes", 413)
        try:
            call, name = self._read(scope["path"], sent)
        except NoCall as error:
            return _plain(f"Not understood: {error}", 422)
        needed = self._roles.get(name) if name is not None else Role.READER
        if needed is None:
            return _plain("This function is closed", 403)
        if not person.role.covers(needed):
            return _plain(f"This needs the role {needed.value}; ask an admin for it", 403)
        if not self._tabs.is_of(call.tab, person.id):
            return _plain("This is another person's tab", 403)
        return call.body, name

    def _read(self, path: str, sent: bytes) -> tuple[PageCall, str | None]:
        if path == CANCEL:
            return cancelling(sent), None
        functions = self._functions()
        return joining(sent, functions.events) if path == JOIN else calling(sent, functions.scripts)

    def _is_own_tab(self, scope: Scope, person: Person) -> bool:
        """Whether a stream that is asked for belongs to a tab of this person."""
        path: str = scope["path"]
        if path == LISTEN:
            named = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("session_hash", [])
            return len(named) == 1 and self._tabs.is_of(named[0], person.id)
        if path.startswith(HEARTBEAT):
            return self._tabs.is_of(path.removeprefix(HEARTBEAT), person.id)
        return True

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send, body: bytes | None) -> None:
        if body is not None:
            headers = [pair for pair in scope["headers"] if pair[0] not in _OF_BODY]
            about = [(b"content-length", str(len(body)).encode()), (b"content-type", b"application/json")]
            scope = {**scope, "headers": [*headers, *about]}
        # What one person was shown is neither kept by a proxy nor shown again after they have logged out.
        is_private = self._access.in_force and scope["path"].startswith(_PRIVATE)
        stream = _Exchange(receive, send, body, lambda: self._is_still_in(scope), is_private=is_private)
        await self._app(scope, stream.receive, stream.send)

    def _is_still_in(self, scope: Scope) -> bool:
        """Whether the person may still be answered: they may have logged out, or have been removed."""
        return self._access.person(scope, self._access.proxies.sender(scope)) is not None


# On a host of another name than localhost, Gradio lets every page read what it answers.
_FOR_OTHER_PAGES = ("access-control-allow-origin", "access-control-allow-credentials")
_OF_BODY = (b"content-length", b"content-type", b"content-encoding", b"transfer-encoding")


class _Exchange:
    """A request with its body read already, and an answer that ends when its reader may read no more."""

    def __init__(
        self,
        receive: Receive,
        send: Send,
        body: bytes | None,
        may_go_on: Callable[[], bool],
        *,
        is_private: bool,
    ) -> None:
        self._receive = receive
        self._send = send
        self._body = body
        self._may_go_on = may_go_on
        self._is_private = is_private
        self._pieces = 0
        self._is_over = False

    async def receive(self) -> Message:
        """The body once, then whatever the browser says."""
        if self._is_over:
            return {"type": "http.disconnect"}
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        return await self._receive()

    async def send(self, message: Message) -> None:
        """Pass a message on, unless the reader has to be left."""
        if self._is_over:
            return
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name in _FOR_OTHER_PAGES:
                del headers[name]
            if self._is_private:
                headers["cache-control"] = "no-store"
        if message["type"] == "http.response.body" and message.get("more_body"):
            self._pieces += 1
            # Every piece but the first comes some time after the request was let through.
            if self._pieces > 1 and not self._may_go_on():
                self._is_over = True
                message = {"type": "http.response.body", "body": b"", "more_body": False}
        await self._send(message)


async def _body(receive: Receive, largest: int) -> bytes | None:
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return body
        body += bytes(message.get("body", b""))
        if len(body) > largest:
            return None
        if not message.get("more_body"):
            return body


def _sent_from_elsewhere(scope: Scope, sender: Sender) -> bool:
    """Whether a browser says that a page of another address sends this; looking is harmless."""
    if scope["method"] in _SAFE:
        return False
    headers = Headers(scope=scope)
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site not in ("same-origin", "none")
    return origin is not None and urlsplit(origin).netloc.lower() != sender.host.lower()


def _unknown(scope: Scope, access: Access) -> Response:
    """What is said to somebody who has to be known and is not."""
    headers = Headers(scope=scope)
    if not access.in_force:
        told = "A proxy passes this on, and there are no users; run: footnote users add NAME --role admin"
        return _plain(told, 403)
    if access.proxies.names_users and not access.asks_for_passwords:
        return _plain("The proxy before Footnote has to say who asks, and has not", 403)
    if scope["method"] not in _SAFE or "text/html" not in headers.get("accept", ""):
        return _plain("Log in first", 401)
    wanted = scope["path"]
    query = scope.get("query_string", b"").decode("latin-1")
    if query:
        wanted += f"?{query}"
    address = "/login" if wanted == "/" else f"/login?next={quote(wanted, safe='/')}"
    return RedirectResponse(address, 303)


def _plain(words: str, status: int) -> Response:
    return PlainTextResponse(words, status, headers={"Cache-Control": "no-store"})
