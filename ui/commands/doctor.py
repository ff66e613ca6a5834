"""footnote doctor: what is installed, what is missing, what would leave the machine."""

from contextlib import ExitStack
from dataclasses import asdict

import typer
from rich.table import Table
from rich.text import Text

from ui.commands.session import AsJson, open_desk, open_session
from ui.doctor import examine, leaving
from ui.terminal import indented, words

_SIGNS = {
    "ok": Text("ok", style="green"),
    "note": Text("note", style="yellow"),
    "missing": Text("MISSING", style="red"),
}


def doctor(as_json: AsJson = False) -> None:
    """Say what is here, what is missing, and what leaves this machine."""
    session = open_session(as_json=as_json, needs_home=False)
    with ExitStack() as stack:
        findings = examine(session.home, session.settings, lambda: stack.enter_context(open_desk(session)))
    departures = leaving(session.settings)
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
        session.terminal.show(table, "", "What would leave this machine:")
        for one in departures:
            session.terminal.show(
                indented(words(f"{one.what}, to {one.to}"), 2), indented(words(one.when, "dim"), 4)
            )
        if all(one.only_when_told for one in departures):
            session.terminal.show("Asking questions and syncing folders send nothing anywhere.")
    if any(finding.state == "missing" for finding in findings):
        raise typer.Exit(1)
