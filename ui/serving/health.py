"""Whether the serving process lives, and whether it can answer: for supervisors and load balancers."""

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from ui.chat.status_line import LibraryStatus

LIVES, READY = "/healthz", "/readyz"


def health_routes(status: Callable[[], LibraryStatus]) -> APIRouter:
    """The two routes. They say nothing of what the library holds, so that anybody may ask."""
    routes = APIRouter(include_in_schema=False)

    # Waits for no free thread: under many slow questions the process lives all the same.
    @routes.get(LIVES)
    async def lives() -> Response:
        return JSONResponse({"status": "alive"})

    @routes.get(READY)
    def ready() -> Response:
        lacking = lacks(status())
        return JSONResponse(
            {"status": "not ready" if lacking else "ready", "lacking": lacking}, 503 if lacking else 200
        )

    return routes


def lacks(status: LibraryStatus) -> list[str]:
    """What keeps questions from being answered: the model's file, or the library."""
    lacking = []
    if status.problem is not None:
        lacking.append("library")
    elif not status.articles:
        lacking.append("articles")
    if not status.model_present:
        lacking.append("model")
    return lacking
