"""footnote compare: the same questions to several models, side by side."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.evaluation.comparison import differences
from assistant.evaluation.measures import EvalReport, measure
from assistant.evaluation.questions import Question, load_questions
from assistant.evaluation.run import Outcome, evaluate, result_line
from assistant.models.catalogue import Catalogue
from index_store.errors import RunError, UsageError
from ui.commands.measured_answers import AnswersFile, DeskAnswers, article_texts
from ui.commands.measured_questions import QuestionsFile, or_starter
from ui.commands.session import AsJson, LibraryFolder, Session, open_desk, open_session
from ui.compare_report import render_comparison
from ui.model_supply import model_files
from ui.stopped import when_stopped


def compare(
    questions: QuestionsFile = None,
    *,
    models: Annotated[
        str, typer.Option("--models", metavar="A,B", help="The models, by their ids; differences are to A.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write every answer here, a JSON line each.")
    ] = None,
    as_json: AsJson = False,
    library: LibraryFolder = None,
) -> None:
    """Ask several models the same, side by side."""
    session = open_session(as_json=as_json)
    ids = _several(models)
    questions, library = or_starter(questions, library)
    asked = load_questions(questions)
    catalogue = Catalogue.load()
    files = model_files(session.home, session.settings, catalogue)
    entries = [catalogue.writer(id) for id in ids]
    for entry in entries:
        files.path(entry.id)
    with AnswersFile(out) as answers:
        reports = [_measured(session, asked, id, library, answers, of=len(asked) * len(ids)) for id in ids]
    if as_json:
        session.terminal.document(_document(ids, reports))
    else:
        session.terminal.show(render_comparison(entries, reports))
    failed = sum(report.total.failed for report in reports)
    if failed:
        first = next(one.error for report in reports for one in report.results if one.error)
        raise RunError(f"{failed} of {len(asked) * len(ids)} questions failed; the first: {first}")


def _several(models: str) -> list[str]:
    ids = list(dict.fromkeys(id.strip() for id in models.split(",") if id.strip()))
    if len(ids) < 2:
        raise UsageError(f"--models {models!r}: name two models or more, as in --models qwen3-4b,gemma-4-e4b")
    return ids


def _measured(
    session: Session,
    asked: tuple[Question, ...],
    id: str,
    library: Path | None,
    answers: AnswersFile,
    *,
    of: int,
) -> EvalReport:
    """One model's report. Each has a desk of its own: two at once may be more than the memory holds."""
    outcomes: list[Outcome] = []
    with open_desk(session, library, measuring=True) as desk:
        with (
            when_stopped(lambda: answers.kept(of)),
            session.terminal.counting(f"asking {id}") as bar,
        ):
            for outcome in evaluate(asked, DeskAnswers(desk, id), desk.search, bar.update):
                answers.add(json.dumps({"model": id, **json.loads(result_line(outcome))}, ensure_ascii=False))
                outcomes.append(outcome)
        return measure(outcomes, article_texts(desk))


def _document(ids: list[str], reports: list[EvalReport]) -> dict[str, Any]:
    """Each model's report, and how each but the first differs from the first."""
    first, *others = reports
    return {
        "models": [{"id": id, **report.to_json()} for id, report in zip(ids, reports, strict=True)],
        "differences": [
            {
                "model": id,
                "against": ids[0],
                "shares": {name: asdict(one) for name, one in differences(first, report).items()},
            }
            for id, report in zip(ids[1:], others, strict=True)
        ],
    }
