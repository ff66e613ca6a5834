"""The desk of a process beside a serving one: hands the work over through the local API."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from assistant.answer import Answer
from assistant.events import Turn
from index_store.errors import RunError, UsageError
from index_store.passage import ScoredPassage
from index_store.passage_store import ArticleSummary
from ui.desk import (
    ArticleView,
    Embedding,
    OnSync,
    OnWait,
    RemovedSource,
    Stopped,
    SyncStep,
    SyncSummary,
    ignored,
    never,
)
from ui.serving.certificate import trusting
from ui.serving.local_api import API, TOKEN_HEADER
from ui.serving.server_file import ServerAddress
from ui.serving.wire import ANSWER, ARTICLE, ARTICLES, EMBEDDING, PASSAGES, REMOVED_SOURCE
from ui.settings.source_places import named_source, source_place
from ui.stopped import NOTHING_CHANGED, SERVING_ENDED, when_stopped

# An answer may wait for others before it; the serving process is on this machine and alive.
_PATIENCE = httpx.Timeout(600.0, connect=5.0)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why a call was not carried out: our own words in `error`, the web framework's in `detail`."""

    error: str | None = None
    detail: str | list[Any] | None = None
    usage: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a sync: a step with its place in the whole, a wait, the summary, or an error."""

    step: SyncStep | None = None
    done: int = 0
    total: int = 0
    waiting: str | None = None
    summary: SyncSummary | None = None
    error: str | None = None
    usage: bool = False


_REFUSAL = TypeAdapter(_Refusal)
_LINE = TypeAdapter(_Line)


class RemoteDesk:
    """Asks the serving process. Raises what it raised there, or RunError when it went away."""

    def __init__(self, address: ServerAddress, *, measuring: bool = False) -> None:
        """With `measuring`, what is asked is a measurement, which the serving process does not record."""
        self._address = address
        self._measuring = measuring
        # Settings for a proxy concern the network, and this never leaves the machine.
        self._client = httpx.Client(
            base_url=f"{address.url}{API}",
            headers={TOKEN_HEADER: address.token},
            timeout=_PATIENCE,
            trust_env=False,
            verify=trusting(address.certificate),
            # One kept for later may be closed by the server just as the next question sets out.
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        model: str | None = None,
        stopped: Stopped = never,
    ) -> Answer:
        """See Desk. `stopped` is not asked here: whoever stops this process stops the answer."""
        body = {
            "question": question,
            "history": [list(turn) for turn in history],
            "model": model,
            "measuring": self._measuring,
        }
        with when_stopped("the serving process stops working on the answer; nothing was changed"):
            return _read(ANSWER, self._call("POST", "/ask", json=body))

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        """See Desk."""
        body = {"question": question, "limit": limit, "measuring": self._measuring}
        return _read(PASSAGES, self._call("POST", "/search", json=body))

    def sync(
        self, places: Sequence[str], *, dry_run: bool, on_step: OnSync, on_wait: OnWait = ignored
    ) -> SyncSummary:
        """See Desk. Places are looked up here, since the serving process may stand in another folder."""
        here = [source_place(place) for place in places]
        goes_on = f"the serving process at {self._address.url} goes on with the sync"
        with when_stopped(NOTHING_CHANGED if dry_run else goes_on):
            return self._sync(here, dry_run=dry_run, on_step=on_step, on_wait=on_wait)

    def _sync(self, here: list[str], *, dry_run: bool, on_step: OnSync, on_wait: OnWait) -> SyncSummary:
        try:
            with self._client.stream("POST", "/sync", json={"places": here, "dry_run": dry_run}) as response:
                _check(response)
                for line in response.iter_lines():
                    told = _read(_LINE, line)
                    if told.error is not None:
                        raise _raised(told.error, usage=told.usage)
                    if told.summary is not None:
                        return told.summary
                    if told.waiting is not None:
                        on_wait(told.waiting)
                    if told.step is not None:
                        on_step(told.step, told.done, told.total)
        except httpx.HTTPError as error:
            raise self._gone(error) from error
        raise self._gone(None)

    def remove_source(self, source: str) -> RemovedSource:
        """See Desk. A path is looked up here, as those of a sync are."""
        place = named_source(source)
        return _read(REMOVED_SOURCE, self._call("POST", "/sources/remove", json={"place": place}))

    def rebuild(self, *, on_step: OnSync) -> SyncSummary:
        """See Desk; only the process that holds the library can do it."""
        raise UsageError(
            "the library cannot be rebuilt while it is being served; stop the serving process first"
        )

    def articles(self) -> list[ArticleSummary]:
        """See Desk."""
        return _read(ARTICLES, self._call("GET", "/articles"))

    def article(self, path: str) -> ArticleView | None:
        """See Desk."""
        data = self._call("GET", "/article", params={"path": path})
        return None if data == b"null" else _read(ARTICLE, data)

    def embedding(self) -> Embedding:
        """See Desk."""
        return _read(EMBEDDING, self._call("GET", "/embedding"))

    def close(self) -> None:
        """See Desk."""
        self._client.close()

    def _call(self, method: str, path: str, **request: Any) -> bytes:
        try:
            response = self._client.request(method, path, **request)
        except httpx.HTTPError as error:
            raise self._gone(error) from error
        _check(response)
        return response.content

    def _gone(self, error: Exception | None) -> RunError:
        if isinstance(error, httpx.TimeoutException):
            return RunError(
                f"the serving process at {self._address.url} has not answered for "
                f"{_PATIENCE.read:.0f} seconds; ask again, or start it again"
            )
        return RunError(SERVING_ENDED)


def _check(response: httpx.Response) -> None:
    if response.status_code == 200:
        return
    data = response.read()
    if response.status_code >= 500 and not data.startswith(b"{"):
        # What the web server says, in words of its own, for work that was under way when it was stopped.
        raise RunError(SERVING_ENDED)
    told = _read(_REFUSAL, data)
    raise _raised(str(told.error or told.detail), usage=told.usage)


def _raised(message: str, *, usage: bool) -> RunError | UsageError:
    return UsageError(message) if usage else RunError(message)


def _read(adapter: TypeAdapter[_T], data: bytes | str) -> _T:
    try:
        return adapter.validate_json(data)
    except ValidationError as error:
        raise RunError(
            "the serving process answered with what cannot be read here; if it is of another version, "
            "start it again"
        ) from error
