"""footnote search: the passages alone, without a model."""

from typing import Annotated

import typer
from rich.console import Group

from index_store.passage import ScoredPassage
from ui.commands.session import AsJson, LibraryFolder, Question, open_desk, open_session, proper_question
from ui.empty_library import told_empty
from ui.terminal import indented, words


def search(
    question: Question,
    limit: Annotated[int, typer.Option("-k", "--limit", min=1, max=100, help="How many passages.")] = 10,
    as_json: AsJson = False,
    library: LibraryFolder = None,
) -> None:
    """Show the passages that stand nearest to a question."""
    session = open_session(as_json=as_json)
    proper_question(question)
    with open_desk(session, library) as desk:
        found = desk.search(question, limit)
    if as_json:
        passages = [passage_json(hit) for hit in found]
        session.terminal.document({"question": question, "passages": passages})
    elif not found:
        nothing = "Nothing found: the library is empty"
        session.terminal.show(f"{nothing}." if library else told_empty(session.settings.sources, nothing))
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
    place = " › ".join((passage.article, *passage.headings))
    indent = len(f"{number}. ")
    return Group(
        words(f"{number}. {passage.title}{f' ({origin})' if origin else ''}", "bold"),
        indented(words(f"{place} · {hit.score:.3f}", "dim"), indent),
        indented(words(passage.text), indent, below=1),
    )
