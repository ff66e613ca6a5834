"""The questions that a measuring command asks: a file's, or those that ship with the starter library."""

from pathlib import Path
from typing import Annotated

import typer

QuestionsFile = Annotated[
    Path | None,
    typer.Argument(metavar="QUESTIONS.jsonl", help="Without one: the questions of the starter library."),
]


def or_starter(questions: Path | None, library: Path | None) -> tuple[Path, Path | None]:
    """The file of questions, and the folder that answers them; None where that is the user's own library.

    Without a file they are the starter library's, which then answers unless another folder was named.
    """
    if questions is not None:
        return questions, library
    # What this loads takes longer than the usage of a command.
    from ui.intake import STARTER_LIBRARY

    return STARTER_LIBRARY / "questions.jsonl", library or STARTER_LIBRARY / "articles"
