"""Logging in and out."""

import asyncio
import logging
from math import ceil
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from ui.accounts.access import COOKIE, SECURE_COOKIE, Access, Accounts
from ui.accounts.account_file import LONGEST_NAME, Account, same_name
from ui.accounts.login_attempts import LoginAttempts, address_key
from ui.accounts.login_page import login_html
from ui.accounts.passwords import Passwords
from ui.accounts.proxies import Sender
from ui.markup import plural

_logger = logging.getLogger(__name__)
LARGEST_FORM = 8 * 1024
"""Bytes."""
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""The log-in page runs no script at all."""

WRONG = "Name or password is wrong."
_FREE_BY_NAME, _FREE_BY_ADDRESS = 5, 20
# Each comparison takes 64 MiB and a tenth of a second of every core.
_AT_ONCE, _MOST_WAITING = 2, 30


class LogIn:
    """Compares names and passwords, slowly where they were wrong before, and begins sessions."""

    def __init__(
        self,
        access: Access,
        *,
        passwords: Passwords | None = None,
        by_name: LoginAttempts | None = None,
        by_address: LoginAttempts | None = None,
    ) -> None:
        self.access = access
        self.passwords = passwords or Passwords()
        # Not by "or": one that has counted nothing yet is as long as nothing.
        self._by_name = LoginAttempts(free=_FREE_BY_NAME) if by_name is None else by_name
        self._by_address = LoginAttempts(free=_FREE_BY_ADDRESS) if by_address is None else by_address
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    async def account(self, accounts: Accounts, sender: Sender, name: str, password: str) -> Account | str:
        """The account that this is the name and the password of, or in words why there is none."""
        address, known_as = address_key(sender.address), same_name(name)
        wait = self._by_address.begin(address)
        if not wait:
            wait = self._by_name.begin(known_as)
            if wait:
                self._by_address.succeeded(address, forget=False)
        if wait:
            return f"Too many attempts. Try again in {plural(ceil(wait), 'second')}."
        if self._waiting >= _MOST_WAITING:
            return "Too many people are logging in just now. Try again in a few seconds."
        self._waiting += 1
        try:
            async with self._turn:
                found = accounts.file.named(name)
                kept = found.password if found else None
                is_right = await run_in_threadpool(self.passwords.match, kept, password)
        finally:
            self._waiting -= 1
        if found is None or not is_right:
            # What was typed as a name may be a password: a name that is none is not written down.
            _logger.warning("log-in as %s from %s failed", found.name if found else "nobody", sender.address)
            return WRONG
        self._by_name.succeeded(known_as, forget=True)
        self._by_address.succeeded(address, forget=False)
        return found


def login_routes(login: LogIn) -> APIRouter:
    """The log-in page, and what its form and the button in the sidebar lead to."""
    routes = APIRouter(include_in_schema=False)
    access = login.access

    @routes.api_route("/login", methods=["GET", "HEAD"])
    async def page(request: Request) -> Response:
        wanted = safe_address(request.query_params.get("next"))
        sender = access.proxies.sender(request.scope)
        if access.person(request.scope, sender) is not None:
            return RedirectResponse(wanted, 303)
        return _page(login_html(wanted=wanted))

    @routes.post("/login")
    async def log_in(request: Request) -> Response:
        sender = access.proxies.sender(request.scope)
        if not _is_own_form(request, sender):
            return PlainTextResponse("Only the log-in page itself may log in", 403)
        form = await _form(request)
        if form is None:
            return PlainTextResponse(f"A form may have {LARGEST_FORM} bytes", 413)
        name, wanted = form.get("name", ""), safe_address(form.get("next"))
        accounts = access.accounts
        if accounts is None or not access.in_force:
            return RedirectResponse(wanted, 303)
        found: Account | str = WRONG
        if len(name) <= LONGEST_NAME:
            found = await login.account(accounts, sender, name, form.get("password", ""))
        if isinstance(found, str):
            status = 403 if found == WRONG else 429
            return _page(login_html(wanted=wanted, name=name[:LONGEST_NAME], problem=found), status)
        earlier = access.cookie(request.scope)
        if earlier is not None:
            accounts.sessions.end(earlier)
        accounts.log_ins.note(found.id, {one.id for one in accounts.file.listed()})
        response = RedirectResponse(wanted, 303, headers={"Cache-Control": "no-store"})
        _set_cookie(response, accounts.sessions.begin(found), is_secure=sender.is_secure)
        return response

    @routes.post("/logout")
    async def log_out(request: Request) -> Response:
        token = access.cookie(request.scope)
        if access.accounts is not None and token is not None:
            access.accounts.sessions.end(token)
        response = Response(status_code=204, headers={"Cache-Control": "no-store"})
        for name in (COOKIE, SECURE_COOKIE):
            response.delete_cookie(
                name, path="/", secure=name == SECURE_COOKIE, httponly=True, samesite="lax"
            )
        return response

    return routes


def safe_address(wanted: str | None) -> str:
    """The address to lead to after logging in: one of this page, or its front."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\", "/login", "/logout")):
        return "/"
    if any(ord(sign) <= 32 or sign in "\\\x7f" for sign in wanted) or len(wanted) > 2000:
        return "/"
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc else wanted


def _is_own_form(request: Request, sender: Sender) -> bool:
    """Whether the browser says that the page's own form was sent; where it says nothing, it is not believed.

    Otherwise a page elsewhere could log a reader in to an account whose owner then reads their questions.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site == "same-origin"
    return origin is not None and urlsplit(origin).netloc.lower() == sender.host.lower()


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of a small form, each the first of its name."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_FORM:
            return None
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


def _set_cookie(response: Response, token: str, *, is_secure: bool) -> None:
    # No time is given: it goes with the browser, and ends here by the settings.
    response.set_cookie(
        SECURE_COOKIE if is_secure else COOKIE,
        token,
        path="/",
        secure=is_secure,
        httponly=True,
        samesite="lax",
    )


def _page(html: str, status: int = 200) -> Response:
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": POLICY}
    return HTMLResponse(html, status, headers=headers)
