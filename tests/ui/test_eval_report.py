from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from assistant.answer import Answer, AnsweredSentence, Disagreement, Evidence, ModelName, Status, Timings
from assistant.evaluation.measures import EvalReport, measure
from assistant.evaluation.questions import KINDS, Question
from assistant.evaluation.run import Outcome
from index_store.errors import RunError, UsageError
from ui.eval_report import plot, render_table

_GOLD = "the licence of the model is permissive"


def _no_article(path: str) -> str | None:
    return None


def outcome_of(number: int, kind: str) -> Outcome:
    gold = kind != "unanswerable"
    question = Question(
        f"q{number}",
        kind,
        "Why?",
        gold_articles=("a.md",) if gold else (),
        gold_passages=(_GOLD,) if gold else (),
        answer_facts=(("permissive",), ("open",)) if gold else (),
    )
    if number == 3:
        return Outcome(question, None, error="The model file is gone. Fetch it again.")
    status: Status = "answered" if gold else "not_in_library"
    answer = Answer(
        "Why?",
        "Why?",
        status,
        "It is permissive. [1]",
        ModelName("small-1b", None),
        sentences=(AnsweredSentence("It is permissive.", (1,), "supported", 0.9),),
        evidence=(Evidence("a.md", _GOLD, 1.0),),
        disagreements=(Disagreement("size", ()),) if kind == "conflict" else (),
        timings=Timings(10, 100.0 * (number + 1), 12345.0, 0, 2048, 40),
    )
    return Outcome(question, answer)


@pytest.fixture(scope="module")
def report() -> EvalReport:
    outcomes = [outcome_of(number, kind) for number, kind in enumerate([*KINDS, *KINDS, "single"])]
    return measure(outcomes, _no_article)


def _printed(report: EvalReport, width: int = 80) -> list[str]:
    terminal = StringIO()
    Console(width=width, file=terminal, color_system=None).print(render_table(report))
    return terminal.getvalue().splitlines()


def _row(lines: list[str], label: str) -> list[str]:
    (line,) = [line for line in lines if line.strip().startswith(label)]
    return line.strip().removeprefix(label).split()


def test_the_table_fits_into_80_columns_uncut(report: EvalReport) -> None:
    lines = _printed(report)
    assert max(map(len, lines)) <= 80
    assert "…" not in "".join(lines)
    assert [line.rstrip() for line in lines] == [line.rstrip() for line in _printed(report, width=200)]


def test_a_row_gives_all_questions_their_interval_and_each_kind(report: EvalReport) -> None:
    lines = _printed(report)
    assert _row(lines, "questions") == ["11", "3", "2", "2", "2", "2"]
    share, interval, *kinds = _row(lines, "fact recall")
    # Nine answerable questions with two facts each; one failed, the rest found the first fact.
    assert share == "44"
    assert len(interval.split("–")) == 2
    assert kinds == ["50", "50", "50", "25", "·"]


def test_the_table_tells_failures_errors_and_times(report: EvalReport) -> None:
    lines = _printed(report)
    assert _row(lines, "failed") == ["1", "0", "0", "0", "1", "0"]
    assert "q3 failed: The model file is gone. Fetch it again." in [line.strip() for line in lines]
    assert _row(lines, "total, p95 s")[0] == "12.3"
    assert _row(lines, "prompt tokens, median")[0] == "2048"
    assert _row(lines, "disagreements flagged") == ["1", "·", "·", "·", "1", "·"]


def test_only_kinds_that_were_asked_have_a_column() -> None:
    lines = _printed(measure([outcome_of(0, "single")], _no_article))
    assert _row(lines, "questions") == ["1", "1"]
    assert "conflict" not in "".join(lines)


def test_many_failures_are_counted_and_not_all_listed() -> None:
    question = Question("q", "single", "Why?")
    lines = _printed(measure([Outcome(question, None, error="Gone.")] * 9, _no_article))
    assert sum("failed: Gone." in line for line in lines) == 5
    assert "and 4 more failed" in [line.strip() for line in lines]


@pytest.fixture(scope="module")
def small_report() -> EvalReport:
    """A report on one kind of question, which is drawn sooner."""
    return measure([outcome_of(0, "single")], _no_article)


def test_the_plot_has_a_panel_for_each_measure_and_a_row_for_each_kind(
    report: EvalReport, tmp_path: Path
) -> None:
    plot(report, tmp_path / "eval.svg")
    drawn = (tmp_path / "eval.svg").read_text()
    assert drawn.startswith("<?xml")
    for words in ("Retrieval: hit@5", "Taken word for word", "Whole answer, seconds", "all (11)"):
        assert f"<!-- {words} -->" in drawn


@pytest.mark.parametrize(("name", "start"), [("eval.png", b"\x89PNG"), ("e.pdf", b"%PDF")])
def test_the_plot_is_drawn_in_the_form_its_name_says(
    small_report: EvalReport, tmp_path: Path, name: str, start: bytes
) -> None:
    plot(small_report, tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(start)


def test_a_report_without_one_answer_can_be_drawn(tmp_path: Path) -> None:
    question = Question("q", "single", "Why?")
    plot(measure([Outcome(question, None, error="Gone.")], _no_article), tmp_path / "eval.png")
    assert (tmp_path / "eval.png").stat().st_size > 0


def test_a_form_that_cannot_be_drawn_and_a_missing_folder_are_said(
    small_report: EvalReport, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=r"\.doc"):
        plot(small_report, tmp_path / "eval.doc")
    with pytest.raises(RunError, match=r"plot .*cannot be written \(.*\); name a file"):
        plot(small_report, tmp_path / "none" / "eval.png")
