"""footnote doctor: what is installed, what is missing, what would leave the machine."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from assistant.models.pip_hosts import pip_hosts
from ui.commands.session import AsJson, Session, open_desk, open_session
from ui.doctor import Leaving, examine, leaving
from ui.terminal import indented, words

_SIGNS = {
    "ok": Text("ok", style="green"),
    "note": Text("note", style="yellow"),
    "missing": Text("MISSING", style="red"),
}


def doctor(
    network: Annotated[
        bool, typer.Option("--network", help="Only what may leave this machine: to which hosts, and when.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what is here, what is missing, and what leaves this machine."""
    session = open_session(as_json=as_json, needs_home=False)
    if network:
        _tell_of_network(session)
        return
    with ExitStack() as stack:
        findings = examine(session.home, session.settings, lambda: stack.enter_context(open_desk(session)))
    departures = _departures(session)
    if as_json:
        session.terminal.document(
            {
                "findings": [asdict(finding) for finding in findings],
                "leaves_machine": [asdict(one) for one in departures],
                "home": str(session.home.root),
            }
        )
    else:
        table = Table(box=None, pad_edge=False, show_header=False)
        for _ in range(3):
            table.add_column(overflow="fold")
        for finding in findings:
            table.add_row(_SIGNS[finding.state], finding.name, words(finding.detail))
        session.terminal.show(table, "")
        _show(session, departures)
    if any(finding.state == "missing" for finding in findings):
        raise typer.Exit(1)


def _tell_of_network(session: Session) -> None:
    """What may leave this machine, and what settings bound it."""
    settings = session.settings
    departures = _departures(session)
    if session.terminal.as_json:
        session.terminal.document(
            {
                "leaves_machine": [asdict(one) for one in departures],
                "offline": settings.offline,
                "allowed_networks": list(settings.allowed_networks),
            }
        )
        return
    _show(session, departures)
    if settings.offline:
        session.terminal.show("offline = true: neither sources at web addresses nor models are fetched.")
    else:
        allowed = ", ".join(("public addresses", *settings.allowed_networks))
        session.terminal.show(f"Fetching goes to these alone (the setting allowed_networks): {allowed}")


def _departures(session: Session) -> list[Leaving]:
    # pip takes a second to say how it is set up.
    return leaving(session.settings, () if session.settings.offline else pip_hosts())


def _show(session: Session, departures: Sequence[Leaving]) -> None:
    session.terminal.show("What would leave this machine:" if departures else "Nothing leaves this machine.")
    for one in departures:
        session.terminal.show(
            indented(words(f"{one.what}, to {one.to}"), 2), indented(words(one.when, "dim"), 4)
        )
    sent = [one for one in departures if not one.only_when_told]
    if departures and not any("question" in one.what for one in sent):
        session.terminal.show("Asking questions and syncing folders send nothing anywhere.")
