"""footnote sync: brings the library up to date with its sources."""

from typing import Annotated

import typer

from index_store.errors import RunError, UsageError
from ingest.article_file import SUFFIXES
from ui.commands.session import AsJson, Session, keeping_runs, open_desk, open_session, sync_with_progress
from ui.desk import Desk, SyncStep, SyncSummary, full_name
from ui.settings.source_places import named_source
from ui.stopped import when_stopped


def sync(
    places: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH|URL",
            help="Folders, files or web addresses (page, document, feed, site map) to add first.",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Delete what is stored and read all sources anew.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the library up to date with its sources."""
    session = open_session(as_json=as_json)
    if rebuild and (dry_run or places):
        raise UsageError("--rebuild takes no paths and no --dry-run; run it by itself")
    with open_desk(session) as opened:
        desk = keeping_runs(session, opened)
        if rebuild:
            left = "what was read is kept, but the library is not whole; run: footnote sync"
            with when_stopped(left), session.terminal.counting("reading the sources") as bar:
                summary = desk.rebuild(
                    on_step=lambda step, done, total: bar.update(
                        done, total or None, f"{step.action} {step.path}"
                    )
                )
        else:
            summary = sync_with_progress(desk, session.terminal, places or (), dry_run=dry_run)
            _warn_of_empty(session, desk, {named_source(place) for place in places or ()}, summary)
    _report(session, summary)
    _warn_of_unread(session, summary, places or ())
    if summary.failed:
        raise RunError(
            f"articles that could not be written: {len(summary.failed)}; the first: {summary.failed[0].why}"
        )
    if summary.refused:
        many = f", so many: {len(summary.refused)}; the first" if len(summary.refused) > 1 else ""
        raise RunError(f"refused, and not kept among the sources{many}: {summary.refused[0].why}")


def _warn_of_unread(session: Session, summary: SyncSummary, places: list[str] | tuple[()]) -> None:
    """Named places that could not be read this time are sources all the same: the next sync tries again."""
    named = {named_source(place) for place in places}
    for step in summary.skipped:
        if not summary.dry_run and not step.path and step.source in named and step not in summary.refused:
            session.terminal.tell(
                f"warning: {step.source} could not be read now; it is kept among the sources; "
                f"to take it away: footnote sources remove {step.source}"
            )


def _warn_of_empty(session: Session, desk: Desk, named: set[str], summary: SyncSummary) -> None:
    """A folder without articles may well be another one than was meant."""
    silent = named - {step.source for step in summary.steps}
    if not silent:
        return
    for place in sorted(silent - {row.source for row in desk.articles()}):
        kinds = ", ".join(sorted(SUFFIXES))
        session.terminal.tell(f"warning: source {place!r} holds no article ({kinds})")


def _report(session: Session, summary: SyncSummary) -> None:
    if session.terminal.as_json:
        session.terminal.document(summary.to_json())
        return
    if summary.dry_run:
        steps = [step for step in summary.steps if step.action != "skip"]
        several = len({step.source for step in steps}) > 1
        for step in steps:
            why = f" ({step.why})" if step.why else ""
            session.terminal.show(f"{step.action:7} {_name(step, several)}{why}")
    for step in summary.skipped:
        session.terminal.show(f"skipped: {step.why}")
    session.terminal.show(summary_line(summary))


def _name(step: SyncStep, several: bool) -> str:
    """The article's path, with its folder where several are concerned; an address says it all."""
    if "://" in step.path:
        return step.path
    return full_name(step.source, step.path) if several and step.path else step.path or step.source


def _expected(summary: SyncSummary) -> str:
    """About how long the sync would take."""
    seconds = summary.expected_seconds or 0.0
    if seconds < 1:
        return " It would take less than a second."
    told = f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} minutes"
    return f" It would take about {told}."


def summary_line(summary: SyncSummary) -> str:
    """A sync in one line."""
    counts = (
        f"{summary.added} added, {summary.changed} changed, {summary.deleted} deleted, "
        f"{summary.kept} unchanged, {len(summary.skipped)} skipped"
    )
    if summary.dry_run:
        return f"A sync would give: {counts}. Nothing was changed.{_expected(summary)}"
    took = f" in {summary.seconds:.1f} s" if summary.seconds is not None else ""
    return f"{counts}{took}: {summary.articles} articles, {summary.passages} passages in the library"
