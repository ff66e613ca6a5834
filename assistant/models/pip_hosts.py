"""Which hosts pip asks for packages, as it is set up for this person."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

_PLACES = ("index-url", "extra-index-url", "find-links")
# pip's help names the address that it asks where nobody has set another.
_DEFAULT = re.compile(r"\(default\s+(https?://[^\s)]+)\)")


def pip_config() -> str:
    """What pip says of its settings, a `name='value'` a line; nothing when it cannot be asked."""
    return _said("config", "list")


def pip_help() -> str:
    """What pip says of its options; nothing when it cannot be asked."""
    return _said("help", "download")


def pip_hosts(config: Callable[[], str] = pip_config, usage: Callable[[], str] = pip_help) -> tuple[str, ...]:
    """The hosts, without what is secret in their addresses; none where pip may only look on this machine.

    Files may come from yet another host that an index names.
    """
    told: dict[str, list[str]] = {}
    for line in config().splitlines():
        name, equals, value = line.partition("=")
        if equals:
            told.setdefault(name.rpartition(".")[2], []).append(_plain(value))
    if any(value.lower() in ("1", "true", "yes", "on") for value in told.get("no-index", [])):
        told.pop("index-url", None)
        told.pop("extra-index-url", None)
        hosts: list[str] = []
    else:
        usual = [] if told.get("index-url") else _DEFAULT.findall(usage())
        hosts = list(filter(None, map(_host, usual)))
    for place in _PLACES:
        for value in told.get(place, []):
            hosts += filter(None, map(_host, value.split()))
    return tuple(dict.fromkeys(hosts))


def _said(*what: str) -> str:
    command = [sys.executable, "-m", "pip", *what, "--disable-pip-version-check"]
    ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return ran.stdout if ran.returncode == 0 else ""


def _plain(value: str) -> str:
    try:
        return str(ast.literal_eval(value))
    except (ValueError, SyntaxError):
        return value


def _host(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    return f"{parts.hostname}{port}" if parts.scheme in ("http", "https") and parts.hostname else None
