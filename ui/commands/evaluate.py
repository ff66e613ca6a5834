"""footnote eval: asks every question of a file and prints the measures."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.evaluation.measures import measure
from assistant.evaluation.questions import load_questions
from assistant.evaluation.run import Outcome, evaluate, result_line
from assistant.models.catalogue import Catalogue
from index_store.errors import RunError
from ui.commands.measured_answers import AnswersFile, DeskAnswers, article_texts
from ui.commands.measured_questions import QuestionsFile, or_starter
from ui.commands.session import AsJson, LibraryFolder, open_desk, open_session
from ui.eval_report import check_plot_file, plot, render_table
from ui.model_supply import model_files
from ui.stopped import when_stopped


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
    with AnswersFile(out) as answers, open_desk(session, library, measuring=True) as desk:
        with (
            when_stopped(lambda: answers.kept(len(asked))),
            session.terminal.counting("asking") as bar,
        ):
            for outcome in evaluate(asked, DeskAnswers(desk, model), desk.search, bar.update):
                answers.add(result_line(outcome))
                outcomes.append(outcome)
        report = measure(outcomes, article_texts(desk))
    if plot_file is not None:
        plot(report, plot_file)
    if as_json:
        session.terminal.document(report.to_json())
    else:
        session.terminal.show(render_table(report))
    failed = [outcome for outcome in outcomes if outcome.error]
    if failed:
        raise RunError(f"{len(failed)} of {len(outcomes)} questions failed; the first: {failed[0].error}")
