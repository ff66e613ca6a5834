"""footnote bench: speed, beside raw llama.cpp, plain sentence-transformers and LlamaIndex in the same run."""

import resource
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.catalogue import Catalogue
from assistant.evaluation.questions import Question, load_questions
from index_store.errors import RunError, UsageError
from ui.commands.evaluate import QuestionsFile
from ui.commands.session import AsJson, LibraryFolder, Session, open_session, sync_with_progress
from ui.eval_report import check_plot_file
from ui.model_supply import model_files

if TYPE_CHECKING:
    from assistant.benchmark.figures import BenchReport
    from assistant.engine.state_files import StateUsage
    from assistant.llama_writer import LlamaWriter
    from ui.workshop import Workshop

_QUESTIONS, _QUICK_QUESTIONS = 5, 2
_RIVAL_QUESTIONS, _QUICK_RIVAL_QUESTIONS = 5, 1
_TEXTS, _QUICK_TEXTS = 96, 32
_ARTICLES = 1000
_SAMPLE_PASSAGES = 200


def bench(
    questions: QuestionsFile = None,
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Two questions; within three minutes.")] = False,
    plot_file: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draw the figures here (.png, .svg, .pdf).")
    ] = None,
    as_json: AsJson = False,
    library: LibraryFolder = None,
) -> None:
    """Measure the speed, everything side by side."""
    session = open_session(as_json=as_json)
    if questions is None:
        from ui.workshop import STARTER_LIBRARY

        questions = STARTER_LIBRARY / "questions.jsonl"
        library = library or STARTER_LIBRARY / "articles"
    elif library is None:
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
    from assistant.answer import ModelName
    from assistant.benchmark.citation_engine import CitationEngineContender
    from assistant.benchmark.contenders import completion
    from assistant.benchmark.figures import BenchReport, Figure, Spread, at_least, at_most, ratios
    from assistant.benchmark.run import AnswerBench
    from assistant.engine.state_files import StateFiles
    from assistant.llama_writer import LlamaWriter
    from index_store.embedding_rate import embedding_rates
    from ingest.sync_speed import sync_unchanged
    from ui.local_desk import LocalDesk
    from ui.workshop import Workshop

    terminal, settings = session.terminal, session.settings
    with TemporaryDirectory(prefix="footnote-bench-") as folder:
        states = StateFiles(Path(folder) / "states", budget=int(4e9))
        writers: list[LlamaWriter] = []

        def cold_writer(entry: object, file: Path, _: object) -> LlamaWriter:
            name = ModelName(settings.model, workshop.catalogue.writer(settings.model).sha256)
            writers.append(
                LlamaWriter(
                    name,
                    file,
                    context_tokens=settings.context_tokens,
                    threads=settings.threads,
                    states=states,
                )
            )
            return writers[-1]

        workshop = Workshop(
            session.home, settings, folder=library, on_wait=terminal.tell, make_writer=cold_writer
        )
        desk = LocalDesk(workshop)
        try:
            summary = sync_with_progress(desk, terminal)
            report = BenchReport(
                settings.model, settings.embedder, summary.articles, summary.passages, len(questions)
            )
            with terminal.counting("measuring answers") as bar:
                assistant = workshop.assistant()
                writer = writers[0]
                run = AnswerBench(assistant, writer, questions, bar.update)
                reader = writer.plain_reader()
                articles = [
                    stored.article
                    for row in workshop.library.articles()
                    if (stored := workshop.library.store.article(row.key)) is not None
                ]
                rival = CitationEngineContender(
                    articles,
                    workshop.library.embedder,
                    completion(writer, reader),
                    context_tokens=reader.cells,
                )
                run.run(rival, rival_questions=_QUICK_RIVAL_QUESTIONS if quick else _RIVAL_QUESTIONS)
                reader.close()
            report.contenders, report.figures = run.contenders, run.figures
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
            report.figures.append(at_most(3.5, "peak memory, both readers loaded", Spread.of([peak]), "GB"))
            report.notes.append(_whole_library(workshop, writer, states.usage(), run.seconds_a_token))
            with terminal.waiting("measuring embedding and syncing"):
                folder_of_model = workshop.files.path(settings.embedder)
                texts = _passages(workshop)[: _QUICK_TEXTS if quick else _TEXTS]
                rates = embedding_rates(
                    workshop.library.embedder, folder_of_model, texts, rounds=2 if quick else 5
                )
                unchanged = sync_unchanged(Path(folder) / "sync", articles=_ARTICLES)
            report.figures += [
                Figure("plain sentence-transformers", Spread.of(rates.plain), "passages/s"),
                at_least(3.0, "embedding, Footnote to plain", ratios(rates.ours, rates.plain)),
                at_least(0.99, "embedding, mean cosine to plain", Spread.of([rates.cosine])),
                at_most(
                    2.0, f"sync of {_ARTICLES:,} unchanged articles", Spread.of([unchanged.seconds]), "s"
                ),
                at_most(0.0, "passages embedded by that sync", Spread.of([unchanged.embedded])),
            ]
            return report
        finally:
            desk.close()


def _passages(workshop: "Workshop") -> list[str]:
    library = workshop.library
    return [passage.text for row in library.articles() for passage in library.store.passages(row.key)][
        :_SAMPLE_PASSAGES
    ]


def _whole_library(
    workshop: "Workshop", writer: "LlamaWriter", kept: "StateUsage", seconds_a_token: float
) -> str:
    """How long reading all passages ahead would take, and what keeping them needs."""
    from assistant.evidence import source_text

    library = workshop.library
    passages = [passage for row in library.articles() for passage in library.store.passages(row.key)]
    tokens = sum(writer.count_tokens(source_text(passage)) for passage in passages)
    seconds, size = tokens * seconds_a_token, len(passages) * kept.bytes / max(1, kept.files)
    return (
        f"reading all {len(passages)} passages ahead ({tokens:,} tokens) would take "
        f"{seconds / 60:.0f} minutes and {size / 1e9:.1f} GB"
    )
