"""The figures of an evaluation, for the eye: a table for the terminal and a plot of small multiples."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from assistant.evaluation.measures import EvalReport, Figures, Share
from assistant.evaluation.questions import Kind
from index_store.errors import RunError, UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_KIND_LABELS: dict[Kind, str] = {
    "single": "single",
    "multi": "multi",
    "followup": "follow-up",
    "conflict": "conflict",
    "unanswerable": "unanswerable",
}
# Broken by hand: the table has to fit into 80 columns.
_HEADINGS = _KIND_LABELS | {"followup": "follow-\nup", "unanswerable": "unan-\nswerable"}

SHARE_ROWS: tuple[tuple[tuple[str, str], ...], ...] = (
    (
        ("hit@1", "hit@1"),
        ("hit@5", "hit@5"),
        ("hit@10", "hit@10"),
        ("full_hit@5", "full hit@5"),
        ("full_hit@10", "full hit@10"),
        ("evidence_recall", "evidence recall"),
        ("full_evidence_recall", "full evidence recall"),
    ),
    (
        ("fact_recall", "fact recall"),
        ("fact_recall_per_question", "  mean of questions"),
        ("gold_citations", "gold citations"),
        ("gold_articles_cited", "gold articles cited"),
        ("quotes_verbatim", "quotes verbatim"),
        ("support_estimate", "support, own estimate"),
        ("cited_sentences", "sentences cited"),
        ("word_for_word", "word for word"),
    ),
    (
        ("abstention_accuracy", "abstention accuracy"),
        ("unanswerable_refused", "unanswerable, refused"),
        ("answerable_refused", "answerable, refused ↓"),
    ),
)
"""The shares by section: each with its label."""

SPREAD_ROWS: tuple[tuple[str, Callable[[Figures], float | None], str], ...] = (
    ("first token, median s", lambda figures: figures.first_token_s.median, ".1f"),
    ("first token, p95 s", lambda figures: figures.first_token_s.p95, ".1f"),
    ("total, median s", lambda figures: figures.total_s.median, ".1f"),
    ("total, p95 s", lambda figures: figures.total_s.p95, ".1f"),
    ("prompt tokens, median", lambda figures: figures.prompt_tokens.median, ".0f"),
    ("prompt tokens, max", lambda figures: figures.prompt_tokens.maximum, ".0f"),
)
"""Each measure that is no share: its label, how it is read, and its form."""

_SHARE_PANELS = (
    ("hit@1", "Retrieval: hit@1"),
    ("hit@5", "Retrieval: hit@5"),
    ("hit@10", "Retrieval: hit@10"),
    ("evidence_recall", "Evidence recall"),
    ("fact_recall", "Fact recall"),
    ("gold_citations", "Gold citations"),
    ("gold_articles_cited", "Gold articles cited"),
    ("support_estimate", "Support, own estimate"),
    ("abstention_accuracy", "Abstention accuracy"),
    ("word_for_word", "Taken word for word"),
)
_TIME_PANELS = (("first_token_s", "First token, seconds"), ("total_s", "Whole answer, seconds"))

# After the palette of Okabe and Ito, told apart with any colour vision; position says the rest.
_KIND_COLOUR, _TOTAL_COLOUR, _MEDIAN_COLOUR = "#8CCBEF", "#2A8CC4", "#D55E00"
_INK, _PALE_INK, _FAINT = "#333333", "#767676", "#D9D9D9"

_FAILURES_SHOWN = 5


def render_table(report: EvalReport) -> RenderableType:
    """The figures as a table of 80 columns at most: measures down, all questions and then kinds across."""
    total, kinds = report.total, report.kinds
    table = Table(
        box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold"
    )
    table.add_column("", no_wrap=True)
    table.add_column("all", justify="right", style="bold", no_wrap=True)
    table.add_column("95%", justify="right", style="dim", no_wrap=True)
    for kind in kinds:
        table.add_column(_HEADINGS[kind], justify="right", no_wrap=True)

    table.add_row("questions", str(total.questions), "", *(str(group.questions) for group in kinds.values()))
    if total.failed:
        table.add_row("  failed", str(total.failed), "", *(str(group.failed) for group in kinds.values()))
    for section in SHARE_ROWS:
        table.add_section()
        for name, label in section:
            whole = total.shares[name]
            cells = (percent(group.shares[name].value) for group in kinds.values())
            table.add_row(label, percent(whole.value), _interval(whole), *cells)
    table.add_section()
    flagged = (str(group.disagreements or "·") for group in kinds.values())
    table.add_row("disagreements flagged", str(total.disagreements), "", *flagged)
    table.add_section()
    for label, read, form in SPREAD_ROWS:
        cells = (number(read(group), form) for group in kinds.values())
        table.add_row(label, number(read(total), form), "", *cells)
    return Group(Text(_title(report), style="bold"), Text(), table, Text(), _notes(report))


def check_plot_file(path: Path) -> None:
    """Raise UsageError for a file that `plot` could not draw, before an hour of questions goes into it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    if path.suffix.lstrip(".").lower() not in FigureCanvasAgg.get_supported_filetypes():
        raise UsageError(
            f"plot {str(path)!r}: no {path.suffix!r} file can be drawn; name a .png, .svg or .pdf file"
        )


