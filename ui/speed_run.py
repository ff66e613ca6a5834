"""One run of the benchmark over a library: answers, embedding and syncing, and what they took."""

import resource
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.benchmark.citation_engine import CitationEngineContender
from assistant.benchmark.contenders import completion
from assistant.benchmark.figures import BenchReport, Figure, Spread, at_least, at_most, ratios
from assistant.benchmark.run import AnswerBench
from assistant.engine.state_files import StateFiles
from assistant.finding.evidence import source_text
from assistant.finding.quote import quotes_of
from assistant.llama_writer import LlamaWriter
from assistant.prompts import ORDERS, judged_text
from index_store.embedding_rate import embedding_rates, plain_seconds
from index_store.passage import Passage
from ingest.article_file import ArticleReader
from ingest.sync_speed import sync_speed
from ui.terminal import Terminal
from ui.workshop import Workshop

_ARTICLES = 1000


@dataclass(frozen=True, slots=True)
class RunSize:
    """How much is measured: questions put to LlamaIndex, and by each of several people; texts to embed."""

    rival_questions: int
    each: int
    texts: int
    rounds: int


WHOLE = RunSize(rival_questions=5, each=2, texts=96, rounds=5)
QUICK = RunSize(rival_questions=1, each=1, texts=32, rounds=2)


class SpeedRun:
    """Measures the assistant of a workshop whose `writer` has no states yet; `scratch` is thrown away."""

    def __init__(self, workshop: Workshop, writer: LlamaWriter, scratch: Path, terminal: Terminal) -> None:
        self._workshop = workshop
        self._writer = writer
        self._scratch = scratch
        self._terminal = terminal

    def measure(self, questions: Sequence[str], report: BenchReport, size: RunSize) -> None:
        """Fill the report: everything, side by side."""
        library = self._workshop.library
        passages = [passage for row in library.articles() for passage in library.store.passages(row.key)]
        run = self._answers(questions, size)
        report.contenders, report.figures = run.contenders, run.figures
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        report.figures.append(at_most(3.5, "peak memory, both readers loaded", Spread.of([peak]), "GB"))
        states = self._workshop.states
        report.notes.append(_whole_library(passages, self._writer, states, run.seconds_a_token))
        with self._terminal.waiting("measuring embedding and syncing"):
            report.figures += self._embedding(passages, size)
            report.figures += self._syncing(size)

    def _answers(self, questions: Sequence[str], size: RunSize) -> AnswerBench:
        library, writer = self._workshop.library, self._writer
        stored = (library.store.article(row.key) for row in library.articles())
        articles = [one.article for one in stored if one is not None]
        with self._terminal.counting("measuring answers") as bar:
            run = AnswerBench(self._workshop.assistant(), writer, questions, bar.update)
            reader = writer.plain_reader()
            try:
                complete = completion(writer, reader)
                rival = CitationEngineContender(
                    articles, library.embedder, complete, context_tokens=reader.cells
                )
                run.run(rival, rival_questions=size.rival_questions, each=size.each)
            finally:
                reader.close()
        return run

    def _embedding(self, passages: Sequence[Passage], size: RunSize) -> list[Figure]:
        folder = self._workshop.files.path(self._workshop.settings.embedder)
        texts = [passage.text for passage in passages[: size.texts]]
        rates = embedding_rates(self._workshop.library.embedder, folder, texts, rounds=size.rounds)
        return [
            Figure("plain sentence-transformers", Spread.of(rates.plain), "passages/s"),
            at_least(3.0, "embedding, Footnote to plain", ratios(rates.ours, rates.plain)),
            at_least(0.99, "embedding, mean cosine to plain", Spread.of([rates.cosine])),
        ]

    def _syncing(self, size: RunSize) -> list[Figure]:
        # As a library is read: in the process that reads for all.
        reader = ArticleReader(all_apart=True)
        speed = sync_speed(self._scratch / "sync", articles=_ARTICLES, reader=reader)
        settings = self._workshop.settings
        folder = self._workshop.files.path(settings.embedder)
        # A part of the passages, from all over, as embedding all would take minutes.
        sample = speed.texts[:: max(1, len(speed.texts) // size.texts)][: size.texts]
        embedding = plain_seconds(settings.embedder, folder, sample) * len(speed.texts) / len(sample)
        many = f"{_ARTICLES:,} articles of 800 words"
        return [
            at_most(
                0.1, f"first sync of {many}, to embedding them plainly", Spread.of([speed.first / embedding])
            ),
            at_most(2.0, "the same again, unchanged", Spread.of([speed.unchanged]), "s"),
            at_most(0.0, "passages embedded by that sync", Spread.of([speed.unchanged_embedded])),
            at_most(1.0, "one of them edited, beside embedding", Spread.of([speed.edited]), "s"),
        ]


def _whole_library(
    passages: Sequence[Passage], writer: LlamaWriter, states: StateFiles, seconds_a_token: float
) -> str:
    """How long reading a whole library ahead would take, and what keeping it needs."""
    texts = [source_text(passage) for passage in passages]
    sentences = [judged_text(quote.text) for passage in passages for quote in quotes_of(passage)]
    size = _bytes_a_token(texts, writer, states)

    def told(many: Sequence[str]) -> str:
        tokens = sum(map(writer.count_tokens, many))
        return f"{tokens * seconds_a_token / 60:.0f} minutes and {tokens * size / 1e9:.1f} GB"

    return (
        f"reading all {len(passages):,} passages ahead would take {told(texts)}; then come, as far as the "
        f"budget goes, the {len(sentences):,} sentences that claims are checked behind: {told(sentences)}"
    )


def _bytes_a_token(texts: Sequence[str], writer: LlamaWriter, states: StateFiles) -> float:
    """What keeping a token takes, by one text that is not kept yet; 0 where all are, or nothing is kept."""
    for text in reversed(texts):
        before = states.usage().bytes
        if writer.prepare(ORDERS, text, stopped=lambda: False):
            return (states.usage().bytes - before) / writer.count_tokens(text)
    return 0.0
