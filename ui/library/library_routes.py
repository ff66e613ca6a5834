"""The Library page's addresses. What changes something is taken from the page itself alone, and in bounds."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from index_store.errors import FootnoteError
from ingest.folder_source import FILE_SUFFIXES
from ui.accounts.person import LOCAL_PERSON, Person
from ui.library.article_page import missing_article
from ui.library.library_actions import LibraryActions
from ui.library.library_page import article_body, library_body, page_html, problem_html
from ui.markup import Html
from ui.markup_net import netted
from ui.serving.page_requests import (
    done,
    field,
    fields,
    looked,
    only_from_the_page,
    refused,
    shown_page,
    told,
)

LIBRARY = "/library"


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
        return shown_page(page_html(title, body, person(request)), status)

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
        return looked(dict(mine(request).parts()))

    @routes.get("/progress")
    def progress(request: Request) -> Response:
        return looked(mine(request).progress())

    @routes.get("/article")
    def article(request: Request, source: str, path: str, at: int | None = None) -> Response:
        try:
            content = mine(request).article(source, path, at=at)
        except FootnoteError as error:
            return article_of(request, "Library, Footnote", netted(problem_html(str(error))), 503)
        if content is None:
            return article_of(request, "Library, Footnote", missing_article(), 404)
        return article_of(request, f"{path}, Footnote", content)

    @changing.post("/sync")
    def sync(request: Request) -> Response:
        return done(mine(request).sync)

    @changing.post("/preview")
    async def preview(request: Request) -> Response:
        place = await field(request, "place")
        return await run_in_threadpool(lambda: told(lambda: {"preview": mine(request).preview(place)}))

    @changing.post("/sources/add")
    async def add(request: Request) -> Response:
        place = await field(request, "place")
        return await run_in_threadpool(lambda: done(lambda: mine(request).add(place)))

    @changing.post("/sources/remove")
    async def remove_source(request: Request) -> Response:
        place = await field(request, "place")
        return await run_in_threadpool(lambda: done(lambda: mine(request).remove_source(place)))

    @changing.post("/sources/schedule")
    async def schedule(request: Request) -> Response:
        place, hours = await fields(request, "place", "hours")
        return await run_in_threadpool(lambda: done(lambda: mine(request).schedule(place, hours)))

    @changing.post("/uploads")
    async def upload(request: Request, name: str) -> Response:
        return await _upload(mine(request), request, name)

    @changing.post("/uploads/check")
    def check_upload(request: Request, name: str, size: int) -> Response:
        return told(lambda: {"name": mine(request).uploads.check(name, size)})

    @changing.post("/uploads/read")
    def uploaded(request: Request) -> Response:
        return done(mine(request).uploaded)

    @changing.post("/uploads/remove")
    async def remove_upload(request: Request) -> Response:
        name = await field(request, "name")
        return await run_in_threadpool(lambda: done(lambda: mine(request).remove_upload(name)))

    routes.include_router(changing)
    return routes


async def _upload(actions: LibraryActions, request: Request, name: str) -> Response:
    """Take the body in as a file, piece by piece, until it ends or is too long."""
    try:
        declared = int(request.headers.get("content-length", "0"))
        incoming = await run_in_threadpool(actions.uploads.begin, name, declared)
    except ValueError:
        raise HTTPException(400, "content-length is no number") from None
    except FootnoteError as error:
        return refused(error)
    try:
        async for piece in request.stream():
            incoming.write(piece)
        article = await run_in_threadpool(incoming.keep)
    except FootnoteError as error:
        return refused(error)
    finally:
        incoming.drop()
    return JSONResponse({"name": incoming.name, "title": article.title})
