"""Reads feeds and site maps in a process of their own: what crashes its parser costs that list, no more."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from ingest.errors import SourceUnread
from ingest.web.feed import Feed, read_feed
from ingest.web.site_map import MapFile, read_map_file
from ingest.web.web_fetcher import Fetched

# What Python needs to start; nothing else that the environment tells is a parser's business.
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONHOME")
# A feed of 5 MB takes two seconds of work. A busy machine may need long for that.
_WORK_SECONDS = 30
_LONGEST_SECONDS = 300.0
_MEMORY = 1200 * 2**20


@dataclass(frozen=True, slots=True)
class _Kind:
    read: Callable[[Fetched], Any]
    written: TypeAdapter[Any]


KINDS: dict[str, _Kind] = {
    "feed": _Kind(read_feed, TypeAdapter(Feed)),
    "map": _Kind(read_map_file, TypeAdapter(MapFile)),
}
"""What the process can read, and how that is written on the way back."""


@dataclass(frozen=True, slots=True)
class ListReaders:
    """How feeds and the files of site maps are read: here, as it is made, or by `apart`."""

    feed: Callable[[Fetched], Feed] = read_feed
    map_file: Callable[[Fetched], MapFile] = read_map_file


def apart(program: tuple[str, ...] = ("-m", "ingest.web.list_process")) -> ListReaders:
    """Readers that start a process for each list. Both raise SourceUnread, also when reading it failed."""

    def feed(answer: Fetched) -> Feed:
        found: Feed = _read("feed", answer, program)
        return found

    def map_file(answer: Fetched) -> MapFile:
        found: MapFile = _read("map", answer, program)
        return found

    return ListReaders(feed, map_file)


def _read(kind: Literal["feed", "map"], answer: Fetched, program: tuple[str, ...]) -> Any:
    head = {"kind": kind, "url": answer.url, "media_type": answer.media_type, "charset": answer.charset}
    here = str(Path(__file__).resolve().parents[2])
    surroundings = {
        **{name: value for name, value in os.environ.items() if name in _PASSED_ON},
        "PYTHONPATH": os.pathsep.join(dict.fromkeys((here, *filter(None, sys.path)))),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    try:
        ran = subprocess.run(
            [sys.executable, *program, str(_WORK_SECONDS), str(_MEMORY)],
            input=json.dumps(head).encode() + b"\n" + answer.data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=surroundings,
            timeout=_LONGEST_SECONDS,
            check=True,
        )
        reply = json.loads(ran.stdout)
        if "error" in reply:
            raise SourceUnread(str(reply["error"]))
        return KINDS[kind].written.validate_python(reply["found"])
    except (
        OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError, ValidationError, RecursionError,
    ) as error:  # fmt: skip
        raise SourceUnread(
            f"{answer.url}: reading it failed ({type(error).__name__}); its articles stay; check the address"
        ) from error
