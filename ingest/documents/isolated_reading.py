"""Reads documents in a process of their own, so that a hostile file costs one article and no more.

Articles are read by parsers that a file may crash, or keep busy for ever, or make ask for all memory there
is. The process starts with the first of them, serves many, and is replaced when it ends. A crash is held
against a document only where nothing else was read before it. PDF, DOCX, EPUB and mails are read here in any
case, texts, web pages and their heads where the ArticleReader is made so.
"""

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

from index_store.quiet_libraries import silence_libraries
from ingest.documents.document_text import DocumentText
from ingest.errors import ArticleEmpty, ArticleNotText, ArticleUnreadable
from ingest.text.page_head import LONGEST_HEAD, PageHead

_GIVE_UP = "remove it, or save it in another format"
_DOES_NOT_RUN = "the process that reads documents does not run; see that memory is free, then sync again"
# What Python needs to start; nothing else that the environment tells, such as a key, is a parser's business.
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONHOME")
_ERRORS = {error.__name__: error for error in (ArticleUnreadable, ArticleEmpty, ArticleNotText)}
# Bytes, some 6,000 full pages: what expands to more is no article. A Qdrant server takes 32 MB at once, with
# the ids of the passages, and writing it takes twenty times as much memory.
_LONGEST_REPLY = 27_000_000
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What one document may cost.

    `stalled_s`: seconds of work (not of waiting for a busy machine) without a further page or chapter; the
    process ends itself then. `total_s`: seconds in all. `memory`: bytes that the process may have (its own
    data, not the libraries' code). `kept`: bytes with which it may wait for the next document; one that holds
    more afterwards is ended, so that its memory is free when the article is written.
    """

    stalled_s: float = 30.0
    total_s: float = 1800.0
    memory: int = 1200 * 2**20
    kept: int = 200 * 2**20


class _NotItsFault(Exception):
    """Reading a document failed, which may be due to those before it, or to whoever ended the process."""


class IsolatedReader:
    """Reads documents in one process; one at a time, whoever asks. `close` it, or let it go out of use."""

    def __init__(
        self,
        limits: ReadingLimits | None = None,
        *,
        program: Sequence[str] = ("-m", "ingest.documents.document_process"),
    ) -> None:
        self._limits = limits or ReadingLimits()
        self._program = tuple(program)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._has_read_others = False
        self._end: weakref.finalize[Any, Any] | None = None

    @property
    def running(self) -> int | None:
        """The id of the process, when there is one."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def read(self, data: bytes, suffix: str, *, encoding: str | None = None) -> DocumentText:
        """The text of a document in the format of files that end in `suffix`.

        `encoding` is what the sender of a text said that it is in.

        Raises ArticleUnreadable (also when reading it crashed, took too long or too much memory),
        ArticleEmpty or ArticleNotText.
        """
        request = {"suffix": suffix, "encoding": encoding, "size": len(data)}
        return self._made(DocumentText.from_json, data, request)

    def read_head(self, data: bytes, url: str) -> PageHead:
        """What the head of the page that came from `url` says of its address. Raises ArticleUnreadable."""
        head = data[:LONGEST_HEAD]
        return self._made(PageHead.from_json, head, {"head_of": url, "size": len(head)})

    def _made(self, make: Callable[[dict[str, Any]], _Made], data: bytes, request: dict[str, Any]) -> _Made:
        reply = self._read(data, request)
        try:
            return make(reply)
        except (KeyError, TypeError, ValueError) as error:
            self.close()  # what else it may say belongs to nothing
            raise ArticleUnreadable(f"reading it gave nonsense ({error}); {_GIVE_UP}") from error

    def _read(self, data: bytes, request: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            try:
                reply = self._attempt(data, request)
            except _NotItsFault:
                try:
                    reply = self._attempt(data, request)
                except _NotItsFault as failure:
                    raise ArticleUnreadable(str(failure)) from failure
        if "error" in reply:
            raise _ERRORS.get(str(reply["error"]), ArticleUnreadable)(str(reply["message"]))
        return reply

    def _attempt(self, data: bytes, request: dict[str, Any]) -> dict[str, Any]:
        """What the process replies. After _NotItsFault the next attempt has a process of its own."""
        process = self._process or self._start()
        try:
            self._hand_in(process, data, request)
            reply = self._reply(process)
            if reply.get("is_short_of_memory") and self._has_read_others:
                raise _NotItsFault(str(reply["message"]))
        except BaseException:
            self._stop()
            raise
        self._has_read_others = True
        if _memory_of(process) > self._limits.kept:
            self._stop()
        return reply

    def close(self) -> None:
        """End the process, if there is one. A later `read` starts another."""
        with self._lock:
            self._stop()

    @staticmethod
    def _hand_in(process: subprocess.Popen[bytes], data: bytes, request: dict[str, Any]) -> None:
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.write(data)
            process.stdin.flush()
        except OSError as error:
            raise _NotItsFault(_DOES_NOT_RUN) from error

    def _start(self) -> subprocess.Popen[bytes]:
        limits = self._limits
        here = str(Path(__file__).resolve().parents[2])
        surroundings = {
            **{name: value for name, value in os.environ.items() if name in _PASSED_ON},
            "PYTHONPATH": os.pathsep.join(dict.fromkeys((here, *filter(None, sys.path)))),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        silence_libraries(surroundings)
        self._process = subprocess.Popen(
            [sys.executable, *self._program, str(limits.stalled_s), str(limits.memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=surroundings,
        )
        self._has_read_others = False
        self._end = weakref.finalize(self, _end, self._process)
        return self._process

    def _stop(self) -> None:
        if self._end is not None:
            self._end()
        self._process = self._end = None

    def _reply(self, process: subprocess.Popen[bytes]) -> dict[str, Any]:
        """The last line that the process writes; the others only say that it goes on."""
        assert process.stdout is not None
        until = time.monotonic() + self._limits.total_s
        received = bytearray()
        has_begun = False
        while True:
            line = self._line(process.stdout, received, until)
            if line is None:
                raise self._ended(process, has_begun)
            has_begun = True
            try:
                reply = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise ArticleUnreadable(f"reading it gave nonsense; {_GIVE_UP}") from error
            if isinstance(reply, dict):
                return reply

    def _line(self, stdout: IO[bytes], received: bytearray, until: float) -> bytearray | None:
        """The next line, None when the process has ended."""
        searched = 0
        while (end := received.find(b"\n", searched)) < 0:
            searched = len(received)
            ready, _, _ = select.select([stdout], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise ArticleUnreadable(
                    f"reading it takes more than {self._limits.total_s:g} seconds; split it, or {_GIVE_UP}"
                )
            piece = os.read(stdout.fileno(), 2**20)
            if not piece:
                return None
            received += piece
            if len(received) > _LONGEST_REPLY:
                raise ArticleUnreadable("its text is far larger than any book; split it")
        line = received[:end]
        del received[: end + 1]
        return line

    def _ended(self, process: subprocess.Popen[bytes], has_begun: bool) -> Exception:
        """Why there is no reply. It writes a line as soon as it begins a document."""
        code = process.wait()
        if not has_begun:
            return _NotItsFault(_DOES_NOT_RUN)
        if code == -signal.SIGPROF:
            return ArticleUnreadable(
                f"reading it got stuck for {self._limits.stalled_s:g} seconds; {_GIVE_UP}"
            )
        why = f"reading it crashed its reader; {_GIVE_UP}"
        return _NotItsFault(why) if self._has_read_others else ArticleUnreadable(why)


def _memory_of(process: subprocess.Popen[bytes]) -> int:
    """How many bytes a process has in memory; 0 where the system does not tell."""
    try:
        resident = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return resident * os.sysconf("SC_PAGE_SIZE")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process at once: it has nothing to lose."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):  # what was not yet written to it
                pipe.close()
