"""footnote eval: asks every question of a file and prints the measures."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from assistant.evaluation.measures import measure
from assistant.evaluation.questions import Question, load_questions
from assistant.evaluation.run import Outcome, evaluate, result_line
from assistant.events import AnswerEvent, AnswerFinished, Turn
from assistant.models.catalogue import Catalogue
from index_store.errors import FootnoteError, RunError, UsageError
from ui.commands.measured_questions import QuestionsFile, or_starter
from ui.commands.session import AsJson, LibraryFolder, open_desk, open_session
from ui.desk import Desk, full_name
from ui.eval_report import check_plot_file, plot, render_table
from ui.model_supply import model_files
from ui.stopped import when_stopped


class DeskAnswers:
    """A desk as something that answers questions."""

    def __init__(self, desk: Desk, model: str | None) -> None:
        self._desk = desk
        self._model = model

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[AnswerEvent]:
        """The answer as its last event alone."""
        yield AnswerFinished(self._desk.ask(question, history=history, model=self._model))


def evaluate_command(
    questions: QuestionsFile = None,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write every answer here, a JSON line each.")
    ] = None,
    plot_file: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draw the measures here (.png, .svg, .pdf).")
    ] = None,
    model: Annotated[str | None, typer.Option("--model", metavar="ID", help="Write with this model.")] = None,
    as_json: AsJson = False,
    library: LibraryFolder = None,
) -> None:
    """Measure the answers to a file of questions."""
    session = open_session(as_json=as_json)
    questions, library = or_starter(questions, library)
    asked = load_questions(questions)
    if plot_file is not None:
        check_plot_file(plot_file)
    # A question that fails is counted and the run goes on; without its model there is no run.
    model_files(session.home, session.settings, Catalogue.load()).path(model or session.settings.model)
    outcomes: list[Outcome] = []
    with _Results(out) as results, open_desk(session, library, measuring=True) as desk:
        with when_stopped(lambda: _kept(out, outcomes, asked)), session.terminal.counting("asking") as bar:
            for outcome in evaluate(asked, DeskAnswers(desk, model), desk.search, bar.update):
                results.add(result_line(outcome))
                outcomes.append(outcome)
        report = measure(outcomes, _texts(desk))
    if plot_file is not None:
        plot(report, plot_file)
    if as_json:
        session.terminal.document(report.to_json())
    else:
        session.terminal.show(render_table(report))
    failed = [outcome for outcome in outcomes if outcome.error]
    if failed:
        raise RunError(f"{len(failed)} of {len(outcomes)} questions failed; the first: {failed[0].error}")


def _kept(out: Path | None, outcomes: list[Outcome], asked: Sequence[Question]) -> str:
    if out is None:
        return "no answer was kept; --out FILE keeps them as they come"
    return f"{out} keeps what came of {len(outcomes)} of {len(asked)} questions"


class _Results:
    """Writes the answers as they come, so that an interrupted run keeps what it has."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def __enter__(self) -> "_Results":
        try:
            self._stream = self._file.open("w", encoding="utf-8") if self._file else None
        except OSError as error:
            raise UsageError(
                f"--out {str(self._file)!r}: {error.strerror}; give a file that can be written"
            ) from error
        return self

    def add(self, line: str) -> None:
        if self._stream is not None:
            self._stream.write(line + "\n")
            self._stream.flush()

    def __exit__(self, *_: object) -> None:
        if self._stream is not None:
            self._stream.close()


def _texts(desk: Desk) -> Callable[[str], str | None]:
    """The text of each article by its path; where several sources hold that path, their texts together."""
    known: dict[str, str | None] = {}

    def text(path: str) -> str | None:
        if path not in known:
            try:
                rows = [row for row in desk.articles() if row.path == path]
                views = [desk.article(full_name(row.source, row.path)) for row in rows]
            except FootnoteError:
                views = []
            known[path] = "\n\n".join(view.stored.article.text for view in views if view) or None
        return known[path]

    return text
