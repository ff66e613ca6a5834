"""The desk of a process beside a serving one: hands the work over through the local API."""

import json
from collections.abc import Sequence
from typing import Any

import httpx

from assistant.answer import Answer
from assistant.events import Turn
from index_store.errors import RunError, UsageError
from index_store.passage import ScoredPassage
from index_store.passage_store import ArticleSummary
from ui.desk import ArticleView, OnSync, SyncSummary
from ui.local_api import API, TOKEN_HEADER
from ui.server_file import ServerAddress
from ui.settings import source_place
from ui.wire import ANSWER, ARTICLE, ARTICLES, PASSAGES, SYNC_STEP, SYNC_SUMMARY

# An answer may wait for others before it; the serving process is on this machine and alive.
_PATIENCE = httpx.Timeout(600.0, connect=5.0)


class RemoteDesk:
    """Asks the serving process. Raises what it raised there, or RunError when it went away."""

    def __init__(self, address: ServerAddress) -> None:
        self._address = address
        # Settings for a proxy concern the network, and this never leaves the machine.
        self._client = httpx.Client(
            base_url=f"{address.url}{API}",
            headers={TOKEN_HEADER: address.token},
            timeout=_PATIENCE,
            trust_env=False,
        )

    def ask(self, question: str, *, history: Sequence[Turn] = (), model: str | None = None) -> Answer:
        """See Desk."""
        body = {"question": question, "history": [list(turn) for turn in history], "model": model}
        return ANSWER.validate_json(self._call("POST", "/ask", json=body))

    def search(self, question: str, limit: int) -> list[ScoredPassage]:
        """See Desk."""
        return PASSAGES.validate_json(
            self._call("POST", "/search", json={"question": question, "limit": limit})
        )

    def sync(self, places: Sequence[str], *, dry_run: bool, on_step: OnSync) -> SyncSummary:
        """See Desk. Places are looked up here, since the serving process may stand in another folder."""
        here = [source_place(place) for place in places]
        try:
            with self._client.stream("POST", "/sync", json={"places": here, "dry_run": dry_run}) as response:
                _check(response)
                for line in response.iter_lines():
                    told = json.loads(line)
                    if "summary" in told:
                        return SYNC_SUMMARY.validate_python(told["summary"])
                    if "error" in told:
                        raise _raised(told)
                    on_step(SYNC_STEP.validate_python(told["step"]), told["done"], told["total"])
        except httpx.HTTPError as error:
            raise self._gone(error) from error
        raise self._gone(None)

    def rebuild(self, *, on_step: OnSync) -> SyncSummary:
        """See Desk; only the process that holds the library can do it."""
        raise UsageError(
            "the library cannot be rebuilt while it is being served; stop the serving process first"
        )

    def articles(self) -> list[ArticleSummary]:
        """See Desk."""
        return ARTICLES.validate_json(self._call("GET", "/articles"))

    def article(self, path: str) -> ArticleView | None:
        """See Desk."""
        data = self._call("GET", "/article", params={"path": path})
        return None if data == b"null" else ARTICLE.validate_json(data)

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
        why = f" ({error})" if error else ""
        return RunError(f"the serving process at {self._address.url} stopped answering{why}; ask again")


def _check(response: httpx.Response) -> None:
    if response.status_code == 200:
        return
    response.read()
    try:
        raise _raised(response.json())
    except ValueError:
        raise RunError(
            f"the serving process answered with status {response.status_code}; see its log"
        ) from None


def _raised(told: dict[str, Any]) -> RunError | UsageError:
    message = str(told.get("error") or told.get("detail") or told)
    return UsageError(message) if told.get("usage") else RunError(message)
