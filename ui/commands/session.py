"""What every command begins with: settings, log, terminal, and the desk that does its work."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from assistant.finding.question import checked_question
from index_store.errors import RunError, UsageError
from ingest.article_file import SUFFIXES
from ui.desk import Desk, LibraryDesk, OnWait, SyncStep, SyncSummary, ignored
from ui.home import Home
from ui.library_lock import LOCK_WAIT_SECONDS, is_in_use
from ui.logs import log_to_file
from ui.settings.environment import unknown_variables
from ui.settings.in_force import load_settings
from ui.settings.settings import Settings
from ui.stopped import NOTHING_CHANGED, SYNC_GOES_ON_LATER, when_stopped
from ui.terminal import Terminal

if TYPE_CHECKING:
    from ui.serving.server_file import ServerAddress

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]
Question = Annotated[str, typer.Argument(metavar="QUESTION", help="The question, in quotes.")]
LibraryFolder = Annotated[
    Path | None,
    typer.Option(
        "--library", metavar="DIR", help="Answer from this folder of articles, in a library of its own."
    ),
]


@dataclass(frozen=True, slots=True)
class Session:
    """One run of one command."""

    home: Home
    settings: Settings
    terminal: Terminal


def open_session(*, as_json: bool = False, needs_home: bool = True, **flags: Any) -> Session:
    """Settings with the command's flags on top; the log file opened.

    Raises UsageError where there can be no data directory, unless the command `needs_home` only to tell so.
    """
    home = Home.find()
    why = home.why_unusable() if needs_home else None
    if why is not None:
        raise UsageError(
            f"data directory {str(home.root)!r} cannot be used: {why}; set FOOTNOTE_HOME to a folder of yours"
        )
    if needs_home:
        home.keep_private()
    log_to_file(home.log_file)
    session = Session(home, load_settings(home.settings_file, **flags), Terminal(as_json=as_json))
    for warning in unknown_variables():
        session.terminal.tell(f"warning: {warning}")
    return session


@contextmanager
def open_desk(session: Session, folder: Path | None = None, *, measuring: bool = False) -> Iterator[Desk]:
    """The desk for the user's library, or for `folder` after syncing it.

    While a serving process holds the user's library, its desk is asked instead. What is asked of the user's
    library is recorded, unless it is `measuring`; a folder is tried, and leaves no record.
    """
    if folder is not None and not folder.expanduser().is_dir():
        raise UsageError(f"library {str(folder)!r}: no such folder; give a folder of articles")
    desk = _folder_desk(session, folder) if folder is not None else _serving_desk(session, measuring)
    if desk is None:
        desk = _own_desk(session, measuring)
    try:
        if folder is not None:
            _tell_of_folder(folder, sync_with_progress(desk, session.terminal), session.terminal)
        yield desk
    finally:
        desk.close()


def proper_question(question: str) -> str:
    """The question as it was given. Raises UsageError for one that is empty, too long, or stray bytes."""
    checked_question(proper_text("question", question))
    return question


def proper_text(what: str, text: str) -> str:
    """The text as it was given. Raises UsageError when some of it is no characters, but stray bytes."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UsageError(f"{what} {text!r}: not readable as UTF-8; type it anew") from error
    return text


def sync_with_progress(
    desk: Desk, terminal: Terminal, places: Sequence[str] = (), *, dry_run: bool = False
) -> SyncSummary:
    """Sync, with a bar once something is to be written."""
    left = NOTHING_CHANGED if dry_run else SYNC_GOES_ON_LATER
    with when_stopped(left), terminal.counting("reading the sources") as bar:

        def tell(step: SyncStep, done: int, total: int) -> None:
            bar.update(done, total or None, f"{step.action} {step.path}")

        return desk.sync(places, dry_run=dry_run, on_step=tell, on_wait=terminal.tell)


def keeping_runs(session: Session, desk: Desk) -> Desk:
    """The desk with its syncs kept among the runs; the serving process does that by itself."""
    from ui.library.sync_runner import SyncRunner
    from ui.record.record import Record
    from ui.record.recorded_desk import RecordedRuns

    if not isinstance(desk, LibraryDesk):
        return desk
    runs = RecordedRuns(session.home.sync_runs, Record.of(session.home, session.settings))
    return SyncRunner(desk, runs).desk("command")


def _tell_of_folder(folder: Path, summary: SyncSummary, terminal: Terminal) -> None:
    """What a person has to know of the folder that the command answers from."""
    for step in summary.skipped:
        terminal.tell(f"skipped: {step.why}")
    if not summary.articles:
        kinds = ", ".join(sorted(SUFFIXES))
        terminal.tell(f"library {str(folder)!r} holds no article ({kinds}), so nothing can be found")


def _serving_desk(session: Session, measuring: bool) -> Desk | None:
    address = answering_process(session)
    if address is None:
        return None
    from ui.serving.remote_desk import RemoteDesk

    session.terminal.tell(f"asking the serving process at {address.url}")
    return RemoteDesk(address, measuring=measuring)


def answering_process(session: Session) -> "ServerAddress | None":
    """The serving process of the user's library, None where there is none.

    Raises RunError where one holds the library and does not answer: to wait for it would be in vain.
    """
    from ui.serving.server_file import serving_process

    silent: list[ServerAddress] = []
    address = serving_process(session.home.server_file, on_silence=silent.append)
    if silent and not session.settings.qdrant_url and is_in_use(session.home.user_library):
        port, pid = urlsplit(silent[0].url).port, silent[0].pid
        raise RunError(
            f"the served Footnote (process {pid}, port {port}) does not answer, and holds the library; try "
            f"again in a minute, or end that process (kill -9 {pid}) and run: footnote serve"
        )
    return address


def _folder_desk(session: Session, folder: Path) -> Desk:
    # These load the store and the splitter: seconds that other commands need not take.
    from ui.local_desk import LocalDesk
    from ui.workshop import Workshop

    tell = _patience(session, folder)
    return LocalDesk(Workshop(session.home, session.settings, folder=folder, on_wait=tell))


def _own_desk(session: Session, measuring: bool) -> Desk:
    from ui.local_desk import LocalDesk
    from ui.record.record import Record
    from ui.record.recorded_desk import RecordedDesk
    from ui.workshop import Workshop

    workshop = Workshop(session.home, session.settings, on_wait=_patience(session, None))
    record = Record.of(session.home, session.settings)
    desk = LocalDesk(workshop, on_source=record.changes("source", via="command"))
    return desk if measuring else RecordedDesk(desk, workshop, record)


def _patience(session: Session, folder: Path | None) -> OnWait:
    """Who hears that the library has to be waited for."""
    library = session.home.library(folder)
    if not session.settings.qdrant_url and is_in_use(library):
        # Said before seconds go into loading; when the library is opened, it would be said again.
        session.terminal.tell(
            f"library {library} is in use by another process: waiting up to {LOCK_WAIT_SECONDS:.0f} s"
        )
        return ignored
    return session.terminal.tell
