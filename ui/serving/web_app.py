"""The web application: the chat page on FastAPI, its own static files, and whatever routes come along."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import gradio as gr
from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from ui.accounts.access import Access
from ui.accounts.guard import Guard
from ui.accounts.login_routes import LogIn, login_routes
from ui.accounts.request_limits import PerMinute, QuestionLimits
from ui.chat.chat_page import build_page, functions_of
from ui.chat.chat_parts import ChatParts
from ui.chat.chat_turn import ChatTurns
from ui.serving.page_files import STATIC, STATIC_PATH, head
from ui.serving.page_shell import PageShell
from ui.theme import footnote_theme

__all__ = ["LOCAL_HOSTS", "ChatParts", "Checks", "create_app"]

LOCAL_HOSTS = ("127.0.0.1", "localhost")
"""Names under which the page answers by default: a page elsewhere cannot reach it by another name."""


@dataclass(frozen=True, slots=True)
class Checks:
    """How it is known who asks, and how much each person may ask."""

    login: LogIn
    questions: QuestionLimits | None = None
    requests: PerMinute = field(default_factory=lambda: PerMinute(0))


def create_app(
    parts: ChatParts,
    router: APIRouter | None = None,
    *,
    allowed_hosts: Sequence[str] = LOCAL_HOSTS,
    checks: Checks | None = None,
) -> FastAPI:
    """The application for uvicorn. `router` is mounted before the page, so its paths win.

    Bind it to 127.0.0.1 unless others shall reach it; then name their way in `allowed_hosts`, and in `checks`
    how it is known who they are. Without `checks` everybody is the user of this machine.
    """
    checks = checks or Checks(LogIn(Access()))
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        # Outside a running loop, Gradio makes one for each of its locks and closes none of them.
        return asyncio.run(_created(parts, router, allowed_hosts, checks))
    return _create(parts, router, allowed_hosts, checks)


async def _created(
    parts: ChatParts, router: APIRouter | None, allowed_hosts: Sequence[str], checks: Checks
) -> FastAPI:
    return _create(parts, router, allowed_hosts, checks)


def _create(
    parts: ChatParts, router: APIRouter | None, allowed_hosts: Sequence[str], checks: Checks
) -> FastAPI:
    turns = ChatTurns(parts.answers, parts.conversations, parts.log_file, parts.line, limits=checks.questions)
    page = build_page(parts, turns)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        turns.close()

    app = FastAPI(title="Footnote", docs_url=None, redoc_url=None, lifespan=lifespan)
    if router is not None:
        app.include_router(router)
    app.include_router(login_routes(checks.login))
    app.mount(STATIC_PATH, StaticFiles(directory=STATIC), name="page-files")
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        server_name="127.0.0.1",
        theme=footnote_theme(),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        enable_monitoring=False,
        show_error=False,
        max_file_size=1,
        allowed_paths=[],
    )
    app.add_middleware(
        Guard,
        access=checks.login.access,
        functions=lambda: functions_of(page),
        requests=checks.requests,
    )
    app.add_middleware(PageShell, head=head("Footnote", ("footnote.css",), "footnote.js"))
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(allowed_hosts))
    return app
