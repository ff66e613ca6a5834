"""The pages with scripted answers, to look at them without any model: python -m ui.chat.demo_page"""

from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from fastapi import APIRouter, FastAPI, Request

from assistant.models.model_files import ModelFiles
from ui.accounts.access import Access
from ui.accounts.login_routes import LogIn
from ui.accounts.person import LOCAL_PERSON, Person, person_of
from ui.chat.chat_parts import ChatParts
from ui.chat.conversations import Conversations
from ui.chat.demo_answers import DemoAnswers
from ui.chat.demo_library import DEMO_EXAMPLES
from ui.chat.demo_shelf import DemoShelf
from ui.chat.status_line import LibraryStatus
from ui.home import Home
from ui.library.library_actions import LibraryActions
from ui.library.library_routes import library_routes
from ui.quote_check import QuoteCheck
from ui.serving.admin_pages import admin_routes
from ui.serving.serving import library_parts, library_status
from ui.serving.web_app import Checks, create_app


def demo_parts(folder: Path, *, pause: float = 0.03) -> ChatParts:
    """Everything the page needs, kept in `folder`; `pause` is the time between two words in seconds."""
    synced = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    status = LibraryStatus(
        articles=4,
        last_sync=synced,
        model="demo-script",
        model_licence="Apache-2.0",
        model_vendor="made-up library",
    )
    return ChatParts(
        answers=DemoAnswers(pause=pause),
        conversations=Conversations(folder / "conversations.sqlite"),
        status=lambda: status,
        examples=DEMO_EXAMPLES,
        log_file=folder / "footnote.log",
    )


def demo_app(
    parts: ChatParts,
    shelf: DemoShelf,
    *,
    checks: Checks | None = None,
    files: Callable[[], ModelFiles] | None = None,
) -> FastAPI:
    """The chat page over `parts`, and the other pages over `shelf`.

    `checks` let people in who have accounts; `files` are the model files, the user's own by default.
    """
    quotes = QuoteCheck(shelf.syncs.articles, lambda: shelf.workshop.library.store)
    shown = replace(
        parts,
        status=lambda: replace(
            library_status(shelf.workshop, shelf.syncs),
            model="demo-script",
            model_licence="Apache-2.0",
            model_vendor="made-up library",
            model_present=True,
        ),
        quoted=quotes.look,
        page_of=quotes.page_of,
    )
    checks = checks or Checks(LogIn(Access()))
    access = checks.login.access

    def person(request: Request) -> Person:
        return person_of(request) if access.in_force else LOCAL_PERSON

    actions = LibraryActions(library_parts(shelf.workshop, shelf.desk, shelf.syncs))
    routes = APIRouter()
    routes.include_router(library_routes(actions, person=person))
    routes.include_router(
        admin_routes(
            shelf.workshop,
            access,
            parts.conversations,
            shelf.syncs.record,
            passwords=checks.login.passwords,
            person=person,
            files=files,
        )
    )
    return create_app(shown, routes, checks=checks)


def main() -> None:
    """Serve the demo page on this machine until it is interrupted."""
    parser = ArgumentParser(description="The pages with scripted answers.")
    parser.add_argument("--port", type=int, default=7861)
    parser.add_argument("--folder", type=Path, default=Home.find().root / "demo")
    chosen = parser.parse_args()
    shelf = DemoShelf(chosen.folder)
    try:
        uvicorn.run(demo_app(demo_parts(chosen.folder), shelf), host="127.0.0.1", port=chosen.port)
    finally:
        shelf.close()


if __name__ == "__main__":
    main()
