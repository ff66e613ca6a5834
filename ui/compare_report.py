"""Several models' figures side by side, for the terminal: each measure, and what differs from the first."""

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from assistant.evaluation.comparison import Difference, differences
from assistant.evaluation.measures import EvalReport
from assistant.models.catalogue import ModelEntry
from ui.eval_report import SHARE_ROWS, SPREAD_ROWS, number, percent

# What the model that writes has no part in is the same for all.
_OF_THE_SEARCH = frozenset({"hit@1", "hit@5", "hit@10", "full_hit@5", "full_hit@10"})


def render_comparison(models: Sequence[ModelEntry], reports: Sequence[EvalReport]) -> RenderableType:
    """Measures down, models across; behind each model but the first how far it is from the first."""
    ids = [model.id for model in models]
    first, *others = reports
    compared = [differences(first, report) for report in others]
    table = Table(
        box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold"
    )
    table.add_column("", no_wrap=True)
    table.add_column(ids[0], justify="right")
    for id in ids[1:]:
        table.add_column(id, justify="right")
        table.add_column("difference, 95%", justify="right", no_wrap=True)
    for label, words in (
        ("licence", [model.licence for model in models]),
        ("vendor", [f"{model.vendor}, {model.country}" for model in models]),
    ):
        table.add_row(label, words[0], *(cell for word in words[1:] for cell in (word, "")))
    for section in SHARE_ROWS:
        table.add_section()
        for name, label in section:
            if name in _OF_THE_SEARCH:
                continue
            cells = [percent(first.total.shares[name].value)]
            for report, difference in zip(others, compared, strict=True):
                cells += [percent(report.total.shares[name].value), _told(difference[name])]
            table.add_row(label, *cells)
    table.add_section()
    for label, read, form in SPREAD_ROWS:
        cells = [number(read(first.total), form)]
        for report in others:
            cells += [number(read(report.total), form), ""]
        table.add_row(label, *cells)
    questions = f"{first.total.questions} question{'' if first.total.questions == 1 else 's'}"
    return Group(Text(f"{' against '.join(ids)}, {questions}", style="bold"), Text(), table, Text(), _notes())


def _told(difference: Difference) -> str:
    if difference.value is None:
        return "·"
    if difference.low is None or difference.high is None:
        return f"{100 * difference.value:+.0f}"
    star = "*" if difference.is_telling else ""
    return (
        f"{star}{100 * difference.value:+.0f} ({100 * difference.low:+.0f} to {100 * difference.high:+.0f})"
    )


def _notes() -> Text:
    return Text(
        "Shares in percent; differences in points, to the first model, with their bootstrap interval over\n"
        "the same questions. * the interval lies on one side of nought; the others may well be chance.\n"
        "↓ lower is better; · nothing to measure.",
        style="dim",
    )
