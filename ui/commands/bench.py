"""footnote bench: speed, beside raw llama.cpp, plain sentence-transformers and LlamaIndex in the same run."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.evaluation.questions import Question, load_questions
from assistant.models.catalogue import Catalogue
from index_store.errors import RunError, UsageError
from ui.commands.measured_questions import QuestionsFile, or_starter
from ui.commands.session import AsJson, LibraryFolder, Session, open_session, sync_with_progress
from ui.eval_report import check_plot_file
from ui.model_supply import model_files

if TYPE_CHECKING:
    from assistant.benchmark.figures import BenchReport

_QUESTIONS, _QUICK_QUESTIONS = 5, 1
_STATE_BYTES = 4_000_000_000


def bench(
    questions: QuestionsFile = None,
    *,
    quick: Annotated[bool, typer.Option("--quick", help="One question; within three minutes.")] = False,
    plot_file: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draw the figures here (.png, .svg, .pdf).")
    ] = None,
    as_json: AsJson = False,
    library: LibraryFolder = None,
) -> None:
    """Measure the speed, everything side by side."""
    session = open_session(as_json=as_json)
    questions, library = or_starter(questions, library)
    if library is None:
        raise UsageError("questions without a library; name their folder of articles with --library")
    if not library.expanduser().is_dir():
        raise UsageError(f"library {str(library)!r}: no such folder; give a folder of articles")
    if plot_file is not None:
        check_plot_file(plot_file)
    chosen = _chosen(load_questions(questions), _QUICK_QUESTIONS if quick else _QUESTIONS)
    model_files(session.home, session.settings, Catalogue.load()).path(session.settings.model)
    report = _measured(session, library, [question.question for question in chosen], quick=quick)
    if plot_file is not None:
        from ui.bench_report import plot_bench

        plot_bench(report, plot_file)
    if as_json:
        session.terminal.document(report.to_json())
    else:
        from ui.bench_report import render_bench

        session.terminal.show(render_bench(report))


def _chosen(questions: Sequence[Question], number: int) -> list[Question]:
    """Questions that one article answers, from all over the file."""
    single = [question for question in questions if question.kind == "single"]
    if len(single) < number:
        raise RunError(f"{len(single)} questions of the kind single; the benchmark needs {number}")
    return single[:: max(1, len(single) // number)][:number]


def _measured(session: Session, library: Path, questions: list[str], *, quick: bool) -> "BenchReport":
    # All of these load large libraries: a wrong flag should not have to wait for them.
    from assistant.benchmark.figures import BenchReport
    from assistant.engine.state_files import StateFiles
    from assistant.llama_writer import LlamaWriter
    from ui.local_desk import LocalDesk
    from ui.speed_run import QUICK, WHOLE, SpeedRun
    from ui.workshop import Workshop

    terminal, settings = session.terminal, session.settings
    with TemporaryDirectory(prefix="footnote-bench-") as folder:
        states = StateFiles(Path(folder) / "states", budget=_STATE_BYTES)
        workshop = Workshop(session.home, settings, folder=library, on_wait=terminal.tell, states=states)
        desk = LocalDesk(workshop)
        try:
            summary = sync_with_progress(desk, terminal)
            report = BenchReport(
                settings.model, settings.embedder, summary.articles, summary.passages, len(questions)
            )
            writer = workshop.writer()
            if not isinstance(writer, LlamaWriter):
                raise RunError(
                    f"model {settings.model!r} does not run in this process; measure one that does"
                )
            SpeedRun(workshop, writer, Path(folder), terminal).measure(
                questions, report, QUICK if quick else WHOLE
            )
            return report
        finally:
            desk.close()
