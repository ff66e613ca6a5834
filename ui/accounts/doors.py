"""Every address of the pages, and who may use it. What is not listed is closed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from ui.accounts.person import Role


class Need(Enum):
    """What a request needs that comes through a door."""

    NOTHING = "nothing"
    TOKEN = "token"
    READER = Role.READER
    EDITOR = Role.EDITOR
    ADMIN = Role.ADMIN
    ADMIN_OR_LOOPBACK = "admin, or this machine"
    FUNCTION = "function"
    """Its body names one of Gradio's functions, which decides."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Door:
    """Addresses with the methods that they take; `path` is a regular expression for a whole path."""

    methods: str
    path: re.Pattern[str]
    need: Need

    @classmethod
    def at(cls, methods: str, path: str, need: Need) -> "Door":
        """A door from its pattern."""
        return cls(methods, re.compile(path), need)


_LOOK = "GET HEAD"
_FILE = r"[\w.@+-]+(?:/[\w.@+-]+)*"

JOIN, CALL_SCRIPTS = "/gradio_api/queue/join", "/gradio_api/component_server"
"""Where the page calls Gradio's functions: its events, and those that its scripts call."""
LISTEN, CANCEL = "/gradio_api/queue/data", "/gradio_api/cancel"
HEARTBEAT = "/gradio_api/heartbeat/"
UPLOAD = "/library/uploads"
"""The one place that takes in large things, and counts their bytes itself."""

DOORS: tuple[Door, ...] = (
    Door.at(_LOOK, r"/(?:healthz|readyz)", Need.NOTHING),
    Door.at(_LOOK, rf"/page/{_FILE}", Need.NOTHING),
    Door.at(f"{_LOOK} POST", r"/login", Need.NOTHING),
    Door.at("POST", r"/logout", Need.NOTHING),
    Door.at(f"{_LOOK} POST", r"/api/.*", Need.TOKEN),
    Door.at(_LOOK, r"/metrics", Need.ADMIN_OR_LOOPBACK),
    # The Library page: who asks may see what is asked; who keeps the library may change it.
    Door.at(_LOOK, r"/library(?:/(?:parts|progress|article))?", Need.READER),
    Door.at("POST", r"/library/(?:sync|preview|sources/(?:add|remove|schedule))", Need.EDITOR),
    Door.at("POST", r"/library/uploads(?:/(?:check|read|remove))?", Need.EDITOR),
    # Models and users are kept by admins.
    Door.at(_LOOK, r"/models(?:/(?:parts|progress))?", Need.ADMIN),
    Door.at("POST", r"/models/(?:fetch|verify|stop|use)", Need.ADMIN),
    Door.at(_LOOK, r"/users(?:/parts)?", Need.ADMIN),
    Door.at("POST", r"/users/(?:add|password|role|remove)", Need.ADMIN),
    # The chat page, as Gradio serves it.
    Door.at(_LOOK, r"/", Need.READER),
    Door.at(_LOOK, r"/config|/theme\.css|/favicon\.ico|/manifest\.json|/robots\.txt", Need.READER),
    Door.at(_LOOK, rf"/(?:assets|static)/{_FILE}", Need.READER),
    Door.at(_LOOK, r"/gradio_api/(?:app_id|info|startup-events|theme\.css)", Need.READER),
    Door.at("GET", re.escape(LISTEN), Need.READER),
    Door.at("GET", re.escape(HEARTBEAT) + r"\w{1,64}", Need.READER),
    Door.at("POST", re.escape(CANCEL), Need.READER),
    Door.at("POST", r"/gradio_api/reset", Need.READER),
    Door.at("POST", f"{re.escape(JOIN)}|{re.escape(CALL_SCRIPTS)}/?", Need.FUNCTION),
)

FUNCTIONS: dict[str, Role] = dict.fromkeys(
    (
        "follow",
        "load",
        "ask",
        "stop",
        "example",
        "retry",
        "open",
        "remove",
        "rename",
        "recheck",
        "refresh",
        "source",
        "copy_text",
        "judge",
        "discard",
    ),
    Role.READER,
)
"""Gradio's functions by name, and who may call each: all of them concern one's own conversations."""


BY_ITSELF = frozenset(
    (
        LISTEN,
        "/config",
        "/theme.css",
        "/gradio_api/app_id",
        "/gradio_api/startup-events",
        "/gradio_api/info",
        "/library/parts",
        "/library/progress",
        "/models/parts",
        "/models/progress",
    )
)
"""What an open page asks for by itself, whether anybody looks at it or not."""

FUNCTIONS_BY_ITSELF = frozenset(("recheck",))


def is_by_itself(path: str, function: str | None) -> bool:
    """Whether a request tells nothing of a person being there."""
    return path in BY_ITSELF or path.startswith(HEARTBEAT) or function in FUNCTIONS_BY_ITSELF


def need_of(method: str, path: str, doors: Iterable[Door] = DOORS) -> Need:
    """What a request needs. Paths are matched whole, and one that climbs is closed before it is matched."""
    if ".." in path or "\\" in path or "//" in path or any(ord(sign) < 32 for sign in path):
        return Need.CLOSED
    for door in doors:
        if method in door.methods.split() and door.path.fullmatch(path):
            return door.need
    return Need.CLOSED
