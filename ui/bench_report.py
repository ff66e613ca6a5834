"""The figures of a benchmark, for the eye: two tables for the terminal, and a plot."""

from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from assistant.benchmark.figures import BenchReport, Contender, Figure, Spread
from index_store.errors import RunError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FIRST, _REST, _INK, _FAINT = "#2A8CC4", "#BFDDEE", "#333333", "#D9D9D9"


def render_bench(report: BenchReport) -> RenderableType:
    """The contenders, then the figures with their goals; the spread in brackets."""
    parts: list[RenderableType] = [
        Text(
            f"{report.model} and {report.embedder}, {report.articles} articles, {report.passages} passages, "
            f"{report.questions} questions; medians (least to greatest)"
        ),
        _contenders(report),
        _figures(report),
    ]
    return Group(*parts, *(Text(note) for note in report.notes))


def plot_bench(report: BenchReport, file: Path) -> None:
    """Draw how long each contender takes, and how far each figure is from its goal. Raises RunError."""
    from matplotlib.figure import Figure as Sheet

    sheet = Sheet(figsize=(9, 7.2), layout="constrained")
    times, goals = sheet.subplots(2, 1, height_ratios=[1, 1.4])
    _draw_times(times, report)
    _draw_goals(goals, [figure for figure in report.figures if figure.goal is not None])
    try:
        sheet.savefig(file, dpi=144)
    except OSError as error:
        raise RunError(f"--plot {str(file)!r}: {error.strerror}; give a file that can be written") from error


def _contenders(report: BenchReport) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    table.add_column("seconds")
    for heading in ("first word", "whole answer", "tokens read", "written"):
        table.add_column(heading, justify="right", no_wrap=True)
    for contender in report.contenders:
        table.add_row(
            contender.name,
            _spread(contender.first, ".2f"),
            _spread(contender.total, ".1f"),
            _spread(contender.prompt_tokens, ".0f"),
            _spread(contender.answer_tokens, ".0f"),
        )
    return table


def _figures(report: BenchReport) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    table.add_column("figure (a ratio unless it has a unit)")
    table.add_column("measured", justify="right", no_wrap=True)
    table.add_column("goal", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for figure in report.figures:
        reached = {True: "reached", False: "missed", None: ""}[figure.reached]
        table.add_row(figure.name, _spread(figure.value, ".2f", figure.unit), _goal(figure), reached)
    return table


def _goal(figure: Figure) -> str:
    if figure.goal is None:
        return ""
    return f"{'at least' if figure.better == 'higher' else 'at most'} {figure.goal:g}"


def _spread(spread: Spread, form: str, unit: str = "") -> str:
    middle = f"{spread.median:{form}}{' ' + unit if unit else ''}"
    if spread.values == 1:
        return middle
    return f"{middle} ({spread.least:{form}} to {spread.greatest:{form}})"


def _draw_times(panel: "Axes", report: BenchReport) -> None:
    shown: list[Contender] = report.contenders
    for row, contender in enumerate(shown):
        first, total = contender.first.median, contender.total.median
        panel.barh(row, total, color=_REST, height=0.6)
        panel.barh(row, first, color=_FIRST, height=0.6)
        panel.plot([contender.first.least, contender.first.greatest], [row, row], color=_INK, linewidth=1.2)
        panel.annotate(f" {first:.1f} s, all {total:.1f} s", (total, row), va="center", size=8.5, color=_INK)
    longest = max((contender.total.median for contender in shown), default=1.0)
    panel.set_xlim(0, longest * 1.25)
    _dress(panel, "Seconds to the first word (dark) and to the end", [one.name for one in shown])


def _draw_goals(panel: "Axes", figures: list[Figure]) -> None:
    for row, figure in enumerate(figures):
        share = _share(figure)
        panel.barh(row, min(share, 3.0), color=_FIRST if figure.reached else "#D55E00", height=0.6)
        text = f" {_spread(figure.value, '.2f', figure.unit)}; goal {_goal(figure)}"
        panel.annotate(text, (min(share, 3.0), row), va="center", size=8, color=_INK)
    panel.axvline(1.0, color=_INK, linewidth=1.0)
    panel.set_xlim(0, 5.2)
    panel.set_xticks([0, 1, 2, 3])
    _dress(
        panel, "How often each goal is reached (right of the line: reached)", [one.name for one in figures]
    )


def _share(figure: Figure) -> float:
    """1 where the goal is just reached, more where it is surpassed."""
    goal, value = figure.goal or 1.0, max(figure.value.median, 1e-9)
    return value / goal if figure.better == "higher" else goal / value


def _dress(panel: "Axes", title: str, labels: list[str]) -> None:
    panel.set_title(title, loc="left", size=10, weight="bold", color=_INK)
    panel.set_yticks(range(len(labels)), labels)
    panel.invert_yaxis()
    panel.tick_params(length=0, labelsize=8.5, labelcolor=_INK)
    panel.grid(axis="x", color=_FAINT, linewidth=0.7)
    panel.set_axisbelow(True)
    panel.spines[:].set_visible(False)
