"""Models from a hub that speaks `{endpoint}/{repo}/resolve/{revision}/{file}`, such as Hugging Face's."""

import re
import ssl
import threading
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import httpx

from assistant.models.catalogue import CatalogueEntry, PinnedFile
from assistant.models.model_sources import BLOCK, FetchProgress, OnProgress, SourceFailed
from index_store.authorities import trusted_authorities
from index_store.errors import RunError

DEFAULT_ENDPOINT = "https://huggingface.co"

_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)$")

_Arrived = Callable[[int], None]
"""Told how many bytes of a file are there."""


class HubSource:
    """Downloads from a model hub at the pinned commit, and goes on where a cut-off download stopped.

    Whether the hub answers is found out once in the life of this object, in at most `reach_seconds`, name
    resolution included; when it does not, it is not asked again. So make one object for each command.
    """

    name = "hub"

    def __init__(
        self,
        endpoint: str = DEFAULT_ENDPOINT,
        *,
        token: str | None = None,
        reach_seconds: float = 4.0,
        read_seconds: float = 30.0,
        tries: int = 3,
        pause_seconds: float = 1.0,
    ) -> None:
        self._endpoint = endpoint.rstrip("/")
        self._headers = {"Accept-Encoding": "identity", "User-Agent": "footnote"}
        if token:
            # httpx leaves this out when a redirect leads to another host.
            self._headers["Authorization"] = f"Bearer {token}"
        self._reach_seconds = reach_seconds
        self._read_seconds = read_seconds
        self._tries = tries
        self._pause_seconds = pause_seconds
        self._probed = False
        self._unreachable: str | None = None

    def deliver(self, entry: CatalogueEntry, folder: Path, on_progress: OnProgress) -> None:
        """Download each file into the folder, in order. Raises SourceFailed when the hub does not deliver."""
        if entry.hub is None:
            raise SourceFailed("the catalogue names no repository for it")
        base = f"{self._endpoint}/{entry.hub.repo}/resolve/{entry.hub.revision}"
        self._need_reach(f"{base}/{entry.files[0].name}")
        done = 0
        with self._client(self._read_seconds) as client:
            for file in entry.files:
                target = folder / file.name
                target.parent.mkdir(parents=True, exist_ok=True)

                def arrived(size: int, before: int = done) -> None:
                    on_progress(FetchProgress(entry.id, self.name, before + size, entry.bytes))

                self._download(client, f"{base}/{file.name}", file, target, arrived)
                done += target.stat().st_size

    def _client(self, read_seconds: float) -> httpx.Client:
        timeout = httpx.Timeout(read_seconds, connect=self._reach_seconds)
        return httpx.Client(
            headers=self._headers, timeout=timeout, follow_redirects=True, verify=self._authorities
        )

    @cached_property
    def _authorities(self) -> ssl.SSLContext:
        """Those this machine trusts; read once, which takes longer than asking whether the hub is there."""
        return trusted_authorities()

    def _need_reach(self, url: str) -> None:
        if not self._probed:
            try:
                _ = self._authorities
            except RunError as error:
                raise SourceFailed(str(error)) from error
            self._unreachable = self._probe(url)
            self._probed = True
        if self._unreachable is not None:
            raise SourceFailed(f"{self._endpoint} cannot be reached ({self._unreachable})")

    def _probe(self, url: str) -> str | None:
        """Ask for one byte, as the download will, through proxies and redirects; the reason when none comes.

        In a thread of its own, because looking up a host's name knows no time limit and cannot be stopped.
        """
        reasons: list[str | None] = []

        def ask() -> None:
            try:
                with (
                    self._client(self._reach_seconds) as client,
                    client.stream("GET", url, headers={"Range": "bytes=0-0"}),
                ):
                    reasons.append(None)
            except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
                reasons.append(_words(error))

        thread = threading.Thread(target=ask, name="hub-probe", daemon=True)
        thread.start()
        thread.join(self._reach_seconds)
        return reasons[0] if reasons else f"no answer in {self._reach_seconds:g} seconds"

    def _download(
        self, client: httpx.Client, url: str, file: PinnedFile, target: Path, arrived: _Arrived
    ) -> None:
        failures = 0
        while True:
            start = _size(target)
            if start == file.bytes:
                arrived(start)
                return
            try:
                self._ask(client, url, file, target, arrived)
                return
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
                # It answered a moment ago and is gone now: nothing that is asked next will fare better.
                self._unreachable = _words(error)
                raise SourceFailed(f"{url} cannot be reached ({_words(error)})") from error
            except httpx.TransportError as error:
                # A long download over a poor line breaks off often: count only the times it got nowhere.
                failures = 1 if _size(target) - start > BLOCK else failures + 1
                if failures >= self._tries:
                    raise SourceFailed(f"{url} broke off {failures} times ({_words(error)})") from error
                time.sleep(self._pause_seconds)
            except httpx.HTTPError as error:
                raise SourceFailed(f"{url}: {_words(error)}") from error

    def _ask(self, client: httpx.Client, url: str, file: PinnedFile, target: Path, arrived: _Arrived) -> None:
        start = _size(target)
        with client.stream("GET", url, headers={"Range": f"bytes={start}-"} if start else {}) as answer:
            start = self._agreed_start(answer, url, file, target, start)
            done = start
            with target.open("ab" if start else "wb") as stream:
                for block in answer.iter_bytes():
                    done += len(block)
                    if file.bytes is not None and done > file.bytes:
                        raise SourceFailed(f"{url} sends more than the {file.bytes} bytes expected")
                    stream.write(block)
                    arrived(done)
        if file.bytes is not None and done < file.bytes:
            raise httpx.ReadError(f"only {done} of {file.bytes} bytes came")

    def _agreed_start(
        self, answer: httpx.Response, url: str, file: PinnedFile, target: Path, start: int
    ) -> int:
        """Where in the file the answer begins: at `start` as asked, or at 0 when it is sent whole."""
        status = answer.status_code
        offered: str | None = None
        match status:
            case 200:
                start = 0
                if "Content-Encoding" not in answer.headers:
                    offered = answer.headers.get("Content-Length")
            case 206 | 416 if start:
                span = _CONTENT_RANGE.match(answer.headers.get("Content-Range", ""))
                if status == 416 or span is None or int(span[1]) != start:
                    # What lies here is no beginning of that file; the next try asks for all of it.
                    target.unlink(missing_ok=True)
                    raise httpx.ReadError("it would not go on where the download stopped")
                offered = span[2]
            case 401 | 403:
                raise SourceFailed(f"{url} wants a token, or its terms accepted (HTTP {status})")
            case _:
                raise SourceFailed(f"{url} answers HTTP {status} {answer.reason_phrase}".rstrip())
        if file.bytes is not None and offered not in (None, "*", str(file.bytes)):
            raise SourceFailed(f"{url} has {offered} bytes, expected {file.bytes}")
        return start


def _size(target: Path) -> int:
    return target.stat().st_size if target.exists() else 0


def _words(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
