"""footnote serve: the web chat, and the local API for other footnote processes of this user."""

from typing import Annotated

import typer

from ui.accounts.opening import check_opening
from ui.commands.session import open_session
from ui.settings.environment import check_spelling


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.")] = None,
    tls_certificate: Annotated[
        str | None, typer.Option(metavar="FILE", help="Certificate (PEM) to serve under; needs --tls-key.")
    ] = None,
    tls_key: Annotated[
        str | None, typer.Option(metavar="FILE", help="The certificate's key (PEM, no password).")
    ] = None,
    sync: Annotated[
        bool, typer.Option("--sync", help="Bring the library up to date, behind the open page.")
    ] = False,
) -> None:
    """Open the web chat."""
    session = open_session(host=host, port=port, tls_certificate=tls_certificate, tls_key=tls_key)
    check_spelling()
    check_opening(session.home, session.settings)
    # The page's libraries take seconds to load, which no other command should pay for, nor a wrong setting.
    from ui.serving.server import serve_until_stopped

    serve_until_stopped(session, sync=sync)
