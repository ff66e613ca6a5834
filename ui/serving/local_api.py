"""The local API: how another footnote process on this machine hands its work to the serving one.

Every call carries the token from the server file, which only this user can read.
"""

import asyncio
import hmac
import json
import logging
from collections.abc import Callable, Coroutine, Iterator
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response, StreamingResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel

from index_store.errors import FootnoteError, UsageError
from ui.desk import Desk, Stopped, SyncStep
from ui.serving.server_file import ALIVE
from ui.serving.wire import (
    ANSWER,
    ARTICLE,
    ARTICLES,
    EMBEDDING,
    PASSAGES,
    REMOVED_SOURCE,
    SYNC_STEP,
    SYNC_SUMMARY,
)

_logger = logging.getLogger(__name__)
API = "/api"
TOKEN_HEADER = "X-Footnote-Token"


class AskBody(BaseModel):
    """A question with its history, for the serving process's model or another."""

    question: str
    history: list[tuple[str, str]] = []
    model: str | None = None
    measuring: bool = False


class SearchBody(BaseModel):
    """A search without a model."""

    question: str
    limit: int = 10
    measuring: bool = False


class SyncBody(BaseModel):
    """A sync, with places to add first."""

    places: list[str] = []
    dry_run: bool = False


class SourceBody(BaseModel):
    """A source, by its place."""

    place: str


def local_api(desk: Desk, token: str, *, unrecorded: Desk | None = None) -> APIRouter:
    """The routes over `desk`, for whoever shows `token`.

    What is asked for a measurement goes to `unrecorded`, where there is one: nobody wanted to know it.
    """
    measured = unrecorded or desk

    class Allowed(APIRoute):
        """A route that looks at the token before anything is read of what is sent."""

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handler = super().get_route_handler()

            async def checked(request: Request) -> Response:
                given = request.headers.get(TOKEN_HEADER, "")
                if not hmac.compare_digest(given.encode(), token.encode()):
                    raise HTTPException(403, "this call needs the token from the server file")
                return await handler(request)

            return checked

    routes = APIRouter(prefix=API, route_class=Allowed, include_in_schema=False)

    # It waits for no free thread, so that even under many slow questions the process is seen to live.
    @routes.get("/alive")
    async def alive() -> Response:
        return JSONResponse(ALIVE)

    @routes.post("/ask")
    async def ask(body: AskBody, request: Request) -> Response:
        asked = measured if body.measuring else desk

        def answered(stopped: Stopped) -> bytes:
            answer = asked.ask(body.question, history=body.history, model=body.model, stopped=stopped)
            return ANSWER.dump_json(answer)

        return await _while_wanted(request, answered)

    @routes.post("/search")
    def search(body: SearchBody) -> Response:
        asked = measured if body.measuring else desk
        return _json(lambda: PASSAGES.dump_json(asked.search(body.question, body.limit)))

    @routes.get("/articles")
    def articles() -> Response:
        return _json(lambda: ARTICLES.dump_json(desk.articles()))

    @routes.get("/article")
    def article(path: str) -> Response:
        def found() -> bytes:
            view = desk.article(path)
            return b"null" if view is None else ARTICLE.dump_json(view)

        return _json(found)

    @routes.get("/embedding")
    def embedding() -> Response:
        return _json(lambda: EMBEDDING.dump_json(desk.embedding()))

    @routes.post("/sync")
    def sync(body: SyncBody) -> Response:
        return StreamingResponse(_sync_lines(desk, body), media_type="application/x-ndjson")

    @routes.post("/sources/remove")
    def remove_source(body: SourceBody) -> Response:
        return _json(lambda: REMOVED_SOURCE.dump_json(desk.remove_source(body.place)))

    return routes


def _json(work: Callable[[], bytes]) -> Response:
    try:
        return Response(work(), media_type="application/json")
    except FootnoteError as error:
        return JSONResponse(_error(error), status_code=422)
    except Exception:
        _logger.exception("the local API failed")
        return JSONResponse(
            {"error": "the serving process failed; details are in its log", "usage": False}, 500
        )


async def _while_wanted(request: Request, work: Callable[[Stopped], bytes]) -> Response:
    """What the work gives, which is told to stop when the one who asked for it has gone."""
    gone = Event()

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        gone.set()

    watching = asyncio.create_task(watch())
    try:
        return await run_in_threadpool(_json, lambda: work(gone.is_set))
    finally:
        watching.cancel()


def _sync_lines(desk: Desk, body: SyncBody) -> Iterator[bytes]:
    """One JSON line for each step and each wait, and a last one with the summary or the error."""
    lines: SimpleQueue[bytes | None] = SimpleQueue()

    def tell(step: SyncStep, done: int, total: int) -> None:
        lines.put(b'{"done":%d,"total":%d,"step":%s}\n' % (done, total, SYNC_STEP.dump_json(step)))

    def wait(what: str) -> None:
        lines.put(json.dumps({"waiting": what}).encode() + b"\n")

    def work() -> None:
        try:
            summary = desk.sync(body.places, dry_run=body.dry_run, on_step=tell, on_wait=wait)
            lines.put(b'{"summary":%s}\n' % SYNC_SUMMARY.dump_json(summary))
        except FootnoteError as error:
            lines.put(json.dumps(_error(error)).encode() + b"\n")
        except Exception:
            _logger.exception("the sync failed")
            lines.put(b'{"error":"the sync failed; details are in the log","usage":false}\n')
        finally:
            lines.put(None)

    # The sync goes on when the asking process is gone: half a library serves nobody.
    Thread(target=work, name="footnote-sync", daemon=False).start()
    while (line := lines.get()) is not None:
        yield line


def _error(error: FootnoteError) -> dict[str, object]:
    return {"error": str(error), "usage": isinstance(error, UsageError)}
