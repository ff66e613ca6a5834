"""Requests of the pages beside the chat: taken from the page itself alone, in bounds, told in words."""

import json
import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from index_store.errors import FootnoteError
from ui.markup import Html
from ui.serving.page_policy import OWN_PAGE

_logger = logging.getLogger(__name__)

LARGEST_REQUEST = 16 * 1024
"""Bytes of a request that is no upload."""

NOT_KEPT = {"Cache-Control": "no-store"}


async def only_from_the_page(request: Request) -> None:
    """Refuse what no page of this address sent; browsers say where a request comes from, or from whom."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    ours = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if (site is None and origin is None) or site not in (None, "same-origin") or not ours:
        raise HTTPException(403, "only the page itself may ask for this")


async def field(request: Request, name: str) -> str:
    """One field of a small JSON object."""
    (value,) = await fields(request, name)
    return value


async def fields(request: Request, *names: str) -> list[str]:
    """The fields of these names of a small JSON object. Raises HTTPException 400 and 413."""
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


def shown_page(page: Html, status: int = 200) -> Response:
    """A whole page, under the policy of the pages that run files of their own alone."""
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": OWN_PAGE}
    return HTMLResponse(page, status, headers=headers)


def looked(values: dict[str, object]) -> Response:
    """What a page asks for to draw itself anew; nothing on the way keeps it."""
    return JSONResponse(values, headers=NOT_KEPT)


def done(work: Callable[[], None]) -> Response:
    """That something was done, or in words why it was not."""

    def answer() -> dict[str, object]:
        work()
        return {"done": True}

    return told(answer)


def told(work: Callable[[], dict[str, object]]) -> Response:
    """What came of a piece of work, or in words why nothing did (422)."""
    try:
        return JSONResponse(work(), headers=NOT_KEPT)
    except FootnoteError as error:
        return refused(error)
    except Exception:
        _logger.exception("a page failed")
        return JSONResponse({"error": "something went wrong; details are in the log"}, 500)


def refused(error: FootnoteError) -> Response:
    """Why something cannot be, in words."""
    return JSONResponse({"error": str(error)}, 422)
