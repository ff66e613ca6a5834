"""The serving process from start to end: address, library, page, and the file that lets others find it."""

import logging
import os
import socket
from threading import Thread

import uvicorn

from index_store.errors import FootnoteError, RunError
from ui.commands.session import Session, sync_with_progress
from ui.commands.sync import summary_line
from ui.local_desk import LocalDesk
from ui.server_file import ServerAddress, new_token, remove_server_file, serving_process, write_server_file
from ui.serving import build_app
from ui.workshop import Workshop

_logger = logging.getLogger(__name__)


def serve_until_stopped(session: Session, *, sync_first: bool) -> None:
    """Serve until Ctrl+C. Raises RunError when another process serves, or the address cannot be used."""
    settings = session.settings
    running = serving_process(session.home.server_file)
    if running is not None:
        raise RunError(
            f"Footnote is serving already, at {running.url} (process {running.pid}); open that, or stop it"
        )
    listener = _listen(settings.host, settings.port)
    workshop = Workshop(session.home, settings, on_wait=session.terminal.tell)
    try:
        # Fail before the page opens, while there is somebody to read it.
        workshop.files.path(settings.model)
        desk = LocalDesk(workshop)
        with session.terminal.waiting("opening the library"):
            known = len(desk.articles())
        if sync_first:
            session.terminal.tell(summary_line(sync_with_progress(desk, session.terminal)))
        elif not known:
            session.terminal.tell("the library is empty; run: footnote sync")
        _run(session, workshop, desk, listener)
    finally:
        workshop.close()
        listener.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise RunError(
            f"address {host}:{port} cannot be used ({error.strerror}); choose another with --host and --port"
        ) from error
    return listener


def _run(session: Session, workshop: Workshop, desk: LocalDesk, listener: socket.socket) -> None:
    settings = session.settings
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = ServerAddress(f"http://{shown}:{settings.port}", new_token(), os.getpid())
    with session.terminal.waiting("building the page"):
        app = build_app(workshop, desk, address)
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=3)
    )
    Thread(target=_warm_up, args=(workshop,), name="footnote-warm-up", daemon=True).start()
    write_server_file(session.home.server_file, address)
    session.terminal.tell(f"Footnote is open at {address.url} (Ctrl+C ends it)")
    try:
        server.run(sockets=[listener])
    finally:
        remove_server_file(session.home.server_file, address)


def _warm_up(workshop: Workshop) -> None:
    """Load embedder and model while the person is still looking at the page."""
    try:
        workshop.library.embedder.embed(["warm up"], role="query")
        workshop.writer().warm_up()
    except FootnoteError:
        _logger.exception("warming up failed; the first question will say why")
