"""The chat page with scripted answers, to look at it without any model: python -m ui.demo_page"""

from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn

from ui.chat_actions import ChatParts
from ui.conversations import Conversations
from ui.demo_answers import DemoAnswers
from ui.demo_library import DEMO_EXAMPLES
from ui.home import Home
from ui.status_line import LibraryStatus
from ui.web_app import create_app


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


def main() -> None:
    """Serve the demo page on this machine until it is interrupted."""
    parser = ArgumentParser(description="The chat page with scripted answers.")
    parser.add_argument("--port", type=int, default=7861)
    parser.add_argument("--folder", type=Path, default=Home.find().root / "demo")
    chosen = parser.parse_args()
    uvicorn.run(create_app(demo_parts(chosen.folder)), host="127.0.0.1", port=chosen.port)


if __name__ == "__main__":
    main()
