"""The Users page's addresses. What changes something is taken from the page itself alone, and in bounds."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from ui.accounts.person import LOCAL_PERSON, Person
from ui.serving.page_requests import done, field, fields, looked, only_from_the_page, shown_page, told
from ui.users.user_actions import UserActions
from ui.users.users_page import users_body, users_page_html

USERS = "/users"


def user_routes(
    of: Callable[[Person], UserActions],
    *,
    person: Callable[[Request], Person] = lambda _: LOCAL_PERSON,
) -> APIRouter:
    """The routes of the page over the actions `of` the person who asks, as `person` tells."""
    routes = APIRouter(prefix=USERS, include_in_schema=False)

    def mine(request: Request) -> UserActions:
        return of(person(request))

    changing = APIRouter(dependencies=[Depends(only_from_the_page)])

    @routes.get("")
    def page(request: Request) -> Response:
        actions, who = mine(request), person(request)
        body = users_body(
            actions.parts(),
            who,
            has_users=actions.has_users,
            without_password=actions.may_be_without_password,
        )
        return shown_page(users_page_html("Users, Footnote", body, who))

    @routes.get("/parts")
    def parts(request: Request) -> Response:
        return looked(dict(mine(request).parts()))

    @changing.post("/add")
    async def add(request: Request) -> Response:
        sent = await fields(request, "name", "role", "way", "first", "second")
        return await run_in_threadpool(lambda: told(lambda: {"password": mine(request).add(*sent)}))

    @changing.post("/password")
    async def password(request: Request) -> Response:
        sent = await fields(request, "name", "way", "first", "second")
        return await run_in_threadpool(lambda: told(lambda: {"password": mine(request).set_password(*sent)}))

    @changing.post("/role")
    async def role(request: Request) -> Response:
        name, wanted = await fields(request, "name", "role")
        return await run_in_threadpool(lambda: done(lambda: mine(request).set_role(name, wanted)))

    @changing.post("/remove")
    async def remove(request: Request) -> Response:
        name = await field(request, "name")
        return await run_in_threadpool(lambda: done(lambda: mine(request).remove(name)))

    routes.include_router(changing)
    return routes
