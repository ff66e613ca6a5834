"""Models side by side, in a table that a terminal holds."""

from io import StringIO

from rich.console import Console
from test_eval_report import outcome_of
from tiny_footnote import CATALOGUE

from assistant.evaluation.measures import measure
from ui.compare_report import render_comparison

MODELS = [CATALOGUE.writer("qwen2.5-coder-1.5b"), CATALOGUE.writer("second-writer")]


def lines(width: int = 80) -> list[str]:
    terminal = StringIO()
    reports = [
        measure([outcome_of(number, kind) for number in range(3, 9) for kind in kinds], lambda _: None)
        for kinds in (("single",), ("single", "unanswerable"))
    ]
    Console(width=width, file=terminal, color_system=None).print(render_comparison(MODELS, reports))
    return terminal.getvalue().splitlines()


def test_each_model_has_a_column_and_the_second_its_difference() -> None:
    shown = lines()
    assert shown[0] == "qwen2.5-coder-1.5b against second-writer, 6 questions"
    facts = next(line for line in shown if line.startswith("fact recall"))
    assert facts.split()[2:5] == ["42", "42", "+0"]
    assert any(line.startswith("licence") for line in shown)


def test_two_models_fit_into_80_columns_and_what_the_search_finds_is_left_out() -> None:
    assert max(map(len, lines())) <= 80
    assert not any(line.startswith("hit@") for line in lines())
