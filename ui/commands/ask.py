"""footnote ask: one answer in the terminal."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from assistant.answer import Answer
from index_store.errors import UsageError
from ui.commands.session import (
    AsJson,
    LibraryFolder,
    Question,
    open_desk,
    open_session,
    proper_question,
    proper_text,
)
from ui.missing_lead import missing_lead
from ui.table_text import header_above
from ui.terminal import indented, words

HistoryFile = Annotated[
    Path | None,
    typer.Option("--history", metavar="FILE", help="Earlier turns: a JSON list of [question, answer]."),
]


def ask(
    question: Question,
    as_json: AsJson = False,
    model: Annotated[str | None, typer.Option("--model", metavar="ID", help="Write with this model.")] = None,
    history: HistoryFile = None,
    library: LibraryFolder = None,
) -> None:
    """Answer one question from the library, with its footnotes."""
    session = open_session(as_json=as_json)
    proper_question(question)
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
    except OSError as error:
        raise UsageError(f"history {str(file)!r}: {error.strerror}; give a JSON file") from error
    except ValueError as error:
        place = f" from line {error.lineno} on" if isinstance(error, json.JSONDecodeError) else ""
        raise UsageError(
            f"history {str(file)!r}: not JSON in UTF-8{place}; write [[question, answer], ...]"
        ) from error
    pairs = isinstance(turns, list) and all(
        isinstance(turn, list) and len(turn) == 2 and all(isinstance(part, str) for part in turn)
        for turn in turns
    )
    if not pairs:
        raise UsageError(f"history {str(file)!r}: not a list of turns; write [[question, answer], ...]")
    return [(proper_text("history", turn[0]), proper_text("history", turn[1])) for turn in turns]


def render_answer(answer: Answer) -> Group:
    """An answer for people: the text with its marks, then the footnotes with their quotes."""
    parts: list[RenderableType] = []
    if answer.standalone_question != answer.question.strip():
        parts += [words(f"Understood as: {answer.standalone_question}", "dim"), Text()]
    parts += _not_in_library(answer) if answer.status == "not_in_library" else _answered(answer)
    return Group(*parts)


def _not_in_library(answer: Answer) -> list[RenderableType]:
    parts: list[RenderableType] = [Text("Not in your articles.", style="bold")]
    if answer.nearest:
        parts.append(Text("The nearest:"))
    for near in answer.nearest:
        parts.append(indented(words(_with_origin(near.title, near.published)), 2))
        if near.quote:
            parts.append(indented(words(f"“{near.quote}”"), 4))
        parts.append(indented(words(near.article, "dim"), 4))
    return parts


def _answered(answer: Answer) -> list[RenderableType]:
    body = Text()
    for sentence in answer.sentences:
        marks = "".join(f"[{number}]" for number in sentence.citations)
        body.append_text(words(sentence.text))
        body.append(f" {marks}" if marks else "", style="cyan")
        body.append(" (weakly supported)" if sentence.support == "weak" else "", style="yellow")
        body.append(" ")
    body.rstrip()
    parts: list[RenderableType] = [body]
    if answer.missing:
        parts += [Text(), words(f"{missing_lead(answer)}: {answer.missing}", "yellow")]
    for disagreement in answer.disagreements:
        claims = "\n".join(f"[{claim.citation}] {claim.text}" for claim in disagreement.claims)
        parts += [
            Text(),
            Panel(words(claims), title="Your articles disagree", title_align="left", expand=False),
        ]
    for citation in answer.citations:
        title = _with_origin(citation.title, citation.publisher, citation.published)
        parts += [Text(), words(f"[{citation.number}] {title}", "bold")]
        header = header_above(citation.passage, citation.quote) if citation.quote else None
        if header:
            parts.append(indented(words(header, "dim"), 4))
        parts.append(indented(words(f"“{citation.quote}”"), 4))
        parts.append(indented(words(citation.article, "dim"), 4))
    for withdrawn in answer.withdrawn:
        parts += [Text(), words(f"Taken back ({withdrawn.why}): {withdrawn.text}", "dim")]
    return parts


def _with_origin(title: str, *origin: str | None) -> str:
    known = ", ".join(part for part in origin if part)
    return f"{title} ({known})" if known else title
