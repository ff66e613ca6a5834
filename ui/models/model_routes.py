"""The Models page's addresses. What changes something is taken from the page itself alone, and in bounds."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from ui.accounts.person import LOCAL_PERSON, Person
from ui.models.model_actions import ModelActions
from ui.models.models_page import models_body, models_page_html
from ui.serving.page_requests import done, field, looked, only_from_the_page, shown_page, told

MODELS = "/models"


def model_routes(
    actions: ModelActions,
    *,
    of: Callable[[Person], ModelActions] | None = None,
    person: Callable[[Request], Person] = lambda _: LOCAL_PERSON,
) -> APIRouter:
    """The routes of the page over its actions, or over those `of` the person who asks, as `person` tells."""
    routes = APIRouter(prefix=MODELS, include_in_schema=False)

    def mine(request: Request) -> ModelActions:
        return actions if of is None else of(person(request))

    changing = APIRouter(dependencies=[Depends(only_from_the_page)])

    @routes.get("")
    def page(request: Request) -> Response:
        who = person(request)
        body = models_body(mine(request).parts(), who)
        return shown_page(models_page_html("Models, Footnote", body, who))

    @routes.get("/parts")
    def parts(request: Request) -> Response:
        return looked(dict(mine(request).parts()))

    @routes.get("/progress")
    def progress(request: Request) -> Response:
        return looked(mine(request).progress())

    @changing.post("/fetch")
    async def fetch(request: Request) -> Response:
        model = await field(request, "model")
        return await run_in_threadpool(lambda: done(lambda: mine(request).fetch(model)))

    @changing.post("/verify")
    async def verify(request: Request) -> Response:
        model = await field(request, "model")
        return await run_in_threadpool(lambda: done(lambda: mine(request).verify(model)))

    @changing.post("/stop")
    def stop(request: Request) -> Response:
        return done(mine(request).stop)

    @changing.post("/use")
    async def use(request: Request) -> Response:
        model = await field(request, "model")
        return await run_in_threadpool(lambda: told(lambda: {"told": mine(request).use(model)}))

    routes.include_router(changing)
    return routes
