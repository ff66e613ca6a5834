"""The serving process from start to end: address, library, page, and the file that lets others find it."""

import logging
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

import uvicorn

from assistant.warming import Warmer
from index_store.errors import FootnoteError, RunError
from ui.accounts.opening import warning
from ui.chat.conversations import Conversations
from ui.commands.session import Session, answering_process, sync_with_progress
from ui.commands.sync import summary_line
from ui.empty_library import empty_library
from ui.local_desk import LocalDesk
from ui.record.record import Record
from ui.serving.certificate import served_certificate
from ui.serving.server_file import (
    ServerAddress,
    new_token,
    remove_server_file,
    write_server_file,
)
from ui.serving.serving import ANY_HOST, ServedSyncs, build_app
from ui.stopped import SYNC_GOES_ON_LATER
from ui.workshop import Workshop

_logger = logging.getLogger(__name__)
_BACKLOG = 128
# The page keeps a connection open for as long as it is looked at, so this time is always waited out.
_LAST_WORDS_SECONDS = 2


def serve_until_stopped(session: Session, *, sync: bool) -> None:
    """Serve until Ctrl+C. Raises RunError when another process serves, or the address cannot be used.

    With `sync`, an empty library is filled before the page opens; one that has articles already is brought up
    to date behind the open page.
    """
    settings = session.settings
    running = answering_process(session)
    if running is not None:
        raise RunError(
            f"Footnote is serving already, at {running.url} (process {running.pid}); open that, or stop it"
        )
    # A service that is stopped from outside ends as by Ctrl+C: in order, its file taken back.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    listener = _listen(settings.host, settings.port)
    workshop = Workshop(session.home, settings, on_wait=session.terminal.tell)
    warmer = _warmer(workshop)
    record = Record.of(session.home, settings)
    desk = LocalDesk(
        workshop,
        on_change=warmer.begin if settings.warming else lambda: None,
        on_source=record.changes("source", via="command"),
    )
    syncs = ServedSyncs.of(workshop, desk, record)
    behind = Thread(target=_sync_behind, args=(session, desk, syncs), name="footnote-sync", daemon=True)
    unfinished = False
    try:
        # Fail before the page opens, while there is somebody to read it.
        workshop.writer()
        with session.terminal.waiting("opening the library"):
            known = len(desk.articles())
        if sync and not known:
            first = sync_with_progress(syncs.runner.desk("start"), session.terminal)
            session.terminal.tell(summary_line(first))
        elif not known:
            session.terminal.tell(empty_library(session.settings.sources))
        on_open = behind.start if sync and known else lambda: None

        def on_close() -> None:
            nonlocal unfinished
            unfinished = behind.is_alive() or syncs.runner.progress.running
            desk.begin_closing()

        _run(
            session,
            workshop,
            desk,
            syncs,
            warmer=warmer,
            listener=listener,
            on_open=on_open,
            on_close=on_close,
        )
    finally:
        _hear_no_more_signals()
        syncs.schedule.close()
        warmer.close()
        desk.close()
        listener.close()
    left = SYNC_GOES_ON_LATER if unfinished else "library and conversations are kept"
    session.terminal.tell(f"stopped; {left}")


def _hear_no_more_signals() -> None:
    """It ends already: a second signal would break off the closing, and be told as a stop of nothing."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def _sync_behind(session: Session, desk: LocalDesk, syncs: ServedSyncs) -> None:
    """Bring the library up to date while the page is open; what goes wrong is told, and the page stays."""
    try:
        summary = sync_with_progress(syncs.runner.desk("start"), session.terminal)
    except Exception as error:
        if desk.is_closing:
            return
        _logger.exception("the sync behind the open page failed")
        details = "" if isinstance(error, FootnoteError) else f"; details are in {session.home.log_file}"
        session.terminal.tell(f"the sync failed: {error}{details}")
        return
    for step in summary.failed:
        session.terminal.tell(f"not written: {step.why}")
    session.terminal.tell(summary_line(summary))


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # From here on the port is taken; who comes early waits until the page is built.
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise RunError(
            f"address {host}:{port} cannot be used ({error.strerror}); choose another with --host and --port"
        ) from error
    return listener


def page_url(host: str, port: int, *, tls: bool = False) -> str:
    """The address of the page for this machine."""
    name = ANY_HOST.get(host, host)
    return f"{'https' if tls else 'http'}://{f'[{name}]' if ':' in name else name}:{port}"


def _warmer(workshop: Workshop) -> Warmer:
    return Warmer(
        lambda: workshop.library,
        workshop.writer,
        asked=Conversations(workshop.home.conversations).articles_shown,
        is_full=workshop.states.is_full,
    )


class _Server(uvicorn.Server):
    """Uvicorn, which tells when it answers, and when it is about to do so no more."""

    def __init__(
        self, config: uvicorn.Config, on_open: Callable[[], None], on_close: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._on_open = on_open
        self._on_close = on_close

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        self._on_open()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer no more; who still waits is told so while there is a connection to tell it through."""
        self._on_close()
        await super().shutdown(sockets)


def _run(
    session: Session,
    workshop: Workshop,
    desk: LocalDesk,
    syncs: ServedSyncs,
    *,
    warmer: Warmer,
    listener: socket.socket,
    on_open: Callable[[], None],
    on_close: Callable[[], None],
) -> None:
    settings = session.settings
    tls = served_certificate(settings)
    url = page_url(settings.host, settings.port, tls=tls is not None)
    address = ServerAddress(url, new_token(), os.getpid(), tls.pem if tls else None)
    with session.terminal.waiting("building the page"):
        app = build_app(workshop, desk, address, syncs)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_LAST_WORDS_SECONDS,
        # Which proxies are believed is a setting; uvicorn would believe each on this machine.
        proxy_headers=False,
        server_header=False,
        ws="none",
        ssl_certfile=tls.certificate if tls else None,
        ssl_keyfile=tls.key if tls else None,
    )
    server = _Server(config, on_open, on_close)
    syncs.schedule.start()
    Thread(target=_warm_up, args=(workshop, warmer), name="footnote-warm-up", daemon=True).start()
    try:
        write_server_file(session.home.server_file, address)
    except OSError as error:
        raise RunError(
            f"{session.home.server_file} cannot be written ({error.strerror}); make room on its disk"
        ) from error
    session.terminal.tell(f"Footnote is open at {address.url} (Ctrl+C ends it)")
    unsafe = warning(settings)
    if unsafe is not None:
        session.terminal.tell(f"warning: {unsafe}")
    try:
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    finally:
        _hear_no_more_signals()
        remove_server_file(session.home.server_file, address)


def _warm_up(workshop: Workshop, warmer: Warmer) -> None:
    """Load embedder and model while the person is still looking at the page, then read passages ahead."""
    try:
        workshop.library.embedder.embed(["warm up"], role="query")
        workshop.writer().warm_up()
        if workshop.settings.warming:
            warmer.begin()
    except FootnoteError:
        _logger.exception("warming up failed; the first question will say why")
