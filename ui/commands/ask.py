"""footnote ask: one answer in the terminal."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group
from rich.panel import Panel
from rich.text import Text

from assistant.answer import Answer
from index_store.errors import UsageError
from ui.commands.session import AsJson, LibraryFolder, open_desk, open_session

HistoryFile = Annotated[
    Path | None,
    typer.Option("--history", metavar="FILE", help="Earlier turns: a JSON list of [question, answer]."),
]


def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotes.")],
    as_json: AsJson = False,
    model: Annotated[str | None, typer.Option("--model", metavar="ID", help="Write with this model.")] = None,
    history: HistoryFile = None,
    library: LibraryFolder = None,
) -> None:
    """Answer one question from the library, with its footnotes."""
    session = open_session(as_json=as_json)
    turns = read_history(history)
    with open_desk(session, library) as desk, session.terminal.waiting("reading and writing"):
        answer = desk.ask(question, history=turns, model=model)
    if as_json:
        session.terminal.document(answer.to_json())
    else:
        session.terminal.show(render_answer(answer))


def read_history(file: Path | None) -> list[tuple[str, str]]:
    """The turns in a history file. Raises UsageError when it is not a list of pairs of texts."""
    if file is None:
        return []
    try:
        turns = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"history {str(file)!r}: not readable ({error}); give a JSON file") from error
    pairs = isinstance(turns, list) and all(
        isinstance(turn, list) and len(turn) == 2 and all(isinstance(part, str) for part in turn)
        for turn in turns
    )
    if not pairs:
        raise UsageError(f"history {str(file)!r}: not a list of turns; write [[question, answer], ...]")
    return [(turn[0], turn[1]) for turn in turns]


def render_answer(answer: Answer) -> Group:
    """An answer for people: the text with its marks, then the footnotes with their quotes."""
    parts: list[Text | Panel] = []
    if answer.standalone_question != answer.question.strip():
        parts.append(Text(f"Understood as: {answer.standalone_question}\n", style="dim"))
    if answer.status == "not_in_library":
        parts.append(Text("Not in your articles.", style="bold"))
        if answer.nearest:
            parts.append(Text("Nearest:"))
        for near in answer.nearest:
            parts.append(
                Text(f"  {near.title}{f' ({near.published})' if near.published else ''}  {near.article}")
            )
        return Group(*parts)
    body = Text()
    for sentence in answer.sentences:
        body.append(sentence.text)
        body.append(" " + "".join(f"[{number}]" for number in sentence.citations), style="cyan")
        if sentence.support == "weak":
            body.append(" (weakly supported)", style="yellow")
        body.append(" ")
    parts.append(body)
    if answer.missing:
        parts.append(Text(f"\nMissing: {answer.missing}", style="yellow"))
    for disagreement in answer.disagreements:
        claims = "\n".join(f"[{claim.citation}] {claim.text}" for claim in disagreement.claims)
        parts.append(Panel(Text(claims), title="Your articles disagree", title_align="left"))
    parts.append(Text())
    for citation in answer.citations:
        origin = ", ".join(part for part in (citation.publisher, citation.published) if part)
        parts.append(
            Text(f"[{citation.number}] {citation.title}{f' ({origin})' if origin else ''}", style="bold")
        )
        parts.append(Text(f"    “{citation.quote}”", style="dim"))
    parts.extend(
        Text(f"\nTaken back ({withdrawn.why}): {withdrawn.text}", style="dim strike")
        for withdrawn in answer.withdrawn
    )
    return Group(*parts)
