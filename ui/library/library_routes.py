"""The Library page's addresses. What changes something is taken from the page itself alone, and in bounds."""

import json
import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from index_store.errors import FootnoteError
from ingest.article_file import SUFFIXES
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


def library_routes(actions: LibraryActions) -> APIRouter:
    """The routes of the page over its actions."""
    routes = APIRouter(prefix=LIBRARY, include_in_schema=False)
    changing = APIRouter(dependencies=[Depends(only_from_the_page)])

    @routes.get("")
    def page() -> Response:
        body = library_body(
            actions.parts(whole=True),
            kinds=sorted(SUFFIXES),
            limits=actions.uploads.limits,
        )
        return _page("Library, Footnote", body)

    @routes.get("/parts")
    def parts() -> Response:
        return JSONResponse(actions.parts(), headers={"Cache-Control": "no-store"})

    @routes.get("/progress")
    def progress() -> Response:
        return JSONResponse(actions.progress(), headers={"Cache-Control": "no-store"})

    @routes.get("/article")
    def article(source: str, path: str) -> Response:
        try:
            content = actions.article(source, path)
        except FootnoteError as error:
            return _page("Library, Footnote", article_body(netted(problem_html(str(error)))), 503)
        if content is None:
            return _page("Library, Footnote", article_body(missing_article()), 404)
        return _page(f"{path}, Footnote", article_body(content))

    @changing.post("/sync")
    def sync() -> Response:
        return _done(actions.sync)

    @changing.post("/preview")
    async def preview(request: Request) -> Response:
        place = await _field(request, "place")
        return await run_in_threadpool(lambda: _told(lambda: {"preview": actions.preview(place)}))

    @changing.post("/sources/add")
    async def add(request: Request) -> Response:
        place = await _field(request, "place")
        return await run_in_threadpool(lambda: _done(lambda: actions.add(place)))

    @changing.post("/sources/remove")
    async def remove_source(request: Request) -> Response:
        place = await _field(request, "place")
        return await run_in_threadpool(lambda: _done(lambda: actions.remove_source(place)))

    @changing.post("/uploads")
    async def upload(request: Request, name: str) -> Response:
        return await _upload(actions, request, name)

    @changing.post("/uploads/check")
    def check_upload(name: str, size: int) -> Response:
        return _told(lambda: {"name": actions.uploads.check(name, size)})

    @changing.post("/uploads/read")
    def uploaded() -> Response:
        return _done(actions.uploaded)

    @changing.post("/uploads/remove")
    async def remove_upload(request: Request) -> Response:
        name = await _field(request, "name")
        return await run_in_threadpool(lambda: _done(lambda: actions.remove_upload(name)))

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
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_REQUEST:
            raise HTTPException(413, f"a request may have {LARGEST_REQUEST} bytes")
    try:
        sent = json.loads(body)
    except ValueError:
        sent = None
    value = sent.get(name) if isinstance(sent, dict) else None
    if not isinstance(value, str):
        raise HTTPException(400, f"the request must be a JSON object with a text {name!r}")
    return value


def _page(title: str, body: Html, status: int = 200) -> Response:
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": OWN_PAGE}
    return HTMLResponse(page_html(title, body), status, headers=headers)


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