def plot(report: EvalReport, path: Path) -> None:
    """Draw the figures to a file, its kind told by the suffix (.png, .svg, .pdf).

    Raises UsageError for a suffix that cannot be drawn, RunError when the file cannot be written.
    """
    # Loading matplotlib takes longer than most commands run.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    check_plot_file(path)
    figure = Figure(figsize=(13, 8.2), dpi=130, facecolor="white")
    FigureCanvasAgg(figure)
    panels = figure.subplots(3, 4).ravel()
    for index, (panel, (name, title)) in enumerate(zip(panels, _SHARE_PANELS, strict=False)):
        _draw_shares(panel, report, name)
        _dress(panel, report, title, labelled=index % 4 == 0)
    for panel, (name, title) in zip(panels[len(_SHARE_PANELS) :], _TIME_PANELS, strict=True):
        _draw_seconds(panel, report, name)
        _dress(panel, report, title, labelled=False)
    figure.subplots_adjust(left=0.105, right=0.968, top=0.885, bottom=0.075, wspace=0.22, hspace=0.42)
    figure.text(0.012, 0.965, _title(report), size=13, weight="bold", color=_INK, va="center")
    figure.text(
        0.012,
        0.015,
        "Shares in percent; lines are 95% bootstrap intervals over questions. "
        "Seconds: a dot is a question, the bar their median.",
        size=9,
        color=_INK,
    )
    try:
        figure.savefig(path)
    except OSError as error:
        raise RunError(
            f"plot {str(path)!r}: cannot be written ({error.strerror}); name a file that can be"
        ) from error


def _title(report: EvalReport) -> str:
    questions = f"{report.total.questions} question{'' if report.total.questions == 1 else 's'}"
    return f"{report.model.id}, {questions}" if report.model else questions


def percent(value: float | None) -> str:
    """A share in percent, without decimals; a dot where there is none."""
    return "·" if value is None else f"{100 * value:.0f}"


def number(value: float | None, form: str) -> str:
    """A number in a form; a dot where there is none."""
    return "·" if value is None else format(value, form)


def _interval(share: Share) -> str:
    if share.low is None or share.high is None:
        return ""
    return f"{percent(share.low)}–{percent(share.high)}"


def _notes(report: EvalReport) -> Text:
    lines = [
        "Shares in percent; 95%: bootstrap interval over questions.",
        "↓ lower is better; · nothing to measure.",
    ]
    failures = [(result.id, result.error) for result in report.results if result.error is not None]
    lines += [f"{name} failed: {error}" for name, error in failures[:_FAILURES_SHOWN]]
    if len(failures) > _FAILURES_SHOWN:
        lines.append(f"and {len(failures) - _FAILURES_SHOWN} more failed")
    return Text("\n".join(lines), style="dim")


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a panel: a kind of question, or all of them (kind None)."""

    kind: Kind | None
    label: str
    height: float
    figures: Figures

    @property
    def colour(self) -> str:
        return _KIND_COLOUR if self.kind else _TOTAL_COLOUR


def _rows(report: EvalReport) -> list[_Row]:
    """The lines of a panel from top to bottom: the kinds, then, a little apart, all questions."""
    rows = [
        _Row(kind, f"{_KIND_LABELS[kind]} ({group.questions})", height, group)
        for height, (kind, group) in enumerate(report.kinds.items())
    ]
    return [*rows, _Row(None, f"all ({report.total.questions})", len(rows) + 0.35, report.total)]


def _draw_shares(panel: "Axes", report: EvalReport, name: str) -> None:
    for row in _rows(report):
        share = row.figures.shares[name]
        if share.value is None:
            panel.text(2, row.height, "nothing to measure", size=7.5, color=_PALE_INK, va="center")
            continue
        panel.barh(row.height, 100 * share.value, height=0.64, color=row.colour)
        if share.low is not None and share.high is not None:
            ends = [100 * share.low, 100 * share.high]
            panel.plot(ends, [row.height] * 2, color="black", linewidth=1.4, solid_capstyle="butt")
        _write_value(panel, row, percent(share.value))
    panel.set_xlim(0, 100)
    panel.set_xticks([0, 50, 100])


def _draw_seconds(panel: "Axes", report: EvalReport, name: str) -> None:
    longest = 0.0
    for row in _rows(report):
        read = [getattr(result, name) for result in report.results if row.kind in (None, result.scored_as)]
        seconds = [value for value in read if value is not None]
        if not seconds:
            continue
        longest = max(longest, *seconds)
        # Dots of equal time would hide each other: they fan out in a fixed order.
        lanes = [row.height + 0.24 * ((3 * index) % 7 - 3) / 3 for index in range(len(seconds))]
        panel.scatter(seconds, lanes, s=10, color=_TOTAL_COLOUR, alpha=0.75, linewidths=0)
        middle = median(seconds)
        bar = [row.height - 0.38, row.height + 0.38]
        panel.plot([middle] * 2, bar, color=_MEDIAN_COLOUR, linewidth=2.2)
        _write_value(panel, row, f"{middle:.1f}")
    panel.set_xlim(0, longest * 1.04 or 1)
    panel.locator_params(axis="x", nbins=4)


def _write_value(panel: "Axes", row: _Row, value: str) -> None:
    panel.annotate(
        value,
        (1.115, row.height),
        xycoords=("axes fraction", "data"),
        size=8.5,
        weight="normal" if row.kind else "bold",
        color=_INK,
        ha="right",
        va="center",
    )


def _dress(panel: "Axes", report: EvalReport, title: str, *, labelled: bool) -> None:
    rows = _rows(report)
    panel.set_title(title, loc="left", size=10, weight="bold", color=_INK)
    panel.set_ylim(rows[-1].height + 0.55, -0.55)
    panel.set_yticks([row.height for row in rows], [row.label if labelled else "" for row in rows])
    panel.get_yticklabels()[-1].set_fontweight("bold")
    panel.tick_params(length=0, labelsize=8.5, labelcolor=_INK)
    panel.grid(axis="x", color=_FAINT, linewidth=0.7)
    panel.set_axisbelow(True)
    panel.spines[:].set_visible(False)
