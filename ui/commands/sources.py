"""footnote sources: where the articles come from, and a source taken away."""

from collections import Counter
from typing import Annotated

import typer
from rich.table import Table

from index_store.errors import FootnoteError
from ui.commands.session import AsJson, Session, open_desk, open_session, proper_text
from ui.desk import RemovedSource
from ui.library.library_sources import LibrarySources, ListedSource
from ui.settings.source_places import STARTER
from ui.stopped import when_stopped
from ui.terminal import words

app = typer.Typer(
    help="Where the articles come from; footnote sync PLACE adds one.",
    no_args_is_help=True,
)

Place = Annotated[
    str,
    typer.Argument(metavar="SOURCE", help="A folder, file or address, as footnote sources list shows it."),
]


@app.command("list")
def list_sources(as_json: AsJson = False) -> None:
    """Show the sources: what each is, and how many articles the library has of it."""
    session = open_session(as_json=as_json)
    listed = LibrarySources.of(session.home).listed()
    counts = _counts(session) if listed else Counter()
    if as_json:
        session.terminal.document({"sources": [_row(one, counts) for one in listed]})
    elif not listed:
        session.terminal.show("There are no sources. Add one: footnote sync PATH, or footnote sync URL")
    else:
        session.terminal.show(_table(listed, counts))


@app.command()
def remove(source: Place, as_json: AsJson = False) -> None:
    """Take a source away. Its articles leave the library with the next sync; files stay where they are."""
    session = open_session(as_json=as_json)
    proper_text("source", source)
    with open_desk(session) as desk, when_stopped("see what is left: footnote sources list"):
        removed = desk.remove_source(source)
    if as_json:
        session.terminal.document(
            {"source": removed.id, "place": removed.place, "articles": removed.articles}
        )
    else:
        session.terminal.show(_told(removed))


def _told(removed: RemovedSource) -> str:
    """What was removed, and what becomes of its articles."""
    if removed.articles == 0:
        return f"{removed.place} is no source any more; the library has no article of it"
    leave = {None: "its articles leave", 1: "its article leaves"}.get(
        removed.articles, f"its {removed.articles} articles leave"
    )
    again = "; to have it back: footnote sync starter" if removed.place == STARTER else ""
    return (
        f"{removed.place} is no source any more; {leave} the library with the next sync: footnote sync{again}"
    )


def _counts(session: Session) -> Counter[str] | None:
    """How many articles the library has of each source; None where it cannot be looked into."""
    try:
        with open_desk(session) as desk:
            return Counter(row.source for row in desk.articles())
    except FootnoteError as error:
        session.terminal.tell(f"warning: the articles cannot be counted: {error}")
        return None


def _row(one: ListedSource, counts: Counter[str] | None) -> dict[str, object]:
    return {
        "source": one.id,
        "place": one.place,
        "kind": one.kind,
        "articles": None if counts is None else counts[one.id],
        "hours": one.usual_hours if one.hours is None else one.hours,
        "watched": one.is_watched,
    }


def _table(listed: tuple[ListedSource, ...], counts: Counter[str] | None) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("source", header_style="dim", overflow="fold")
    table.add_column("kind", header_style="dim", no_wrap=True)
    table.add_column("articles", header_style="dim", justify="right")
    for one in listed:
        count = "" if counts is None else f"{counts[one.id]:,}"
        table.add_row(words(one.place, "bold"), one.kind, count)
    return table
