"""Wires the serving process: chat page, local API, and the parts behind both."""

from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter, FastAPI, Request

from index_store.errors import FootnoteError
from ingest.folder_source import LARGEST_FILES, read_file
from ui.accounts.access import Access
from ui.accounts.login_routes import LogIn
from ui.accounts.opening import is_local
from ui.accounts.person import LOCAL_PERSON, Person, Role, known_person, person_of
from ui.accounts.request_limits import PerMinute, QuestionLimits
from ui.chat.conversations import Conversations
from ui.chat.status_line import LibraryStatus
from ui.library.address_preview import AddressPreview
from ui.library.article_list import ArticleList
from ui.library.folder_watch import FolderWatch
from ui.library.library_actions import LibraryActions, LibraryParts
from ui.library.library_routes import library_routes
from ui.library.library_sources import LibrarySources
from ui.library.source_intervals import SourceIntervals
from ui.library.source_preview import FilePreview, PlacePreview
from ui.library.sync_runner import SyncRunner
from ui.library.sync_runs import SyncRuns
from ui.library.sync_schedule import SyncSchedule
from ui.library.uploads import Uploads
from ui.local_desk import LocalDesk
from ui.metrics.figures import Figures
from ui.metrics.measured_answers import MeasuredAnswers
from ui.metrics.metrics_routes import metrics_routes
from ui.metrics.standing_figures import StandingFigures
from ui.quote_check import QuoteCheck
from ui.record.record import Record
from ui.record.recorded_desk import RecordedDesk, RecordedRuns, recorded_answers
from ui.serving.admin_pages import admin_routes
from ui.serving.health import health_routes
from ui.serving.local_api import local_api
from ui.serving.server_file import ServerAddress
from ui.serving.web_app import LOCAL_HOSTS, ChatParts, Checks, create_app
from ui.settings.source_places import source_place
from ui.workshop import Workshop

# Questions that the starter library answers, each showing something else: a recommendation, two sources
# that disagree, a figure that changed, a practical rule.
EXAMPLES = (
    "We run Llama on-premise in a bank: which open model should we move to, and why?",
    "How much memory does Qwen3-8B at 4 bits need with a context of 32,768 tokens?",
    "How many tokens of evidence does the handbook allow per question, and has that changed?",
    "Our file share was offline during last night's sync. How do we keep that from emptying the index?",
)

LOCAL_ONLY = ("127.0.0.1", "localhost", "::1")
"""The hosts to listen on that nobody else can reach."""

