"""footnote search: the passages alone, without a model."""

from typing import Annotated

import typer
from rich.console import Group
from rich.text import Text

from index_store.passage import ScoredPassage
from ui.commands.session import AsJson, LibraryFolder, open_desk, open_session


def search(
    question: Annotated[str, typer.Argument(help="What to look for.")],
    limit: Annotated[int, typer.Option("-k", "--limit", min=1, max=100, help="How many passages.")] = 10,
    as_json: AsJson = False,
    library: LibraryFolder = None,
) -> None:
    """Show the passages that stand nearest to a question."""
    session = open_session(as_json=as_json)
    with open_desk(session, library) as desk:
        found = desk.search(question, limit)
    if as_json:
        passages = [passage_json(hit) for hit in found]
        session.terminal.document({"question": question, "passages": passages})
    elif not found:
        session.terminal.show("Nothing found: the library is empty. Run: footnote sync")
    else:
        session.terminal.show(*(_render(number, hit) for number, hit in enumerate(found, start=1)))


def passage_json(hit: ScoredPassage) -> dict[str, object]:
    """A found passage as `search --json` prints it."""
    passage = hit.passage
    return {
        "article": passage.article,
        "title": passage.title,
        "passage": passage.text,
        "score": round(hit.score, 6),
        "start": passage.start,
        "end": passage.end,
        "heading": passage.heading,
        "published": passage.published,
    }


def _render(number: int, hit: ScoredPassage) -> Group:
    passage = hit.passage
    origin = ", ".join(part for part in (passage.publisher, passage.published) if part)
    head = Text(f"{number}. {passage.title}{f' ({origin})' if origin else ''}", style="bold")
    if passage.heading:
        head.append(f" › {passage.heading}", style="not bold")
    return Group(head, Text(passage.text), Text(f"{passage.article} · {hit.score:.3f}\n", style="dim"))
