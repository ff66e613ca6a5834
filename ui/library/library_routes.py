"""The Library page's addresses. What changes something is taken from the page itself alone, and in bounds."""

import json
import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from index_store.errors import FootnoteError
from ingest.folder_source import FILE_SUFFIXES
from ui.accounts.person import LOCAL_PERSON, Person
from ui.library.article_page import missing_article
from ui.library.library_actions import LibraryActions
from ui.library.library_page import article_body, library_body, page_html, problem_html
from ui.markup import Html
from ui.markup_net import netted
from ui.serving.page_policy import OWN_PAGE

_logger = logging.getLogger(__name__)

LIBRARY = "/library"

LARGEST_REQUEST = 16 * 1024
"""Bytes of a request that is no upload."""


def library_routes(
    actions: LibraryActions,
    *,
    of: Callable[[Person], LibraryActions] | None = None,
    person: Callable[[Request], Person] = lambda _: LOCAL_PERSON,
) -> APIRouter:
    """The routes of the page over its actions, or over those `of` the person who asks, as `person` tells."""
    routes = APIRouter(prefix=LIBRARY, include_in_schema=False)

    def mine(request: Request) -> LibraryActions:
        return actions if of is None else of(person(request))

    def page_of(request: Request, title: str, body: Html, status: int = 200) -> Response:
        return _page(title, body, status, who=person(request))

    def article_of(request: Request, title: str, content: Html, status: int = 200) -> Response:
        return page_of(request, title, article_body(content, person(request)), status)

    changing = APIRouter(dependencies=[Depends(only_from_the_page)])

    @routes.get("")
    def page(request: Request) -> Response:
        actions = mine(request)
        body = library_body(
            actions.parts(whole=True),
            kinds=sorted(FILE_SUFFIXES),
            limits=actions.uploads.limits,
            who=person(request),
        )
        return page_of(request, "Library, Footnote", body)

    @routes.get("/parts")
    def parts(request: Request) -> Response:
        return JSONResponse(mine(request).parts(), headers={"Cache-Control": "no-store"})

    @routes.get("/progress")
    def progress(request: Request) -> Response:
        return JSONResponse(mine(request).progress(), headers={"Cache-Control": "no-store"})

    @routes.get("/article")
    def article(request: Request, source: str, path: str) -> Response:
        try:
            content = mine(request).article(source, path)
        except FootnoteError as error:
            return article_of(request, "Library, Footnote", netted(problem_html(str(error))), 503)
        if content is None:
            return article_of(request, "Library, Footnote", missing_article(), 404)
        return article_of(request, f"{path}, Footnote", content)

    @changing.post("/sync")
    def sync(request: Request) -> Response:
        return _done(mine(request).sync)

    @changing.post("/preview")
    async def preview(request: Request) -> Response:
        place = await _field(request, "place")
        return await run_in_threadpool(lambda: _told(lambda: {"preview": mine(request).preview(place)}))

    @changing.post("/sources/add")
    async def add(request: Request) -> Response:
        place = await _field(request, "place")
        return await run_in_threadpool(lambda: _done(lambda: mine(request).add(place)))

    @changing.post("/sources/remove")
    async def remove_source(request: Request) -> Response:
        place = await _field(request, "place")
        return await run_in_threadpool(lambda: _done(lambda: mine(request).remove_source(place)))

    @changing.post("/sources/schedule")
    async def schedule(request: Request) -> Response:
        place, hours = await _fields(request, "place", "hours")
        return await run_in_threadpool(lambda: _done(lambda: mine(request).schedule(place, hours)))

    @changing.post("/uploads")
    async def upload(request: Request, name: str) -> Response:
        return await _upload(mine(request), request, name)

    @changing.post("/uploads/check")
    def check_upload(request: Request, name: str, size: int) -> Response:
        return _told(lambda: {"name": mine(request).uploads.check(name, size)})

    @changing.post("/uploads/read")
    def uploaded(request: Request) -> Response:
        return _done(mine(request).uploaded)

    @changing.post("/uploads/remove")
    async def remove_upload(request: Request) -> Response:
        name = await _field(request, "name")
        return await run_in_threadpool(lambda: _done(lambda: mine(request).remove_upload(name)))

    routes.include_router(changing)
    return routes


async def only_from_the_page(request: Request) -> None:
    """Refuse what no page of this address sent; browsers say where a request comes from, or from whom."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    ours = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if (site is None and origin is None) or site not in (None, "same-origin") or not ours:
        raise HTTPException(403, "only the page itself may ask for this")


async def _upload(actions: LibraryActions, request: Request, name: str) -> Response:
    """Take the body in as a file, piece by piece, until it ends or is too long."""
    try:
        declared = int(request.headers.get("content-length", "0"))
        incoming = await run_in_threadpool(actions.uploads.begin, name, declared)
    except ValueError:
        raise HTTPException(400, "content-length is no number") from None
    except FootnoteError as error:
        return _refused(error)
    try:
        async for piece in request.stream():
            incoming.write(piece)
        article = await run_in_threadpool(incoming.keep)
    except FootnoteError as error:
        return _refused(error)
    finally:
        incoming.drop()
    return JSONResponse({"name": incoming.name, "title": article.title})


async def _field(request: Request, name: str) -> str:
    """One field of a small JSON object."""
    (value,) = await _fields(request, name)
    return value


async def _fields(request: Request, *names: str) -> list[str]:
    """The fields of these names of a small JSON object."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_REQUEST:
            raise HTTPException(413, f"a request may have {LARGEST_REQUEST} bytes")
    try:
        sent = json.loads(body)
    except ValueError:
        sent = None
    values = []
    for name in names:
        value = sent.get(name) if isinstance(sent, dict) else None
        if not isinstance(value, str):
            raise HTTPException(400, f"the request must be a JSON object with a text {name!r}")
        values.append(value)
    return values


def _page(title: str, body: Html, status: int = 200, *, who: Person) -> Response:
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": OWN_PAGE}
    return HTMLResponse(page_html(title, body, who), status, headers=headers)


def _done(work: Callable[[], None]) -> Response:
    def told() -> dict[str, object]:
        work()
        return {"done": True}

    return _told(told)


def _told(work: Callable[[], dict[str, object]]) -> Response:
    try:
        return JSONResponse(work())
    except FootnoteError as error:
        return _refused(error)
    except Exception:
        _logger.exception("the library page failed")
        return JSONResponse({"error": "something went wrong; details are in the log"}, 500)


def _refused(error: FootnoteError) -> Response:
    return JSONResponse({"error": str(error)}, 422)
