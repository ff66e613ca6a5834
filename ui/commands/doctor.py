"""footnote doctor: what is installed, what is missing, what would leave the machine."""

from contextlib import ExitStack
from dataclasses import asdict

import typer
from rich.table import Table
from rich.text import Text

from ui.commands.session import AsJson, open_desk, open_session
from ui.doctor import examine, leaving

_SIGNS = {
    "ok": Text("ok", style="green"),
    "note": Text("note", style="yellow"),
    "missing": Text("MISSING", style="red"),
}


def doctor(as_json: AsJson = False) -> None:
    """Say what is installed, what is missing, and what would leave this machine."""
    session = open_session(as_json=as_json)
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
        for finding in findings:
            table.add_row(_SIGNS[finding.state], finding.name, Text(finding.detail))
        session.terminal.show(table, "", "What would leave this machine:")
        for one in departures:
            session.terminal.show(Text(f"  {one.what}, to {one.to}: {one.when}"))
        session.terminal.show("Asking and syncing folders send nothing anywhere.")
    if any(finding.state == "missing" for finding in findings):
        raise typer.Exit(1)
