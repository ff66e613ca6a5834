"""Wires the serving process: chat page, local API, and the parts behind both."""

from collections.abc import Callable, Iterator, Sequence

from fastapi import FastAPI

from assistant.events import AnswerEvent, Turn
from index_store.errors import FootnoteError
from ui.conversations import Conversations
from ui.desk import Desk
from ui.local_api import local_api
from ui.server_file import ServerAddress
from ui.status_line import LibraryStatus
from ui.web_app import LOCAL_HOSTS, ChatParts, create_app
from ui.workshop import Workshop

# Questions that the starter library answers, each showing something else: a recommendation, two sources
# that disagree, a figure that changed, a practical rule.
EXAMPLES = (
    "We run Llama on-premise in a bank: which open model should we move to, and why?",
    "How much memory does Qwen3-8B at 4 bits need with a context of 32,768 tokens?",
    "How many tokens of evidence does the handbook allow per question, and has that changed?",
    "Our file share was offline during last night's sync. How do we keep that from emptying the index?",
)

ANY_HOST = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""The hosts that mean every address of this machine, each with the one to name on the machine itself."""


class WorkshopAnswers:
    """The workshop's assistant, built at the first question, so that the page opens without waiting."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[AnswerEvent]:
        """See assistant.events.Answers."""
        return self._workshop.assistant().stream(question, history=history, stopped=stopped)


def build_app(workshop: Workshop, desk: Desk, address: ServerAddress) -> FastAPI:
    """The application of the serving process."""
    parts = ChatParts(
        answers=WorkshopAnswers(workshop),
        conversations=Conversations(workshop.home.conversations),
        status=lambda: library_status(workshop),
        examples=EXAMPLES,
        log_file=workshop.home.log_file,
    )
    return create_app(
        parts, local_api(desk, address.token), allowed_hosts=allowed_hosts(workshop.settings.host)
    )


def allowed_hosts(host: str) -> tuple[str, ...]:
    """The names under which a page that listens on `host` answers; on all addresses it answers to any."""
    if host in ANY_HOST:
        return ("*",)
    return (*LOCAL_HOSTS, f"[{host}]" if ":" in host else host)


def library_status(workshop: Workshop) -> LibraryStatus:
    """What the status line says now."""
    entry = workshop.catalogue.writer(workshop.settings.model)
    present = workshop.files.status(entry.id) == "present"
    try:
        store = workshop.library.store
        articles, last_sync, problem = len(store.articles()), store.state().get("last_sync"), None
        pending = workshop.embedding.told
    except FootnoteError as error:
        articles, last_sync, problem, pending = None, None, str(error), None
    return LibraryStatus(
        articles=articles,
        last_sync=last_sync,
        model=entry.id,
        model_licence=entry.licence,
        model_vendor=f"{entry.vendor} ({entry.country})",
        model_present=present,
        problem=problem,
        embedding=pending,
    )
