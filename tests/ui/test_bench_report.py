"""The figures of a benchmark as tables and as a plot."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from assistant.benchmark.figures import BenchReport, Contender, Figure, Spread, Timing, at_least, at_most
from index_store.errors import RunError
from ui.bench_report import plot_bench, render_bench


@pytest.fixture
def report() -> BenchReport:
    made = BenchReport("small-1b", "tiny", 10, 80, 2)
    for name, first in (("Footnote, warm", 0.8), ("LlamaIndex CitationQueryEngine", 21.0)):
        made.contenders.append(Contender.of(name, [Timing(first, first + 4, 860, 60)] * 2))
    made.figures += [
        Figure("plain reading", Spread.of([93.0, 95.0]), "tokens/s"),
        at_least(8.0, "first token, plain to warm", Spread.of([9.0, 9.6])),
        at_most(1.0, "first token, warm", Spread.of([1.4]), "s"),
    ]
    made.notes.append("reading all 80 passages ahead would take 2 minutes and 0.3 GB")
    return made


def test_the_tables_tell_what_was_measured_and_what_was_reached(report: BenchReport) -> None:
    console = Console(file=StringIO(), width=120)
    console.print(render_bench(report))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    lines = {line.partition("  ")[0]: line for line in text.splitlines()}
    assert "0.80 (0.80 to 0.80)" in lines["Footnote, warm"]
    assert "9.30 (9.00 to 9.60)" in lines["first token, plain to warm"]
    assert "reached" in lines["first token, plain to warm"]
    assert "missed" in lines["first token, warm"]
    assert "goal" not in lines["plain reading"]
    assert "2 minutes and 0.3 GB" in text


def test_the_plot_is_drawn(report: BenchReport, tmp_path: Path) -> None:
    file = tmp_path / "bench.png"
    plot_bench(report, file)
    assert file.read_bytes().startswith(b"\x89PNG")


def test_a_plot_that_cannot_be_written_is_told(report: BenchReport, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="--plot"):
        plot_bench(report, tmp_path / "nowhere" / "bench.png")
