"""The demo page on a port of its own, and what people do with it."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from ui.chat.chat_parts import ChatParts
from ui.chat.demo_library import DEMO_EXAMPLES
from ui.serving.web_app import create_app

MOVING, MEMORY, BANK, ICELANDIC = DEMO_EXAMPLES
SLOW = "Tell me slowly about Alder 3"

# A busy machine is slow, not wrong.
expect.set_options(timeout=40_000)

# Gradio sums up its queue in ways that pandas is giving up.
PANDAS_WARNING = "ignore::pandas.errors.Pandas4Warning"


@dataclass
class Site:
    """The page served in a thread; it can be stopped and started again on the same port."""

    parts: Callable[[], ChatParts]
    app: Callable[[ChatParts], FastAPI] = create_app
    port: int = 0
    server: uvicorn.Server | None = None
    thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind(("127.0.0.1", self.port))
            self.port = free.getsockname()[1]
        config = uvicorn.Config(
            self.app(self.parts()),
            host="127.0.0.1",
            port=self.port,
            log_level="error",
            ws="none",
            timeout_graceful_shutdown=1,
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started:
            assert self.thread.is_alive()
            self.thread.join(0.05)

    def stop(self) -> None:
        assert self.server
        assert self.thread
        self.server.should_exit = True
        self.thread.join(20)
        assert not self.thread.is_alive()


@dataclass
class Watched:
    """A tab, and everything that it asked for or complained about."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        # What a policy stops was asked for too, and never answered.
        self.page.on("response", lambda response: self.answered.add(urlsplit(response.url).netloc))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type in {"error", "warning"} else None,
        )


def visit(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator("#latest .welcome, #latest .turn")).to_be_visible(timeout=60_000)
    expect(page.locator("#conversation")).to_have_attribute("role", "main")


def send(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    asked = page.locator("#latest .question")
    for _ in range(5):
        # A page that is still being wired up swallows a key, as people know who then press it again.
        page.locator("#question textarea").press("Enter")
        with suppress(AssertionError):
            expect(asked).to_have_text(question, timeout=12_000)
            return
    expect(asked).to_have_text(question)


def ask(page: Page, question: str) -> None:
    send(page, question)
    finished(page)


def finished(page: Page) -> None:
    expect(page.locator("#latest .turn.finished")).to_be_visible(timeout=60_000)


def focused(page: Page) -> str:
    return str(
        page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.id")
    )


def names_of_controls(page: Page, most: int) -> list[str]:
    """Goes through the page by Tab, `most` steps at most: each control has a name and shows its focus."""
    seen: list[str] = []
    page.locator(".skip").first.focus()
    for _ in range(most):
        state = page.evaluate(
            """(() => { const e = document.activeElement;
            if (e === document.body) return null;
            const s = getComputedStyle(e.type === "file" ? e.closest("label") : e);
            const composer = e.closest("#composer");
            const framed = composer && getComputedStyle(composer).boxShadow !== "none";
            return [e.getAttribute("aria-label") || e.labels?.[0]?.innerText || e.innerText || "",
                    framed || (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2)]; })()"""
        )
        if state is None:
            break
        name, visible = state
        assert name.strip(), f"a control after {seen} has no name"
        assert visible, f"{name!r} shows no focus"
        seen.append(name)
        page.keyboard.press("Tab")
    return seen
