"""What sites ask of programs in their robots.txt (RFC 9309), asked once for each site and run."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from protego import Protego

from ingest.errors import AddressRefused, FetchFailed, FetchRefused

AGENT = "Footnote"
"""The name that robots.txt may speak to."""

# RFC 9309 has readers parse 500 KiB at least.
LARGEST = 512 * 1024

_NAMES = re.compile(r"(\s*user(?:-|\s*)agent(?:\s*:|\s)\s*)([^#]*)", re.IGNORECASE)
_OTHERS = "-"


class RobotsRules:
    """Judges addresses by the rules of their site.

    `get` delivers a file of that name and raises FetchFailed. Where there is none (any 4xx), all is allowed;
    where the site fails to answer (5xx, no connection), nothing is, for now.
    """

    def __init__(self, get: Callable[[str], bytes]) -> None:
        self._get = get
        self._rules: dict[str, Protego | FetchFailed] = {}

    def check(self, url: str) -> float | None:
        """The pause in seconds that the site asks for, None for none. Raises FetchFailed when it refuses."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = self._read(f"{site}/robots.txt")
        rules = self._rules[site]
        if isinstance(rules, AddressRefused):
            raise AddressRefused(url, rules.reason)
        if isinstance(rules, FetchFailed):
            raise FetchFailed(url, f"its robots.txt cannot be read now ({rules.reason})", status=rules.status)
        if not rules.can_fetch(url, AGENT):
            raise FetchRefused(url, "the site's robots.txt refuses it; save the page and sync the file")
        delay = rules.crawl_delay(AGENT)
        return None if delay is None else float(delay)

    def _read(self, url: str) -> Protego | FetchFailed:
        try:
            text = self._get(url).decode("utf-8-sig", errors="replace")
        except FetchFailed as error:
            if error.status is not None and 400 <= error.status < 500 and error.status != 429:
                return Protego.parse("")
            return error
        return Protego.parse("\n".join(map(_for_us, text.splitlines())))


def _for_us(line: str) -> str:
    """The line, with one name for whatever other program it names.

    Protego keeps all rules of a group for each name: some thousand names and rules would fill any memory.
    """
    found = _NAMES.match(line)
    if found is None:
        return line
    name = found[2].strip()
    plain = name.replace("*", "")
    is_ours = name in ("", "*") or plain.lower() == AGENT.lower()
    return found[1] + ((plain or name) if is_ours else _OTHERS)