ANY_HOST = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""The hosts that mean every address of this machine, each with the one to name on the machine itself."""


@dataclass(frozen=True, slots=True)
class ServedSyncs:
    """What syncs the library of the serving process, whoever asks for it, and when it does so by itself."""

    runs: SyncRuns
    runner: SyncRunner
    schedule: SyncSchedule
    articles: ArticleList
    record: Record
    figures: Figures

    @classmethod
    def of(cls, workshop: Workshop, desk: LocalDesk, record: Record | None = None) -> "ServedSyncs":
        """Those of a desk, with the schedule of the settings, which has to be started.

        `record` is the user's own by default.
        """
        record = record or Record.of(workshop.home, workshop.settings)
        figures = Figures()
        runs = RecordedRuns(workshop.home.sync_runs, record)
        recorded = RecordedDesk(desk, workshop, record, around=lambda one: MeasuredAnswers(one, figures))
        runner = SyncRunner(recorded, runs, desk_of=recorded.of_account)
        every = timedelta(hours=workshop.settings.sync_every_hours)
        intervals = SourceIntervals(workshop.home.settings_file)
        watch = FolderWatch(intervals.watched, runs)
        return cls(
            runs,
            runner,
            SyncSchedule(runner, runs, every=every, of_each=intervals.by_source, changed=watch.changed),
            ArticleList(desk.articles, lambda: runner.progress),
            record,
            figures,
        )


def build_app(
    workshop: Workshop, desk: LocalDesk, address: ServerAddress, syncs: ServedSyncs | None = None
) -> FastAPI:
    """The application of the serving process: chat, library, and the local API.

    What is asked on the page and what other processes hand over is recorded; what these measure is not.
    """
    syncs = syncs or ServedSyncs.of(workshop, desk)
    settings, record = workshop.settings, syncs.record
    access = Access.of(workshop.home, settings)
    quotes = QuoteCheck(syncs.articles, lambda: workshop.library.store)
    parts = ChatParts(
        answers=MeasuredAnswers(recorded_answers(workshop, record, via="chat"), syncs.figures),
        answers_for=lambda account: MeasuredAnswers(
            recorded_answers(workshop, record.of_account(account), via="chat"), syncs.figures
        ),
        conversations=Conversations(workshop.home.conversations),
        status=lambda: library_status(workshop, syncs),
        examples=EXAMPLES,
        log_file=workshop.home.log_file,
        quoted=quotes.look,
        page_of=quotes.page_of,
        line=desk.line,
    )
    syncs.figures.add(
        StandingFigures(
            line=lambda: desk.line.figures,
            articles=syncs.articles.rows,
            runs=syncs.runs,
            states=workshop.states.usage,
        )
    )
    routes = APIRouter()
    routes.include_router(health_routes(parts.status))

    def is_admin(request: Request) -> bool:
        # The guard lets this machine through without asking who it is.
        person = known_person(request)
        return access.in_force and person is not None and person.role is Role.ADMIN

    routes.include_router(metrics_routes(syncs.figures, is_admin))
    routes.include_router(local_api(syncs.runner.desk("command"), address.token, unrecorded=desk))
    actions = LibraryActions(library_parts(workshop, desk, syncs))

    def actions_of(person: Person) -> LibraryActions:
        if not access.in_force:
            return actions
        return LibraryActions(library_parts(workshop, desk, syncs, person=person, has_accounts=True))

    def person(request: Request) -> Person:
        return person_of(request) if access.in_force else LOCAL_PERSON

    routes.include_router(library_routes(actions, of=actions_of, person=person))
    login = LogIn(access)
    routes.include_router(
        admin_routes(workshop, access, parts.conversations, record, passwords=login.passwords, person=person)
    )
    checks = Checks(
        login,
        QuestionLimits(at_once=settings.questions_at_once, per_minute=settings.questions_per_minute),
        PerMinute(settings.requests_per_minute),
    )
    # Others know this machine by names that are not known here; where all have to log in, that does no harm.
    is_named_by_others = settings.proxy_addresses or not is_local(settings.host)
    hosts = ("*",) if access.in_force and is_named_by_others else allowed_hosts(settings.host)
    return create_app(parts, routes, allowed_hosts=hosts, checks=checks)


def library_parts(
    workshop: Workshop,
    desk: LocalDesk,
    syncs: ServedSyncs,
    *,
    person: Person = LOCAL_PERSON,
    has_accounts: bool = False,
) -> LibraryParts:
    """What the Library page works with; what `person` changes is recorded under their name."""
    home, settings = workshop.home, workshop.settings
    reader = workshop.intake.strangers_reader
    # Whoever can open the page could otherwise read this machine's files through it.
    is_alone = settings.host in LOCAL_ONLY and not has_accounts
    files = FilePreview(source_place, workshop.intake.reader) if is_alone else None
    record = syncs.record.of_account(person.name) if person.name else syncs.record
    return LibraryParts(
        desk=desk,
        articles=syncs.articles,
        runner=syncs.runner,
        runs=syncs.runs,
        schedule=syncs.schedule,
        sources=LibrarySources.of(home, on_change=record.changes("source", via="page")),
        uploads=Uploads(
            home.uploads.expanduser().resolve(),
            lambda file, name: read_file(reader, file, source=home.uploads.as_posix(), path=name),
            largest_of=LARGEST_FILES,
            on_change=record.changes("upload", via="page"),
            most_files=settings.upload_files,
            most_bytes=int(settings.upload_gb * 1e9),
        ),
        preview=PlacePreview(files, AddressPreview(workshop.intake.preview)),
        log_file=home.log_file,
        account=person.name,
    )


def allowed_hosts(host: str) -> tuple[str, ...]:
    """The names under which a page that listens on `host` answers; on all addresses it answers to any."""
    if host in ANY_HOST:
        return ("*",)
    return (*LOCAL_HOSTS, f"[{host}]" if ":" in host else host)


def library_status(workshop: Workshop, syncs: ServedSyncs | None = None) -> LibraryStatus:
    """What the status line says now."""
    entry = workshop.catalogue.writer(workshop.settings.model)
    present = workshop.files.status(entry.id) == "present"
    try:
        store = workshop.library.store
        articles = len(syncs.articles.rows() if syncs else store.articles())
        last_sync, problem = store.state().get("last_sync"), None
        pending = workshop.embedding.told
    except FootnoteError as error:
        articles, last_sync, problem, pending = None, None, str(error), None
    coming = syncs.schedule.next if syncs else None
    return LibraryStatus(
        articles=articles,
        last_sync=last_sync,
        model=entry.id,
        model_licence=entry.licence,
        model_vendor=f"{entry.vendor} ({entry.country})",
        model_present=present,
        problem=problem,
        embedding=pending,
        next_sync=coming.isoformat() if coming else None,
    )
