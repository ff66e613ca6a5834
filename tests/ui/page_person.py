"""Somebody who uses the chat page without a browser: the same calls, in the same order, as the page makes."""

import json
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx
from gradio_client.utils import apply_diff

CONVERSATION, FOLLOWING, TOPBAR, SIDEBAR, EARLIER, LATEST, ANNOUNCER, STATUS = range(8)
"""Where each part stands among the values that an action of the page returns."""


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


_WAITING = re.compile(r"Waiting: number (\d+) in line")


@dataclass
class Seen:
    """What somebody saw of one question; seconds from the moment it was sent."""

    question: str
    conversation: str = ""
    latest: str = ""
    stages: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    sent: float = 0.0
    turn_after: float | None = None
    first_word_after: float | None = None
    ended_after: float | None = None

    @property
    def is_answered(self) -> bool:
        """Whether an answer stands there, or that the library has none."""
        return "turn finished" in self.latest and "card failure" not in self.latest

    @property
    def text(self) -> str:
        """What can be read of it."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.latest)).split())

    def look(self, latest: str) -> None:
        """Take note of another sight of it."""
        now = monotonic() - self.sent
        self.latest = latest
        stage = re.search(r'<p class="stage"[^>]*>([^<]*)<', latest)
        words = re.search(r'<p class="prose"[^>]*>(.*?)</p>', latest, re.DOTALL)
        if stage and stage[1] and (not self.stages or self.stages[-1] != stage[1]):
            self.stages.append(stage[1])
        number = _WAITING.search(latest)
        if number:
            if not self.numbers or self.numbers[-1] != int(number[1]):
                self.numbers.append(int(number[1]))
        elif self.turn_after is None:
            self.turn_after = now
        if words and re.sub(r"<[^>]+>", "", words[1]).strip() and self.first_word_after is None:
            self.first_word_after = now
        if "turn finished" in latest:
            self.ended_after = now


class PagePerson:
    """One tab. Close it, or use it as a context."""

    def __init__(self, url: str, *, patience: float = 600.0, cookies: dict[str, str] | None = None) -> None:
        self._web = httpx.Client(base_url=url, trust_env=False, timeout=patience, cookies=cookies)
        self._session = uuid4().hex[:12]
        config = self._web.get("/config").raise_for_status().json()
        names = {one["id"]: one["props"].get("elem_id") for one in config["components"]}
        self._actions: dict[tuple[str, str], int] = {}
        for action in config["dependencies"]:
            for target, event in action["targets"]:
                self._actions[str(names.get(target)), event] = action["id"]

    def __enter__(self) -> "PagePerson":
        return self

    def __exit__(self, *_: object) -> None:
        self._web.close()

    def send(self, question: str, conversation: str = "") -> tuple[Seen, str]:
        """Send a question; what is seen of it then, and what is to be followed."""
        seen = Seen(question, sent=monotonic())
        *_, values = self._call(("question", "submit"), [question, conversation])
        view = values[1:]
        seen.conversation = view[CONVERSATION]
        seen.look(view[LATEST])
        return seen, view[FOLLOWING]

    def follow(self, seen: Seen, following: str) -> Iterator[Seen]:
        """Watch an answer while it is made; each sight of it."""
        for values in self._call(("following-id", "change"), [following]):
            if isinstance(values[0], str):
                seen.look(values[0])
                yield seen

    def ask(self, question: str, conversation: str = "") -> Seen:
        """Send a question and watch until there is an answer."""
        seen, following = self.send(question, conversation)
        if following:
            for _ in self.follow(seen, following):
                pass
        return seen

    def open(self, conversation: str) -> str:
        """Open a conversation again; its last turn."""
        *_, view = self._call(("hub", "open"), [], {"conversation": conversation})
        return str(view[LATEST])

    def stop(self, conversation: str) -> None:
        """Press Stop."""
        for _ in self._call(("stop", "click"), [conversation]):
            pass

    def _call(self, action: tuple[str, str], data: list[Any], sent: object = None) -> Iterator[list[Any]]:
        """An action's values, one after the other."""
        session = f"{self._session}{uuid4().hex[:6]}"
        body = {
            "data": data,
            "fn_index": self._actions[action],
            "session_hash": session,
            "event_data": sent,
            "trigger_id": None,
        }
        self._web.post("/gradio_api/queue/join", json=body).raise_for_status()
        known: list[Any] | None = None
        with self._web.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as lines:
            for line in lines.iter_lines():
                if not line.startswith("data:"):
                    continue
                message = json.loads(line[5:])
                values = (message.get("output") or {}).get("data")
                match message["msg"]:
                    case "process_generating":
                        known = (
                            list(values)
                            if known is None
                            else [apply_diff(old, new) for old, new in zip(known, values, strict=True)]
                        )
                        yield known
                    case "process_completed":
                        assert message["success"], message
                        if known is None:
                            yield values
                        return
                    case "server_stopped" | "unexpected_error":
                        raise ConnectionError(message["msg"])
