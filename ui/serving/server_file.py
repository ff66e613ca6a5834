"""How processes of one user find the serving one: a small file in the user directory."""

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx
from pydantic import TypeAdapter, ValidationError

from ui.serving.certificate import trusting

ALIVE = {"footnote": "serving"}
"""What a serving process says when it is asked whether it lives."""

_PROBE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where the serving process listens, and the token that opens its local API.

    `certificate` (PEM) is the one that it answers with, where it speaks TLS.
    """

    url: str
    token: str
    pid: int
    certificate: str | None = None


_ADDRESS = TypeAdapter(ServerAddress)


def new_token() -> str:
    """A token nobody can guess."""
    return secrets.token_urlsafe(32)


def write_server_file(file: Path, address: ServerAddress) -> None:
    """Publish the address; only this user can read it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".new")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(asdict(address), stream)
    partial.replace(file)


def remove_server_file(file: Path, address: ServerAddress) -> None:
    """Take the address back, unless another process has put its own there."""
    if _read(file) == address:
        file.unlink(missing_ok=True)


def serving_process(
    file: Path, *, on_silence: Callable[[ServerAddress], None] = lambda _: None
) -> ServerAddress | None:
    """The serving process, when there is one and it answers; a file left by a killed one counts as none.

    `on_silence` hears of one that lives and listens, and has not answered in time.
    """
    address = _read(file)
    if address is None or not _lives(address.pid):
        return None
    try:
        response = httpx.get(
            f"{address.url}/api/alive",
            headers={"X-Footnote-Token": address.token},
            timeout=_PROBE_SECONDS,
            trust_env=False,
            verify=trusting(address.certificate),
        )
        said = response.json() if response.status_code == 200 else None
    except httpx.TimeoutException:
        on_silence(address)
        return None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return None
    # The process id and the port of a killed one may belong to another program by now.
    return address if said == ALIVE else None


def _read(file: Path) -> ServerAddress | None:
    try:
        return _ADDRESS.validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None


def _lives(pid: int) -> bool:
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
